package io.github.camellago.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.camellago.RouteTestSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A server that announces a rate limit, and does not answer one call: other calls with the same key do not wait for that call. */
class HungCallTest extends RouteTestSupport {

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final CountDownLatch hung = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;
    private ExecutorService threads;

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getCamelContextExtension().addContextPlugin(RateBudgets.class, new RateBudgets(now::get));
        return context;
    }

    @BeforeEach
    void startServer() throws Exception {
        threads = Executors.newCachedThreadPool();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/api/v1/customers", exchange -> answer(exchange, "{\"customers\":[]}"));
        server.createContext("/api/v1/plans", exchange -> {
            hung.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer(exchange, "{\"plans\":[]}");
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1_100, 2_500})
    void aHungCallDoesNotDelayOtherCalls(long quietMillis) throws Exception {
        sent(uri("customers"), null);
        pass(quietMillis);
        CompletableFuture<Exchange> list = later("plans");
        assertThat(hung.await(60, TimeUnit.SECONDS)).isTrue();

        List<CompletableFuture<Exchange>> others = IntStream.range(0, 10).mapToObj(i -> later("customers")).toList();
        pass(1_100);

        for (CompletableFuture<Exchange> other : others) {
            assertThat(other.get(60, TimeUnit.SECONDS).getException()).isNull();
        }
        assertThat(list).isNotDone();
        end.countDown();
        assertThat(list.get(60, TimeUnit.SECONDS).getException()).isNull();
    }

    @Test
    void aHungCallDoesNotDelayOtherCallsOfTheSameWindow() throws Exception {
        sent(uri("customers"), null);
        CompletableFuture<Exchange> list = later("plans");
        assertThat(hung.await(60, TimeUnit.SECONDS)).isTrue();

        for (int i = 0; i < 10; i++) {
            sent(uri("customers"), null);
        }

        assertThat(list).isNotDone();
    }

    private void pass(long millis) {
        now.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    private CompletableFuture<Exchange> later(String resource) {
        return template.asyncSend(uri(resource), exchange -> {});
    }

    private String uri(String resource) {
        return "lago:" + resource + "?operation=list&responseTimeout=10m&callTimeout=10m&baseUrl=http://localhost:"
                + server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("X-RateLimit-Limit", "50");
        exchange.getResponseHeaders().set("X-RateLimit-Remaining", "40");
        exchange.getResponseHeaders().set("X-RateLimit-Reset", "1");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
