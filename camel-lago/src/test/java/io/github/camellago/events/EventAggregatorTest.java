package io.github.camellago.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.LagoTransportException;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultExchange;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** With {@code batchInterval}, events of different messages are sent in batches. A message completes when its event is delivered, unless {@code acknowledge=received}. */
class EventAggregatorTest extends RouteTestSupport {

    private static final String GATHER = "lago:events?batchInterval=1h";

    @Test
    void eventsThatArriveWhileABatchIsInFlightFormTheNextBatch() throws Exception {
        slowFirstBatch();
        CompletableFuture<Exchange> first = async(GATHER, event("t-0"));
        await().until(() -> sandbox.eventCount() == 1);

        List<CompletableFuture<Exchange>> others = IntStream.range(1, 250).mapToObj(i -> async(GATHER, event("t-" + i)))
                .toList();

        assertThat(first.get(60, TimeUnit.SECONDS).getException()).isNull();
        for (CompletableFuture<Exchange> other : others) {
            assertThat(other.get(60, TimeUnit.SECONDS).getException()).isNull();
        }
        assertThat(sandbox.events()).hasSize(250);
        assertThat(batchSizes()).startsWith(1).hasSizeLessThan(50);
    }

    /** It would otherwise send one event per interval. */
    @Test
    void aSourceThatWaitsForEachIsNotSlowedDown() throws Exception {
        for (int i = 0; i < 20; i++) {
            sent(GATHER, event("t-" + i));
        }

        assertThat(sandbox.eventCount()).isEqualTo(20);
        assertThat(batchSizes()).hasSize(20).containsOnly(1);
    }

    @Test
    void noEventWaitsLongerThanTheInterval() throws Exception {
        sandbox.faults().on("POST", "/events/batch").nth(1).delay(Duration.ofSeconds(4));
        String uri = "lago:events?batchInterval=50ms";
        CompletableFuture<Exchange> slow = async(uri, event("t-0"));
        await().until(() -> sandbox.eventCount() == 1);

        assertThat(async(uri, event("t-1")).get(60, TimeUnit.SECONDS).getException()).isNull();

        assertThat(slow).isNotDone();
        assertThat(sandbox.eventCount()).isEqualTo(2);
    }

    @Test
    void aRejectedEventFailsItsOwnMessageOnly() throws Exception {
        slowFirstBatch();
        async(GATHER, event("t-0"));
        await().until(() -> sandbox.eventCount() == 1);

        CompletableFuture<Exchange> good = async(GATHER, event("t-1"));
        CompletableFuture<Exchange> bad = async(GATHER, Map.of("external_subscription_id", "sub-1"));
        CompletableFuture<Exchange> alsoGood = async(GATHER, "{\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\"}");

        assertThat(good.get(60, TimeUnit.SECONDS).getException()).isNull();
        assertThat(alsoGood.get(60, TimeUnit.SECONDS).getException()).isNull();
        assertThat(bad.get(60, TimeUnit.SECONDS).getException()).isInstanceOf(LagoEventsRejectedException.class)
                .hasMessageContaining("1 of 1 events were rejected").hasMessageContaining("code: value_is_mandatory");
        assertThat(sandbox.eventCount()).isEqualTo(3);
    }

    @Test
    void aRejectedEventIsReportedInItsOwnMessage() throws Exception {
        String uri = GATHER + "&onRejected=report";

        Exchange good = sent(uri, event("t-1"));
        assertThat(good.getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 1L)
                .containsEntry("CamelLagoEventsDuplicate", 0L).containsEntry("CamelLagoEventsRejected", 0L)
                .containsEntry("CamelHttpResponseCode", 200).doesNotContainKey("CamelLagoOperation");
        assertThat(good.getMessage().getBody(LagoEventsReport.class).accepted()).isEqualTo(1);
        Exchange bad = sent(uri, Map.of("external_subscription_id", "sub-1"));

        assertThat(bad.getMessage().getHeader("CamelLagoEventsRejected")).isEqualTo(1L);
        assertThat(bad.getMessage().getBody(LagoEventsReport.class).rejected()).singleElement()
                .satisfies(r -> assertThat(r.reasons()).containsKey("code"));
    }

    @Test
    void aDuplicateIsReportedInItsOwnMessage() throws Exception {
        sent("lago:events", event("t-1"));
        slowFirstBatch();
        async(GATHER, event("t-0"));
        await().until(() -> sandbox.eventCount() == 2);

        CompletableFuture<Exchange> fresh = async(GATHER, event("t-2"));
        CompletableFuture<Exchange> duplicate = async(GATHER, event("t-1"));

        assertThat(fresh.get(60, TimeUnit.SECONDS).getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 1L)
                .containsEntry("CamelLagoEventsDuplicate", 0L);
        assertThat(duplicate.get(60, TimeUnit.SECONDS).getMessage().getHeaders())
                .containsEntry("CamelLagoEventsAccepted", 0L).containsEntry("CamelLagoEventsDuplicate", 1L);
        assertThat(sandbox.eventCount()).isEqualTo(3);
    }

