package io.github.camellago.test.domain;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Reply;

/**
 * Sends webhooks to the registered endpoints, one after another, in the order of the changes. Only 200, 201, 202 and 204 count as delivered.
 * After any other answer the webhook is sent again with the same unique key, at most three times in total, unless its endpoint has been deleted.
 */
final class Webhooks implements ChangeListener {

    private static final Set<Integer> DELIVERED = Set.of(200, 201, 202, 204);
    private static final int ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private record Delivery(Object endpoint, URI url, String algorithm, String uniqueKey, String body) {}

    private final Context context;
    private final Signatures signatures;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE)
            .build();
    private final ExecutorService sender = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "lago-sandbox-webhooks");
        thread.setDaemon(true);
        return thread;
    });

    Webhooks(Context context, Signatures signatures) {
        this.context = context;
        this.signatures = signatures;
    }

    void register() {
        context.router.on("GET", "/webhooks/public_key", "webhook_jwt_public_key",
                call -> Reply.text(200, signatures.publicKey(), "text/plain; charset=utf-8"));
        context.router.on("GET", "/webhooks/json_public_key", "webhook_jwt_public_key",
                call -> Reply.of("webhook", Json.object("public_key", signatures.publicKey())));
    }

    @Override
    public void changed(String type, String objectType, Map<String, Object> object) {
        for (Map<String, Object> endpoint : context.table("webhook_endpoints").all()) {
            if (endpoint.get("event_types") == null || Json.asStrings(endpoint.get("event_types")).contains(type)) {
                String body = Json.text(Json.object("webhook_type", type, "object_type", objectType, "organization_id",
                        context.organizationId, objectType, object));
                send(new Delivery(endpoint.get("lago_id"), URI.create(String.valueOf(endpoint.get("webhook_url"))),
                        String.valueOf(endpoint.get("signature_algo")), Ids.next(), body));
            }
        }
    }

    void close() {
        sender.shutdownNow();
    }

    private void send(Delivery delivery) {
        try {
            sender.execute(() -> deliver(delivery));
        } catch (RejectedExecutionException e) {
            // the sandbox has been closed, so no more webhooks are sent
            return;
        }
    }

    private void deliver(Delivery delivery) {
        try {
            for (int attempt = 1; attempt <= ATTEMPTS && isWanted(delivery) && !accepted(delivery); attempt++) {
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isWanted(Delivery delivery) {
        return context.store.locked(() -> context.table("webhook_endpoints").byId(delivery.endpoint()) != null);
    }

    private boolean accepted(Delivery delivery) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(delivery.url()).timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("X-Lago-Signature", signatures.sign(delivery.algorithm(), delivery.body()))
                .header("X-Lago-Signature-Algorithm", delivery.algorithm())
                .header("X-Lago-Unique-Key", delivery.uniqueKey())
                .POST(HttpRequest.BodyPublishers.ofString(delivery.body())).build();
        try {
            return DELIVERED.contains(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            return false;
        }
    }
}
