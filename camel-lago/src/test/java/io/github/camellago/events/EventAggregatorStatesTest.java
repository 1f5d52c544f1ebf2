package io.github.camellago.events;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.camellago.Acknowledge;
import io.github.camellago.LogCapture;
import io.github.camellago.OnRejected;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.apache.logging.log4j.Level;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** When batches of several messages are sent, and what becomes of the messages. */
class EventAggregatorStatesTest extends EventAggregatorTestSupport {

    @Test
    void anEventGoesAtOnceIfNoBatchIsInFlight() throws Exception {
        start(Acknowledge.DELIVERED);
        Sent sent = send(event("a"));
        assertThat(sent.atOnce()).isFalse();
        inFlight(1);
        assertThat(sent.done()).isNotDone();

        permits.release();

        assertThat(sent.get().getMessage().getBody(LagoEventsReport.class).accepted()).isEqualTo(1);
        assertThat(sent.exchange().getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 1L)
                .containsEntry("CamelLagoEventsDuplicate", 0L).containsEntry("CamelLagoEventsRejected", 0L)
                .containsEntry("CamelHttpResponseCode", 200).containsEntry("CamelLagoResource", "events");
        assertThat(requests).containsExactly(List.of("a"));
        assertThat(checked).containsExactly(true);
    }

    @Test
    void eventsThatWaitGoInOneBatchWhenTheLastOneHasEnded() throws Exception {
        options.setBatchInterval(TimeUnit.HOURS.toMillis(1));
        options.setConcurrentBatches(1);
        start(Acknowledge.DELIVERED);
        sendAll("a");
        inFlight(1);
        List<Sent> others = sendAll("b", "c");
        staysInFlight(1);

        permits.release(2);

        others.get(0).get();
        others.get(1).get();
        assertThat(requests).containsExactly(List.of("a"), List.of("b", "c"));
    }