    @Test
    void aRedeliverySendsTheSameEventAgain() throws Exception {
        sandbox.faults().on("POST", "/events/batch").nth(1).dropAfter();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:gather").errorHandler(defaultErrorHandler().maximumRedeliveries(2).redeliveryDelay(10))
                        .to("lago:events?batchInterval=30s&maxRetries=0");
            }
        });

        sent("direct:gather", "{\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\"}");

        assertThat(sandbox.requestCount()).isEqualTo(2);
        assertThat(sandbox.eventCount()).isEqualTo(1);
    }

    @Test
    void aFailedBatchFailsItsMessages() {
        sandbox.faults().onAny().dropBefore();

        assertThat(send("lago:events?batchInterval=30s&maxRetries=0", event("t-1")).getException())
                .isInstanceOf(LagoTransportException.class);
    }

    @Test
    void sendsTheListOfAMessageAsABatch() throws Exception {
        Exchange exchange = sent(GATHER, List.of(event("t-1"), event("t-2")));

        assertThat(exchange.getMessage().getHeader("CamelLagoEventsAccepted")).isEqualTo(2L);
    }

    @Test
    void sendsReceivedEventsByCountAndByTime() throws Exception {
        for (int i = 0; i < 250; i++) {
            sent("lago:events?acknowledge=received&batchInterval=3s", event("t-" + i));
        }

        await().until(() -> sandbox.eventCount() == 250);
        await().untilAsserted(() -> assertThat(batchSizes()).containsExactlyInAnyOrder(100, 100, 50));
    }

    @Test
    void retriesReceivedEventsUntilLagoHasThem() throws Exception {
        sandbox.faults().on("POST", "/events/batch").times(2).status(503);
        sandbox.faults().on("POST", "/events/batch").nth(3).dropAfter();
        for (int i = 0; i < 20; i++) {
            sent("lago:events?acknowledge=received&batchInterval=100ms&maxRetries=0&maxRetryDelay=50",
                    Map.of("external_subscription_id", "sub-1", "code", "api_calls"));
        }

        await().until(() -> sandbox.statusCount(422) == 1 && sandbox.eventCount() == 20);
        assertThat(sandbox.statusCount(503)).isEqualTo(2);
        assertThat(sandbox.statusCount(0)).isEqualTo(1);
    }

    /** A log may be on a full disk. */
    @Test
    void aLogThatFailsLosesNoEvent() throws Exception {
        sandbox.faults().on("POST", "/events/batch").times(2).status(503);
        sandbox.faults().on("POST", "/events/batch").nth(3)
                .status(422).body("{\"status\":422,\"error\":\"Unprocessable Entity\",\"code\":\"validation_errors\","
                        + "\"error_details\":{\"0\":{\"code\":[\"no\"]},\"1\":{\"code\":[\"no\"]}}}");
        Logger log = (Logger) LogManager.getRootLogger();
        AbstractAppender full = new AbstractAppender("full", null, null, false, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                if (event.getLoggerName().equals(EventAggregator.class.getName())) {
                    throw new IllegalStateException("the disk is full");
                }
            }
        };
        full.start();
        log.addAppender(full);
        try {
            for (int i = 0; i < 20; i++) {
                sent("lago:events?acknowledge=received&batchInterval=100ms&maxRetries=0&maxRetryDelay=50", event("t-" + i));
            }
            await().dontCatchUncaughtExceptions().until(() -> sandbox.eventCount() == 18);
        } finally {
            log.removeAppender(full);
        }
    }

    @Test
    void sendsReceivedEventsOnStop() throws Exception {
        for (int i = 0; i < 730; i++) {
            sent("lago:events?acknowledge=received&batchInterval=1h&concurrentBatches=1", event("t-" + i));
        }

        context.stop();

        assertThat(sandbox.eventCount()).isEqualTo(730);
    }

    @Test
    void sendsReceivedEventsWhenTheRouteStops() throws Exception {
        route("direct:gather", "lago:events?acknowledge=received&batchInterval=1h");
        for (int i = 0; i < 30; i++) {
            sent("direct:gather", event("t-" + i));
        }

        context.getRouteController().stopRoute(context.getRoutes().get(0).getRouteId());

        assertThat(sandbox.eventCount()).isEqualTo(30);
    }

    /** As Camel does with an endpoint that {@code toD} no longer needs, maybe while its producer stops. */
    @Test
    void sendsReceivedEventsWhenTheEndpointStops() throws Exception {
        Endpoint endpoint = context.getEndpoint("lago:events?acknowledge=received&batchInterval=1h");
        AsyncProducer producer = endpoint.createAsyncProducer();
        producer.start();
        assertThat(processed(producer, event("t-1")).getException()).isNull();

        endpoint.stop();

        assertThat(sandbox.eventCount()).isEqualTo(1);
        AsyncProducer late = endpoint.createAsyncProducer();
        late.start();
        assertThat(processed(late, event("t-2")).getException()).isInstanceOf(LagoTransportException.class);
        late.stop();
        producer.stop();
    }

    @Test
    void completesTheMessagesOfLostBatchesSideBySide() throws Exception {
        sandbox.faults().on("POST", "/events/batch").times(3).dropBefore();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:slow").errorHandler(defaultErrorHandler().maximumRedeliveries(5).redeliveryDelay(1_000))
                        .to("lago:events?batchInterval=200&maxRetries=0");
            }
        });
        long start = System.nanoTime();

        List<CompletableFuture<Exchange>> messages = IntStream.range(0, 100)
                .mapToObj(i -> async("direct:slow", event("t-" + i)))
                .toList();

        for (CompletableFuture<Exchange> message : messages) {
            assertThat(message.get(60, TimeUnit.SECONDS).getException()).isNull();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
        assertThat(sandbox.eventCount()).isEqualTo(100);
    }

    @Test
    void aSlowNextStepDoesNotHoldUpOtherMessages() throws Exception {
        CountDownLatch all = new CountDownLatch(20);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:next").to("lago:events?batchInterval=100&concurrentBatches=1").process(e -> {
                    all.countDown();
                    assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
                });
            }
        });

        for (CompletableFuture<Exchange> message : IntStream.range(0, 20).mapToObj(i -> async("direct:next", event("t-" + i)))
                .toList()) {
            assertThat(message.get(60, TimeUnit.SECONDS).getException()).isNull();
        }
    }

    @Test
    void messagesThatWaitHoldNoThreads() throws Exception {
        sandbox.faults().on("POST", "/events/batch").times(4).delay(Duration.ofSeconds(3));
        AsyncProducer producer = context.getEndpoint(GATHER).createAsyncProducer();
        producer.start();

        List<CompletableFuture<Exchange>> messages = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Exchange exchange = new DefaultExchange(context);
            exchange.getMessage().setBody(event("t-" + i));
            messages.add(producer.processAsync(exchange));
        }
        assertThat(Thread.getAllStackTraces().keySet()).filteredOn(thread -> thread.getName().contains("LagoEvent"))
                .hasSizeLessThan(20);

        for (CompletableFuture<Exchange> message : messages) {
            assertThat(message.get(60, TimeUnit.SECONDS).getException()).isNull();
        }
        assertThat(sandbox.events()).hasSize(1_000);
        producer.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "received"})
    void aStopTakesTheShutdownTimeout(String acknowledge) throws Exception {
        context.getShutdownStrategy().setTimeout(3);
        sandbox.faults().on("POST", "/events/batch").delay(Duration.ofSeconds(20));
        route("direct:stop", "lago:events?batchInterval=50&maxRetries=100&acknowledge=" + acknowledge);
        IntStream.range(0, 20).forEach(i -> async("direct:stop", event("t-" + i)));
        await().until(() -> sandbox.requestCount() > 0);
        long start = System.nanoTime();

        context.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void aStopOfSeveralProducersTakesTheShutdownTimeoutOnce() throws Exception {
        context.getShutdownStrategy().setTimeout(3);
        sandbox.faults().on("POST", "/events/batch").delay(Duration.ofSeconds(60));
        for (int i = 0; i < 5; i++) {
            route("direct:stop" + i, "lago:events?batchInterval=5" + i + "&maxRetries=100&acknowledge=received");
            async("direct:stop" + i, event("t-" + i));
        }
        await().until(() -> sandbox.requestCount() == 5);
        long start = System.nanoTime();

        context.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "received"})
    void failsMessagesWhileItIsStopped(String acknowledge) throws Exception {
        AsyncProducer producer = context
                .getEndpoint("lago:events?concurrentBatches=1&batchInterval=1&acknowledge=" + acknowledge)
                .createAsyncProducer();
        producer.start();
        producer.stop();

        assertThat(processed(producer, event("t-1")).getException()).isInstanceOfSatisfying(LagoTransportException.class,
                e -> assertThat(e.mayHaveBeenProcessed()).isFalse());

        producer.start();
        assertThat(processed(producer, event("t-2")).getException()).isNull();
        await().until(() -> sandbox.eventCount() == 1);
    }

    private Exchange processed(AsyncProducer producer, Object event) throws Exception {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(event);
        return producer.processAsync(exchange).get(60, TimeUnit.SECONDS);
    }

    private void slowFirstBatch() {
        sandbox.faults().on("POST", "/events/batch").nth(1).delay(Duration.ofMillis(700));
    }

    private CompletableFuture<Exchange> async(String uri, Object body) {
        return template.asyncSend(uri, exchange -> exchange.getMessage().setBody(body));
    }

    private List<Integer> batchSizes() {
        List<Integer> sizes = new ArrayList<>();
        sandbox.requests().forEach(r -> {
            try {
                sizes.add(new ObjectMapper().readTree(r.body()).path("events").size());
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        });
        return sizes;
    }
}
