package io.github.camellago.events;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.camellago.Acknowledge;
import io.github.camellago.LogCapture;
import io.github.camellago.api.LagoTransportException;
import org.apache.logging.log4j.Level;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a stop does with events that are not delivered. */
class EventAggregatorStopTest extends EventAggregatorTestSupport {

    @Test
    void aStopSendsWhatWaitsAndFailsWhatComesLater() throws Exception {
        options.setBatchInterval(TimeUnit.HOURS.toMillis(1));
        start(Acknowledge.RECEIVED);
        sendAll("a", "b");
        CompletableFuture<Void> stop = CompletableFuture.runAsync(aggregator::stop);
        inFlight(1);
        assertThat(stop).isNotDone();

        permits.release();

        stop.get(30, TimeUnit.SECONDS);
        assertThat(requests).containsExactly(List.of("a", "b"));
        Sent late = send(event("c"));
        assertThat(late.exchange().getException()).isInstanceOfSatisfying(LagoTransportException.class,
                e -> assertThat(e.mayHaveBeenProcessed()).isFalse());
        assertThat(late.done()).isDone();
        aggregator.start();
        permits.release(1);
        assertThat(sender.isStarted()).isTrue();
        assertThat(send(event("d")).exchange().getException()).isNull();
        pass(TimeUnit.HOURS.toMillis(1));
        aggregator.stop();
        assertThat(sender.isStopped()).isTrue();
        await().until(() -> requests.size() == 2);
    }

    @Test
    void aStopOfTheContextSendsWhatWaits() throws Exception {
        start(Acknowledge.RECEIVED);
        sendAll("a");
        permits.release();

        CompletableFuture.runAsync(() -> List.copyOf(context.getLifecycleStrategies())
                .forEach(strategy -> strategy.onContextStopping(context))).get(30, TimeUnit.SECONDS);

        assertThat(requests).containsExactly(List.of("a"));
        permits.release(2);
        Sent held = send(event("b"));
        assertThat(held.atOnce()).as("received").isFalse();
        assertThat(held.get().getException()).isNull();
        aggregator.stop();
        aggregator.start();
        assertThat(send(event("c")).atOnce()).isTrue();
    }

    @Test
    void aStopDoesNotWaitForMessagesThatWait() throws Exception {
        start(Acknowledge.DELIVERED);
        Sent sent = send(event("a"));
        inFlight(1);

        CompletableFuture.runAsync(() -> List.copyOf(context.getLifecycleStrategies())
                .forEach(strategy -> strategy.onContextStopping(context))).get(20, TimeUnit.SECONDS);
        assertThat(sent.done()).isNotDone();
        permits.release();

        assertThat(sent.get().getException()).isNull();
    }

    @Test
    void messagesThatWaitFailWhenTheTimeOfTheStopIsOver() throws Exception {
        start(Acknowledge.DELIVERED);
        Sent sent = send(event("a"));
        inFlight(1);
        List.copyOf(context.getLifecycleStrategies()).forEach(strategy -> strategy.onContextStopping(context));
        assertThat(sent.done()).isNotDone();

        pass(TimeUnit.SECONDS.toMillis(30));
        List.copyOf(context.getLifecycleStrategies()).forEach(strategy -> strategy.onContextStopping(context));

        assertThat(sent.get().getException()).isInstanceOf(LagoTransportException.class);
    }

    @Test
    void anInterruptEndsTheStopAndStaysPending() throws Exception {
        start(Acknowledge.RECEIVED);
        sendAll("a");
        try (LogCapture log = LogCapture.from(Level.ERROR)) {
            boolean interrupted = CompletableFuture.supplyAsync(() -> {
                Thread.currentThread().interrupt();
                aggregator.stop();
                return Thread.interrupted();
            }).get(60, TimeUnit.SECONDS);

            assertThat(interrupted).isTrue();
            assertThat(log.lines()).singleElement(InstanceOfAssertFactories.STRING)
                    .contains("An event was not delivered before the stop");
        }
    }

