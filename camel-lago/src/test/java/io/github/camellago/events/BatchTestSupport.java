package io.github.camellago.events;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.github.camellago.client.BaseUrl;
import io.github.camellago.client.Credentials;
import io.github.camellago.client.GuardedObserver;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.Limits;
import io.github.camellago.client.RateBudgets;
import io.github.camellago.client.RetryPolicy;
import io.github.camellago.client.Server;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server that answers batches of events as a test says. */
abstract class BatchTestSupport {

    private static final ObjectMapper JSON = new ObjectMapper();
    static final String REFUSED = "{\"status\":%d,\"error\":\"E\",\"code\":\"v\",\"error_details\":%s}";

    private final CloseableHttpClient http = HttpClients.createDefault();
    /** The transaction_ids of each request. */
    final List<List<String>> requests = new CopyOnWriteArrayList<>();
    final List<String> paths = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    LagoClient client;
    BatchResolver resolver;
    volatile Function<List<String>, Answer> lago = BatchTestSupport::stored;

    /** The headers of each answer. */
    volatile Map<String, String> headers = Map.of();

    record Answer(int status, String body) {}

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            JsonNode sent = JSON.readTree(exchange.getRequestBody().readAllBytes());
            List<String> ids = new ArrayList<>();
            (sent.has("event") ? List.of(sent.get("event")) : sent.get("events"))
                    .forEach(event -> ids.add(event.path("transaction_id").asText()));
            requests.add(ids);
            paths.add(exchange.getRequestURI().getPath());
            Answer answer = lago.apply(ids);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(threads);
        server.start();
        Server at = new Server(BaseUrl.of("http://localhost:" + server.getAddress().getPort(), "baseUrl"), http, 60_000);
        client = new LagoClient(new LagoClient.Settings(at, at, () -> http, Credentials.of("key"), new RateBudgets(),
                new RetryPolicy(1, 1, 1), new Limits(60_000, 60_000, 60_000, 1 << 20, 60_000, 0, Set.of()),
                GuardedObserver.NONE));
        resolver = new BatchResolver(client, false);
    }

    @AfterEach
    void stopServer() throws IOException {
        server.stop(0);
        threads.shutdownNow();
        client.close();
        http.close();
    }

    static Answer stored(List<String> ids) {
        if (ids.isEmpty()) {
            return refused("{\"events\":[\"no_events\"]}");
        }
        return new Answer(200, "{\"events\":[" + String.join(",", ids.stream().map(id -> "{}").toList()) + "]}");
    }

    static Answer refused(String details) {
        return new Answer(422, REFUSED.formatted(422, details));
    }
}
