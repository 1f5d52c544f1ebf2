package io.github.camellago.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultUnitOfWork;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How long a stop waits for webhooks. */
class WebhooksInFlightTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final WebhooksInFlight webhooks = new WebhooksInFlight(context);

    @BeforeEach
    void start() {
        webhooks.start();
    }

    @AfterEach
    void close() throws IOException {
        webhooks.stop();
        context.close();
    }

    private Exchange webhook() throws Exception {
        Exchange exchange = new DefaultExchange(context);
        exchange.getExchangeExtension().setUnitOfWork(new DefaultUnitOfWork(exchange));
        return exchange;
    }

    private void stopping() {
        for (LifecycleStrategy strategy : context.getLifecycleStrategies()) {
            strategy.onContextStopping(context);
        }
    }

    /** Lago waits for 30 seconds, and so would a stop. */
    private void stopsAtOnce() throws Exception {
        CompletableFuture.runAsync(this::stopping).get(25, TimeUnit.SECONDS);
    }

    @Test
    void aStopWaitsUntilAllAreAnswered() throws Exception {
        Exchange first = webhook();
        Exchange second = webhook();
        assertThat(webhooks.add(first)).isTrue();
        assertThat(webhooks.add(second)).isTrue();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(this::stopping);

        first.getUnitOfWork().done(first);
        // longer than a server may take to send an answer
        await().during(Duration.ofMillis(1_500)).until(() -> !stop.isDone());
        second.getUnitOfWork().done(second);

        stop.get(25, TimeUnit.SECONDS);
        assertThat(webhooks.add(webhook())).isFalse();
    }

    /** Jetty and Undertow write the answer after the exchange is done. */
    @Test
    void aStopGivesTheServerTimeToSendTheAnswer() throws Exception {
        Exchange exchange = webhook();
        webhooks.add(exchange);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(this::stopping);
        await().until(() -> !webhooks.add(exchange));
        long done = System.nanoTime();

        exchange.getUnitOfWork().done(exchange);

        stop.get(25, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - done)).isGreaterThan(Duration.ofMillis(500));
    }

    @Test
    void aStopWaitsNoLongerThanTheShutdownTimeout() throws Exception {
        context.getShutdownStrategy().setTimeout(1);
        webhooks.add(webhook());
        long start = System.nanoTime();

        stopping();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        webhooks.add(webhook());
        Thread.currentThread().interrupt();

        stopping();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void webhooksAreProcessedAgainAfterARestart() throws Exception {
        stopping();
        assertThat(webhooks.add(webhook())).isFalse();
        webhooks.stop();
        webhooks.start();

        assertThat(webhooks.add(webhook())).isTrue();
    }

    @Test
    void aStoppedRouteHoldsUpNoStop() throws Exception {
        webhooks.add(webhook());
        webhooks.stop();

        stopsAtOnce();

        assertThat(webhooks.add(webhook())).isTrue();
    }

    @Test
    void anExchangeWithoutUnitOfWorkIsNotWaitedFor() throws Exception {
        assertThat(webhooks.add(new DefaultExchange(context))).isTrue();

        stopsAtOnce();
    }

    /** What the route gives to another exchange does not take the webhook's end along. */
    @Test
    void theEndIsNotHandedToAnotherExchange() throws Exception {
        Exchange exchange = webhook();
        webhooks.add(exchange);
        exchange.getUnitOfWork().handoverSynchronization(webhook());

        exchange.getUnitOfWork().done(exchange);

        stopsAtOnce();
    }
}
