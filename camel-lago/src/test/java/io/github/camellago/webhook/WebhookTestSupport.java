package io.github.camellago.webhook;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.camellago.RouteTestSupport;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import static org.awaitility.Awaitility.await;

/** A context with an HTTP server that the sandbox, or a test in its place, sends webhooks to. */
public abstract class WebhookTestSupport extends RouteTestSupport {

    protected static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    protected String server;

    @BeforeEach
    protected void startServer() throws Exception {
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindPort(0);
        // its own limit is 10 MB by default
        configuration.setMaxBodySize(64L * 1024 * 1024);
        VertxPlatformHttpServer http = new VertxPlatformHttpServer(configuration);
        context.addService(http);
        server = "http://localhost:" + http.getPort();
    }

    /** A stop of the context waits a second if it finds a webhook in flight. A response may arrive a moment before its exchange is done. */
    @AfterEach
    protected void awaitExchanges() {
        await().atMost(Duration.ofMinutes(1)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5))
                .until(() -> context.getInflightRepository().size() == 0);
    }

    /** The URL of webhooks. */
    protected String hook() {
        return server + "/hook";
    }

    /** The endpoint at {@link #hook()}, with further options. */
    protected String webhook(String... options) {
        return "webhook:lago:webhooks?webhookComponentName=platform-http&webhookPath=/hook&webhookExternalUrl=" + server
                + (options.length == 0 ? "" : "&" + String.join("&", options));
    }

    /** Adds a route from webhooks. */
    protected void onWebhook(Steps steps, String... options) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                steps.add(from(webhook(options)).routeId("hook"));
            }
        });
    }

    @FunctionalInterface
    protected interface Steps {
        void add(RouteDefinition route);
    }

    /** A webhook as Lago would send it. */
    protected static String body(String type, String objectType, String object) {
        return "{\"webhook_type\":\"" + type + "\",\"object_type\":\"" + objectType
                + "\",\"organization_id\":\"" + sandbox.organizationId() + "\",\"" + objectType + "\":" + object + "}";
    }

    protected static String invoice;

    @BeforeAll
    protected static void makeInvoice() {
        invoice = body("invoice.created", "invoice",
                "{\"lago_id\":\"inv-1\",\"number\":\"Ü-1\",\"total_amount_cents\":12345678901234567890,\"rate\":0.10}");
    }

    /** Headers as Lago makes them for a body. */
    protected static Map<String, Object> signed(String algorithm, String body) {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put("X-Lago-Signature", sandbox.signWebhook(algorithm, body));
        headers.put("X-Lago-Signature-Algorithm", algorithm);
        headers.put("X-Lago-Unique-Key", UUID.randomUUID().toString());
        return headers;
    }

    protected HttpResponse<String> post(String body, Map<String, Object> headers) throws IOException, InterruptedException {
        return post(URI.create(hook()), body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** Sends a webhook; a header whose value is a List goes out once for each. */
    protected static HttpResponse<String> post(URI hook, byte[] body, Map<String, Object> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(hook).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach((name, value) -> {
            for (Object one : value instanceof List<?> list ? list : List.of(value)) {
                request.header(name, String.valueOf(one));
            }
        });
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** How often Lago was asked for its key. */
    protected static long keyFetches() {
        return sandbox.requests().stream().filter(r -> r.path().contains("/webhooks/")).count();
    }
}
