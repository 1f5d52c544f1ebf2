package io.github.camellago.webhook;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.apache.camel.component.webhook.WebhookComponent;
import org.apache.camel.support.service.ServiceSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A graceful stop, as in every deployment. */
class WebhookStopTest extends WebhookTestSupport {

    private static final int WEBHOOKS = 10;

    private final CountDownLatch inside = new CountDownLatch(WEBHOOKS);
    private final AtomicInteger completed = new AtomicInteger();
    private final CountDownLatch proceed = new CountDownLatch(1);

    private final ExecutorService threads = Executors.newFixedThreadPool(WEBHOOKS);

    @AfterEach
    void stopThreads() {
        proceed.countDown();
        threads.shutdown();
    }

    private List<CompletableFuture<Integer>> inFlight() throws Exception {
        onWebhook(r -> r.process(exchange -> {
            inside.countDown();
            proceed.await(60, TimeUnit.SECONDS);
        }).delay(1).process(exchange -> completed.incrementAndGet()));
        List<CompletableFuture<Integer>> answers = IntStream.range(0, WEBHOOKS)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return post(invoice, signed("jwt", invoice)).statusCode();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }, threads)).toList();
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
        return answers;
    }

    @Test
    void answersWebhooksInFlight() throws Exception {
        List<CompletableFuture<Integer>> answers = inFlight();
        ServiceSupport consumer = (ServiceSupport) context.getRoute("hook").getConsumer();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(context::stop);
        await().until(consumer::isStopped);
        proceed.countDown();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(200));
        stop.get(60, TimeUnit.SECONDS);
        assertThat(completed).hasValue(WEBHOOKS);
    }

    @Test
    void answersWebhooksInFlightOfARouteThatStops() throws Exception {
        assumeOfThisRelease(WebhookComponent.class);
        List<CompletableFuture<Integer>> answers = inFlight();
        ServiceSupport consumer = (ServiceSupport) context.getRoute("hook").getConsumer();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> {
            try {
                context.getRouteController().stopRoute("hook");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(consumer::isStopped);
        proceed.countDown();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(200));
        stop.get(60, TimeUnit.SECONDS);

        context.getRouteController().startRoute("hook");
        assertThat(post(invoice, signed("jwt", invoice)).statusCode()).isEqualTo(200);
    }
}
