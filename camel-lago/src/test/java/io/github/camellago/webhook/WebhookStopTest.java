package io.github.camellago.webhook;

import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.webhook.WebhookComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Holds the first webhooks. Others pass until the stop begins. */
    private void hold() throws InterruptedException {
        if (inside.getCount() > 0) {
            inside.countDown();
            proceed.await(60, TimeUnit.SECONDS);
        }
    }

    private List<CompletableFuture<Integer>> inFlight() throws Exception {
        onWebhook(r -> r.process(exchange -> hold()).delay(1).process(exchange -> completed.incrementAndGet()));
        return inFlight(URI.create(hook()));
    }

    private List<CompletableFuture<Integer>> inFlight(URI hook) throws Exception {
        List<CompletableFuture<Integer>> answers = IntStream.range(0, WEBHOOKS)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> status(hook), threads)).toList();
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
        return answers;
    }

    @Test
    void answersWebhooksInFlight() throws Exception {
        List<CompletableFuture<Integer>> answers = inFlight();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(context::stop);
        await().until(() -> status(URI.create(hook())) == 503);
        proceed.countDown();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(200));
        stop.get(60, TimeUnit.SECONDS);
        assertThat(completed).hasValueGreaterThanOrEqualTo(WEBHOOKS);
    }

    /** These servers close their connections as soon as their route stops. */
    @ParameterizedTest
    @ValueSource(strings = {"jetty", "undertow"})
    void answersWebhooksInFlightOnTheServerOfARoute(String component) throws Exception {
        assumeRuns(component);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        URI hook = URI.create("http://localhost:" + port + "/hook");
        try (CamelContext stopped = new DefaultCamelContext()) {
            stopped.addComponent("lago", component(stopped, sandbox));
            stopped.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    restConfiguration().component(component).host("localhost").port(port);
                    from("webhook:lago:webhooks?webhookComponentName=" + component + "&webhookPath=/hook&webhookExternalUrl="
                            + hook.resolve("/")).process(exchange -> hold()).delay(1)
                            .process(exchange -> completed.incrementAndGet());
                }
            });
            stopped.start();
            List<CompletableFuture<Integer>> answers = inFlight(hook);
            CompletableFuture<Void> stop = CompletableFuture.runAsync(stopped::stop);
            await().until(() -> status(hook) == 503);
            proceed.countDown();

            assertThat(answers).allSatisfy(answer -> assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(200));
            stop.get(60, TimeUnit.SECONDS);
            assertThat(completed).hasValueGreaterThanOrEqualTo(WEBHOOKS);
        }
    }

    private static int status(URI hook) {
        try {
            return post(hook, invoice.getBytes(StandardCharsets.UTF_8), signed("jwt", invoice)).statusCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
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