    @Test
    void aStopEndsItsThreads() throws Exception {
        start(Acknowledge.DELIVERED);
        permits.release();
        send(event("a")).get();

        aggregator.stop();

        threadsEnd("LagoEvent");
    }

    private void threadsEnd(String kind) {
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .noneMatch(name -> name.contains('(' + context.getName() + ')') && name.contains(kind)));
    }

    @Test
    void aStopFailsMessagesInFlight() throws Exception {
        options.setConcurrentBatches(1);
        start(Acknowledge.DELIVERED);
        List<Sent> sent = sendAll("a", "b");
        inFlight(1);

        CompletableFuture.runAsync(aggregator::stop).get(20, TimeUnit.SECONDS);

        for (Sent each : sent) {
            assertThat(each.get().getException()).isInstanceOfSatisfying(LagoTransportException.class,
                    e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
        }
    }

    @Test
    void aStopFailsWhatIsLeftAfterTheShutdownTimeout() throws Exception {
        context.getShutdownStrategy().setTimeout(1);
        options.setBatchSize(1);
        options.setConcurrentBatches(1);
        start(Acknowledge.RECEIVED);
        sendAll("a", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        Sent held = send(event("held"));
        inFlight(1);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(aggregator::stop);
        await().during(Duration.ofMillis(300)).until(() -> !stop.isDone() && !held.done().isDone());

        pass(1_000);

        stop.get(30, TimeUnit.SECONDS);
        assertThat(held.get().getException()).isInstanceOfSatisfying(LagoTransportException.class,
                e -> assertThat(e.mayHaveBeenProcessed()).isTrue());

        aggregator.start();
        sendAll("new");
        inFlight(2);
        permits.release(2);
        await().until(() -> requests.contains(List.of("new")));
        assertThat(requests).doesNotContain(List.of("1"));
    }

    @Test
    void anEventThatAStopHasLoggedIsNotTriedAgainAfterARestart() throws Exception {
        start(Acknowledge.RECEIVED);
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            sendAll("a", "b", "c");
            inFlight(1);
            CompletableFuture.runAsync(() -> {
                Thread.currentThread().interrupt();
                aggregator.stop();
                Thread.interrupted();
            }).get(60, TimeUnit.SECONDS);
            aggregator.start();
            deliveryFailure = new IllegalStateException("down");
            permits.release();
            threadsEnd("LagoEventAggregator");

            assertThat(log.lines()).hasSize(3).allMatch(line -> line.contains("An event was not delivered before the stop"));
        }
    }

    /** A route that is changed while it runs may use a producer too early. */
    @Test
    void aMessageBeforeTheStartFailsOnce() throws Exception {
        prepare(Acknowledge.DELIVERED);

        Sent early = send(event("a"));

        assertThat(early.get().getException()).isInstanceOf(LagoTransportException.class);
        aggregator.start();
        aggregator.stop();
        assertThat(requests).isEmpty();
    }

    @Test
    void aMessageBeforeTheStartFailsIfItsReferencesAreNotKnown() throws Exception {
        try (References unknown = new References(context, options, client, now::get)) {
            references = unknown;
            prepare(Acknowledge.DELIVERED);

            assertThat(send(event("a")).get().getException()).isInstanceOf(LagoTransportException.class);
            aggregator.start();
        }
    }

    @Test
    void aProducerThatIsStoppedBeforeItsStartCanBeStarted() throws Exception {
        prepare(Acknowledge.DELIVERED);
        aggregator.stop();
        aggregator.start();
        permits.release();

        assertThat(send(event("a")).get().getException()).isNull();
    }

    @Test
    void aBatchThatFailsDuringTheStopIsLogged() throws Exception {
        start(Acknowledge.RECEIVED);
        sendAll("a");
        deliveryFailure = new IllegalStateException("down");
        permits.release();
        try (LogCapture log = LogCapture.from(Level.ERROR)) {
            CompletableFuture.runAsync(aggregator::stop).get(30, TimeUnit.SECONDS);

            assertThat(log.lines()).singleElement(InstanceOfAssertFactories.STRING)
                    .contains("An event was not delivered before the stop", "down", "\"transaction_id\":\"a\"");
        }
    }
}
