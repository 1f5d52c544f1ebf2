package io.github.camellago.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpServer;
import io.github.camellago.LagoComponent;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoCall;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.LagoObserver;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.RateLimits;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** All endpoints of a context share what one API key may ask of one host. The tests compare counts, not times. */
class RateBudgetTest extends RouteTestSupport {

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.addComponent("billing", component(context, sandbox));
        return context;
    }

    @Test
    void eventsRespect500RequestsPerSecond() throws Exception {
        sandbox.rateLimits(RateLimits.cloud());
        List<CompletableFuture<Exchange>> messages = IntStream.range(0, 3)
                .mapToObj(m -> template.asyncSend(
                        (m == 0 ? "billing" : "lago") + ":events?batchSize=1&concurrentBatches=" + (4 + m),
                        e -> e.getMessage().setBody(IntStream.range(0, 500).mapToObj(i -> event(m + "-" + i)).iterator())))
                .toList();

        for (CompletableFuture<Exchange> message : messages) {
            assertThat(message.get(60, TimeUnit.SECONDS).getMessage().getBody(LagoEventsReport.class).accepted())
                    .isEqualTo(500);
        }
        assertThat(sandbox.eventCount()).isEqualTo(1_500);
        fewerThanOneInAHundredMetTheLimit(1_500);
    }

    @Test
    void otherCallsRespect50RequestsPerSecond() throws Exception {
        sandbox.rateLimits(RateLimits.cloud());
        sandbox.add("customers", Map.of("external_id", "acme"));
        List<String> uris = List.of("lago:customers?operation=list", "lago:customers?operation=get&id=acme",
                "billing:plans?operation=list", "billing:customers?operation=list&perPage=1");

        List<CompletableFuture<Void>> callers = uris.stream().map(uri -> CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 40; i++) {
                assertThat(send(uri, null).getException()).isNull();
            }
        })).toList();

        for (CompletableFuture<Void> caller : callers) {
            caller.get(60, TimeUnit.SECONDS);
        }
        fewerThanOneInAHundredMetTheLimit(160);
    }

    @Test
    void doesNotLimitCallsToAServerWithoutLimits() throws Exception {
        AtomicInteger waits = new AtomicInteger();
        context.getComponent("lago", LagoComponent.class).setObserver(new LagoObserver() {
            @Override
            public void waited(LagoCall call, Duration wait) {
                waits.incrementAndGet();
            }
        });
        sent("lago:events?batchSize=1", IntStream.range(0, 1_000).mapToObj(i -> event("t-" + i)).toList());

        assertThat(sandbox.requestCount()).isEqualTo(1_000);
        assertThat(waits).hasValue(0);
    }

    @Test
    void respectsALimitWithoutHeaders() throws Exception {
        try (LagoSandbox silent = LagoSandbox.builder().rateLimits(RateLimits.perSecond(10, 10, 10).silent()).start()) {
            Exchange exchange = sent("lago:events?batchSize=1&maxRetries=10&retryDelay=300&baseUrl=" + silent.baseUrl()
                    + "&apiKey=" + silent.apiKey(), IntStream.range(0, 30).mapToObj(i -> event("t-" + i)).toList());

            assertThat(exchange.getMessage().getHeader("CamelLagoEventsAccepted")).isEqualTo(30L);
            assertThat(silent.statusCount(429)).isPositive();
        }
    }

    @Test
    void respectsWindowsThatBeginWithTheirFirstRequest() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        server.setExecutor(threads);
        long[] window = {0, 0};
        server.createContext("/", request -> {
            request.getRequestBody().readAllBytes();
            boolean passes;
            synchronized (window) {
                long now = System.nanoTime();
                if (window[1] == 0 || now - window[0] >= 1_000_000_000L) {
                    window[0] = now;
                    window[1] = 0;
                }
                passes = ++window[1] <= 20;
                request.getResponseHeaders().set("X-RateLimit-Limit", "20");
                request.getResponseHeaders().set("X-RateLimit-Remaining", String.valueOf(Math.max(0, 20 - window[1])));
                request.getResponseHeaders().set("X-RateLimit-Reset", "1");
            }
            if (!passes) {
                refused.incrementAndGet();
            }
            byte[] answer = "{\"events\":[{}]}".getBytes(StandardCharsets.US_ASCII);
            request.getResponseHeaders().set("Content-Type", "application/json");
            request.sendResponseHeaders(passes ? 200 : 429, answer.length);
            request.getResponseBody().write(answer);
            request.close();
        });
        server.start();
        try {
            sent("lago:events?batchSize=1&concurrentBatches=8&baseUrl=http://localhost:" + server.getAddress().getPort(),
                    IntStream.range(0, 120).mapToObj(i -> event("t-" + i)).toList());
        } finally {
            server.stop(0);
            threads.shutdown();
        }
        assertThat(refused).hasValueLessThanOrEqualTo(1);
    }

    @Test
    void readsAResetThatIsATime() throws Exception {
        sandbox.faults().on("GET", "/plans").times(1).status(429).header("X-RateLimit-Limit", "50")
                .header("X-RateLimit-Remaining", "0")
                .header("X-RateLimit-Reset", String.valueOf(System.currentTimeMillis() / 1000 + 1));

        sent("lago:plans?operation=list", null);

        assertThat(sandbox.requestCount()).isEqualTo(2);
    }

    @Test
    void anotherKeyHasABudgetOfItsOwn() throws Exception {
        sandbox.faults().on("GET", "/plans").when(r -> r.header("Authorization").endsWith(sandbox.apiKey())).times(1)
                .tooManyRequests(120);
        CompletableFuture<Exchange> waiting = template.asyncSend("lago:plans?operation=list", e -> {});
        org.awaitility.Awaitility.await().until(() -> sandbox.statusCount(429) == 1);

        sent("lago:plans?operation=list&apiKey=" + sandbox.createKey("plan:read"), null);
        sent("lago:events", event("another-limit"));

        assertThat(waiting).isNotDone();
        assertThat(sandbox.statusCount(200)).isEqualTo(2);
    }

    private void fewerThanOneInAHundredMetTheLimit(int calls) {
        assertThat(sandbox.requestCount()).isGreaterThanOrEqualTo(calls);
        assertThat(sandbox.statusCount(429)).isLessThan(Math.max(1, sandbox.requestCount() / 100));
    }
}
