package io.github.camellago.test;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * An HTTP client for a sandbox.
 */
final class Api {

    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** An answer, read as JSON. */
    record Answer(int status, HttpResponse<String> response) {

        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new AssertionError("Not JSON: " + response.body(), e);
            }
        }

        /** The text at a path such as {@code customer.metadata.0.key}. "null" for null. */
        String at(String path) {
            return json().at("/" + path.replace('.', '/')).asText();
        }

        BigDecimal number(String path) {
            return json().at("/" + path.replace('.', '/')).decimalValue();
        }

        String code() {
            return at("code");
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        List<String> each(String list, String field) {
            List<String> values = new ArrayList<>();
            json().get(list).forEach(one -> values.add(one.path(field).asText()));
            return values;
        }
    }

    private final LagoSandbox sandbox;
    private final String key;
    private final String version;

    Api(LagoSandbox sandbox) {
        this(sandbox, null);
    }

    Api(LagoSandbox sandbox, String key) {
        this(sandbox, key, "v1");
    }

    Api(LagoSandbox sandbox, String key, String version) {
        this.sandbox = sandbox;
        this.key = key;
        this.version = version;
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer post(String path, Object body) {
        return send("POST", path, body);
    }

    Answer post(String path) {
        return send("POST", path, null);
    }

    Answer put(String path, Object body) {
        return send("PUT", path, body);
    }

    Answer put(String path) {
        return send("PUT", path, null);
    }

    Answer patch(String path, Object body) {
        return send("PATCH", path, body);
    }

    Answer delete(String path) {
        return send("DELETE", path, null);
    }

    /** Sends a request, and fails unless the answer is 200. */
    Answer ok(String method, String path, Object body) {
        Answer answer = send(method, path, body);
        if (answer.status() != 200) {
            throw new AssertionError(method + " " + path + ": " + answer.status() + " " + answer.response().body());
        }
        return answer;
    }

    Answer create(String collection, String root, Map<String, ?> object) {
        return ok("POST", "/" + collection, Map.of(root, object));
    }

    Answer send(String method, String path, Object body) {
        try {
            return trySend(method, path, body);
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }

    Answer trySend(String method, String path, Object body) throws IOException {
        String text = body == null ? "" : body instanceof String raw ? raw : JSON.writeValueAsString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + "/api/" + version + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .method(method,
                        text.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(text));
        String token = key == null ? sandbox.apiKey() : key;
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.build());
    }

    static Answer send(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static Map<String, Object> event(String transactionId) {
        return Map.of("transaction_id", transactionId, "external_subscription_id", "sub", "code", "calls", "timestamp",
                1_700_000_000);
    }
}