    /** The next event of the first message waits for those of the others, which send none. */
    @Test
    void anEventIsSentWhenTheOtherMessagesHaveCompleted() throws Exception {
        options.setBatchInterval(TimeUnit.HOURS.toMillis(1));
        options.setBatchSize(10);
        options.setConcurrentBatches(1);
        start(Acknowledge.DELIVERED);
        for (int i = 0; i < 100; i++) {
            String number = String.valueOf(i);
            CompletableFuture<Sent> next = new CompletableFuture<>();
            sendAll("a" + number);
            send(event("b" + number)).done().thenRun(() -> next.complete(send(event("next" + number))));
            sendAll("c" + number, "d" + number, "e" + number);

            permits.release(3);

            assertThat(next.get(30, TimeUnit.SECONDS).get().getException()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadPoolRejectedPolicy.class)
    void theThreadPoolsOfTheContextMayHaveNoQueue(ThreadPoolRejectedPolicy policy) throws Exception {
        ThreadPoolProfile profile = context.getExecutorServiceManager().getDefaultThreadPoolProfile();
        profile.setMaxQueueSize(0);
        profile.setRejectedPolicy(policy);
        options.setConcurrentBatches(1);
        start(Acknowledge.DELIVERED);
        List<Sent> sent = new ArrayList<>(sendAll("a"));
        inFlight(1);
        sent.addAll(sendAll("b", "c", "d", "e"));

        permits.release(3);

        for (Sent each : sent) {
            assertThat(each.get().getException()).isNull();
        }
    }

    @Test
    void aFullBatchGoesWhileAnotherIsInFlight() throws Exception {
        start(Acknowledge.RECEIVED);
        sendAll("a", "b", "c", "d", "e");
        staysInFlight(1);
        sendAll("f");
        inFlight(2);

        permits.release(2);

        await().until(() -> requests.size() == 2);
        assertThat(requests).containsExactlyInAnyOrder(List.of("a", "b", "c"), List.of("d", "e", "f"));
    }

    @Test
    void noMoreBatchesAreInFlightThanAllowed() throws Exception {
        start(Acknowledge.DELIVERED);
        List<Sent> sent = sendAll("a", "b", "c", "d", "e", "f", "g");
        pass(10 * INTERVAL);
        staysInFlight(2);

        permits.release(1);
        inFlight(2);
        permits.release(10);

        sent.forEach(each -> assertThat(each.done()).succeedsWithin(Duration.ofSeconds(30)));
    }

    @Test
    void anEventWaitsForTheIntervalAndNoLonger() throws Exception {
        start(Acknowledge.RECEIVED);
        sendAll("a");
        pass(INTERVAL - 5);
        sendAll("b");
        pass(4);
        staysInFlight(0);

        pass(1);

        inFlight(1);
        permits.release();
        await().until(() -> requests.contains(List.of("a", "b")));
    }

    @Test
    void anEventThatWaitsForABatchInFlightDoesNotWaitLongerThanTheInterval() throws Exception {
        options.setConcurrentBatches(1);
        start(Acknowledge.RECEIVED);
        sendAll("a", "b", "c", "d");
        inFlight(1);
        permits.release();
        await().until(() -> requests.size() == 1);
        staysInFlight(0);

        pass(INTERVAL);

        permits.release();
        await().until(() -> requests.contains(List.of("d")));
    }

    @Test
    void aMessageThatIsReceivedCompletesAtOnce() throws Exception {
        start(Acknowledge.RECEIVED);
        Sent sent = send(event("a"));

        assertThat(sent.atOnce()).isTrue();
        assertThat(sent.done()).isDone();
        assertThat(sent.exchange().getException()).isNull();
        pass(INTERVAL);
        permits.release();
        await().until(() -> requests.size() == 1);
    }

    @Test
    void aMessageThatIsReceivedTwiceIsTwoEvents() throws Exception {
        options.setBatchSize(2);
        start(Acknowledge.RECEIVED);
        permits.release(10);
        Exchange exchange = new DefaultExchange(context);
        for (int i = 0; i < 2; i++) {
            exchange.getMessage().setBody(Map.of("code", "c", "external_subscription_id", "s"));
            assertThat(aggregator.process(exchange, sync -> {})).isTrue();
        }

        await().until(() -> requests.size() == 1);
        assertThat(requests.get(0)).doesNotHaveDuplicates().hasSize(2);
    }

    @Test
    void aMessageThatIsDeliveredTwiceIsTwoEvents() throws Exception {
        start(Acknowledge.DELIVERED);
        permits.release(10);
        Exchange exchange = new DefaultExchange(context);
        for (int i = 0; i < 2; i++) {
            exchange.getMessage().setBody(Map.of("code", "c", "external_subscription_id", "s"));
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            aggregator.process(exchange, done::complete);
            assertThat(done.get(30, TimeUnit.SECONDS)).as("synchronous").isFalse();
        }

        assertThat(requests.get(0)).isNotEqualTo(requests.get(1));
    }

    @Test
    void moreEventsThanTenBatchesAreHeldUntilTheyAreDelivered() throws Exception {
        options.setBatchSize(2);
        options.setConcurrentBatches(1);
        start(Acknowledge.RECEIVED);
        sendAll("first", "second");
        inFlight(1);
        for (int i = 0; i < 20; i++) {
            assertThat(send(event("e" + i)).atOnce()).as("event %d", i).isTrue();
        }

        Sent held = send(event("held"));

        assertThat(held.atOnce()).isFalse();
        permits.release(12);
        pass(INTERVAL);
        assertThat(held.get().getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 1L);
        assertThat(requests).hasSize(12);
    }

    @Test
    void receivedEventsThatAreNotDeliveredAreTriedAgainInTheirOrderAfterAPause() throws Exception {
        start(Acknowledge.RECEIVED);
        deliveryFailure = new IllegalStateException("down");
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            sendAll("a", "b", "c");
            permits.release();
            await().untilAsserted(() -> assertThat(log.lines()).singleElement(InstanceOfAssertFactories.STRING)
                    .contains("3 events are not delivered so far. They are tried again in 50 ms: down"));
        }
        deliveryFailure = null;
        sendAll("d");
        pass(PAUSE - 1);
        staysInFlight(0);

        pass(1);

        inFlight(2);
        permits.release(2);
        await().until(() -> requests.size() == 2);
        assertThat(requests).containsExactlyInAnyOrder(List.of("a", "b", "c"), List.of("d"));
    }

    @Test
    void messagesOfABatchThatFailsHaveTheEventsAsTheyWereSent() throws Exception {
        start(Acknowledge.DELIVERED);
        deliveryFailure = new IllegalStateException("down");
        Sent sent = send(Map.of("code", "c", "external_subscription_id", "s"));
        permits.release();

        assertThat(sent.get().getException()).isSameAs(deliveryFailure);
        assertThat(sent.exchange().getMessage().getBody()).asString().contains("transaction_id", "timestamp");
    }

    @Test
    void anErrorWhileABatchIsSentFailsItsMessages() throws Exception {
        start(Acknowledge.DELIVERED);
        deliveryFailure = new NoClassDefFoundError("gone");
        List<Sent> sent = sendAll("a");
        permits.release();

        assertThat(sent.get(0).get().getException()).isInstanceOf(IllegalStateException.class).hasCause(deliveryFailure)
                .hasMessage("Sending events failed: " + deliveryFailure);
        deliveryFailure = null;
        permits.release();
        assertThat(send(event("b")).get().getException()).isNull();
    }

    @ParameterizedTest
    @EnumSource(OnRejected.class)
    void aRejectedEventIsTheResultOfItsOwnMessage(OnRejected onRejected) throws Exception {
        options.setOnRejected(onRejected);
        options.setConcurrentBatches(1);
        lago = ids -> ids.contains("b") ? refused("{\"" + ids.indexOf("b") + "\":{\"code\":[\"bad\"]}}") : stored(ids);
        start(Acknowledge.DELIVERED);
        sendAll("first");
        inFlight(1);
        List<Sent> sent = sendAll("a", "b", "c");
        permits.release(2);

        assertThat(sent.get(0).get().getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 1L);
        assertThat(sent.get(2).get().getException()).isNull();
        Exchange rejected = sent.get(1).get();
        assertThat(rejected.getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 0L)
                .containsEntry("CamelLagoEventsRejected", 1L).containsEntry("CamelHttpResponseCode", 422);
        assertThat(rejected.getMessage().getBody(LagoEventsReport.class).rejected()).singleElement().satisfies(event -> {
            assertThat(event.index()).isZero();
            assertThat(event.event()).isEqualTo(event("b"));
        });
        if (onRejected == OnRejected.FAIL) {
            assertThat(rejected.getException()).isInstanceOf(LagoEventsRejectedException.class);
        } else {
            assertThat(rejected.getException()).isNull();
        }
    }

    @Test
    void aKnownEventIsADuplicate() throws Exception {
        lago = ids -> refused("{\"0\":{\"transaction_id\":[\"value_already_exist\"]}}");
        start(Acknowledge.DELIVERED);
        permits.release();

        assertThat(send(event("a")).get().getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 0L)
                .containsEntry("CamelLagoEventsDuplicate", 1L);
    }

    @Test
    void aRejectedEventWhoseMessageHasCompletedIsLogged() throws Exception {
        lago = ids -> refused("{\"0\":{\"code\":[\"bad\"]}}");
        start(Acknowledge.RECEIVED);
        try (LogCapture log = LogCapture.from(Level.ERROR)) {
            sendAll("a");
            pass(INTERVAL);
            permits.release();

            await().untilAsserted(() -> assertThat(log.lines()).singleElement(InstanceOfAssertFactories.STRING)
                    .contains("Lago rejected an event", "code: bad", "\"transaction_id\":\"a\""));
        }
        assertThat(requests).hasSize(1);
    }

    @Test
    void otherMessagesAreSentAlone() throws Exception {
        start(Acknowledge.DELIVERED);
        Iterator<Object> iterator = List.<Object>of(event("a")).iterator();

        assertThat(send(List.of(event("a"))).atOnce()).isTrue();
        send(new ByteArrayInputStream("[{\"code\":\"c\"}]".getBytes(StandardCharsets.UTF_8)));
        send(Stream.of(event("a")));
        send(iterator);
        send(null);
        send(event("a"), "reconcile");
        send(Map.of("code", "c", "no", "field"));

        assertThat(sentAlone).hasSize(7);
        assertThat(iterator).hasNext();
        assertThat(sentAlone.get(1).getMessage().getBody(String.class)).as("read before").isEqualTo("[{\"code\":\"c\"}]");
        assertThat(requests).isEmpty();
        permits.release(2);
        send(event("b"), "create").get();
        send("{\"transaction_id\":\"t\",\"code\":\"c\",\"external_subscription_id\":\"s\"}").get();
        assertThat(requests).containsExactly(List.of("b"), List.of("t"));
    }

    @Test
    void aMessageThatCannotBeSentAloneFails() throws Exception {
        start(Acknowledge.RECEIVED);
        senderFailure = new IllegalArgumentException("no");

        Sent sent = send(List.of());

        assertThat(sent.atOnce()).isTrue();
        assertThat(sent.done()).isDone();
        assertThat(sent.exchange().getException()).isSameAs(senderFailure);
    }
}
