package io.github.camellago.webhook;

import java.io.File;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.webhook.WebhookComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.processor.idempotent.FileIdempotentRepository;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A redelivered webhook is processed again only if it was not completed. */
class WebhookRepeatsTest extends WebhookTestSupport {

    private static final String REPOSITORY = "idempotentRepository=#done";

    @TempDir
    Path directory;

    private final IdempotentRepository done = MemoryIdempotentRepository.memoryIdempotentRepository(1000);

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getRegistry().bind("done", done);
        return context;
    }

    private int send(Map<String, Object> headers) throws Exception {
        return post(invoice, headers).statusCode();
    }

    @Test
    void dropsARepeatedWebhook() throws Exception {
        onWebhook(r -> r.to("mock:in"), REPOSITORY);
        Map<String, Object> first = signed("jwt", invoice);
        assertThat(send(first)).isEqualTo(200);
        assertThat(send(first)).isEqualTo(200);
        assertThat(send(signed("jwt", invoice))).isEqualTo(200);
        assertThat(mock("in").getExchanges()).hasSize(2);
    }

    @Test
    void processesAFailedWebhookAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        onWebhook(r -> r.process(e -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("try " + tries);
            }
        }).to("mock:in"), REPOSITORY);
        Map<String, Object> headers = signed("jwt", invoice);
        assertThat(send(headers)).isEqualTo(500);
        assertThat(send(headers)).isEqualTo(500);
        assertThat(send(headers)).isEqualTo(200);
        assertThat(send(headers)).isEqualTo(200);
        assertThat(tries).hasValue(3);
    }

    /** All the way: Lago sends, the route fails twice, and the third of Lago's three attempts goes through. */
    @Test
    void lagoRedeliversAFailedWebhook() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        onWebhook(r -> r.process(e -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("try " + tries);
            }
        }).to("mock:in"), REPOSITORY);
        MockEndpoint in = mock("in");
        in.expectedMessageCount(1);
        sandbox.sendWebhook("invoice.created", "invoice", Map.of("lago_id", "inv-1"));
        in.assertIsSatisfied();
        assertThat(tries).hasValue(3);
    }

    @Test
    void withoutARepositoryNothingIsDropped() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        Map<String, Object> headers = signed("jwt", invoice);
        send(headers);
        send(headers);
        assertThat(mock("in").getExchanges()).hasSize(2);
    }

    @Test
    void aForgeryDoesNotUseUpAKey() throws Exception {
        onWebhook(r -> r.to("mock:in"), REPOSITORY);
        Map<String, Object> headers = signed("jwt", invoice);
        assertThat(post(invoice + " ", headers).statusCode()).isEqualTo(401);
        assertThat(send(headers)).isEqualTo(200);
        assertThat(mock("in").getExchanges()).hasSize(1);
    }

    @Test
    void answers503WhileTheSameWebhookIsInFlight() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        onWebhook(r -> r.process(e -> {
            inside.countDown();
            go.await(20, TimeUnit.SECONDS);
        }).to("mock:in"), REPOSITORY);
        Map<String, Object> headers = signed("jwt", invoice);
        CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(() -> {
            try {
                return post(invoice, headers);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(send(headers)).as("while the first is in flight").isEqualTo(503);
        go.countDown();

        assertThat(first.get().statusCode()).isEqualTo(200);
        assertThat(send(headers)).as("after it").isEqualTo(200);
        assertThat(mock("in").getExchanges()).hasSize(1);
    }

    @Test
    void processesOneOfManyConcurrentCopies() throws Exception {
        onWebhook(r -> r.to("mock:in"), REPOSITORY);
        Map<String, Object> headers = signed("jwt", invoice);
        var answers = java.util.stream.IntStream.range(0, 40).mapToObj(i -> CompletableFuture.supplyAsync(() -> {
            try {
                return send(headers);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        })).toList();
        assertThat(answers).allSatisfy(a -> assertThat(a.get()).isIn(200, 503)).anySatisfy(
                a -> assertThat(a.get()).isEqualTo(200));
        assertThat(mock("in").getExchanges()).hasSize(1);
    }

    @Test
    void aStoredRepositoryDropsRepeatsAfterARestart() throws Exception {
        assumeOfThisRelease(WebhookComponent.class);
        File file = directory.resolve("keys").toFile();
        context.getRegistry().bind("file", FileIdempotentRepository.fileIdempotentRepository(file));
        onWebhook(r -> r.to("mock:in"), "idempotentRepository=#file");
        Map<String, Object> headers = signed("jwt", invoice);
        send(headers);
        assertThat(mock("in").getExchanges()).hasSize(1);
        context.getRouteController().stopRoute("hook");
        context.removeRoute("hook");

        context.getRegistry().bind("next", FileIdempotentRepository.fileIdempotentRepository(file));
        onWebhook(r -> r.to("mock:next"), "idempotentRepository=#next");
        assertThat(send(headers)).isEqualTo(200);
        assertThat(send(signed("jwt", invoice))).isEqualTo(200);
        assertThat(mock("next").getExchanges()).hasSize(1);
    }

    /** A repository that cannot be asked may not cost a webhook. */
    @Test
    void aRepositoryThatFailsIsAFailureToBeTriedAgain() throws Exception {
        context.getRegistry().bind("broken", new MemoryIdempotentRepository() {
            @Override
            public boolean contains(String key) {
                throw new IllegalStateException("no database");
            }
        });
        onWebhook(r -> r.to("mock:in"), "idempotentRepository=#broken");
        Map<String, Object> headers = signed("jwt", invoice);
        assertThat(send(headers)).isEqualTo(500);
        assertThat(send(headers)).isEqualTo(500);
        assertThat(mock("in").getExchanges()).isEmpty();
    }

    /** Lago waits for 30 seconds. What takes longer is stored first, and handled after Lago has its answer. */
    @Test
    void aSlowRouteStoresFirst() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        String inbox = "file:" + directory.resolve("inbox") + "?recursive=true&initialDelay=0&delay=50";
        RouteBuilder slow = new RouteBuilder() {
            @Override
            public void configure() {
                from(inbox).routeId("slow").process(e -> {
                    begun.incrementAndGet();
                    never.await();
                }).to("mock:slow");
            }
        };
        onWebhook(r -> r.to("file:" + directory.resolve("inbox")
                + "?fileName=${header.CamelLagoWebhookType}/${header.CamelLagoWebhookUniqueKey}.json&fileExist=Ignore"),
                "bodyType=JSON");
        route(slow);
        Map<String, Object> headers = signed("jwt", invoice);

        assertThat(send(headers)).as("answered while the work is still to be done").isEqualTo(200);
        assertThat(send(headers)).as("again").isEqualTo(200);
        await().until(() -> begun.get() == 1);

        // a crash: the work is interrupted
        context.getShutdownStrategy().setTimeout(1);
        context.stop();
        Path stored = directory.resolve("inbox/invoice.created/" + headers.get("X-Lago-Unique-Key") + ".json");
        assertThat(stored).exists().content().contains("\"lago_id\":\"inv-1\"");

        // the next run does the work
        try (CamelContext next = new DefaultCamelContext()) {
            next.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(inbox).convertBodyTo(String.class).to("mock:next");
                }
            });
            MockEndpoint done = next.getEndpoint("mock:next", MockEndpoint.class);
            done.expectedMessageCount(1);
            next.start();
            done.assertIsSatisfied();
            assertThat(done.getExchanges().get(0).getMessage().getHeader("CamelFileName", String.class))
                    .startsWith("invoice.created");
        }
    }
}
