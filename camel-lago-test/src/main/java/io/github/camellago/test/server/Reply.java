package io.github.camellago.test.server;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer: status, body, content type (null for an empty body), and additional headers.
 */
public record Reply(int status, byte[] body, String contentType, Map<String, String> headers) {

    public static final String JSON = "application/json; charset=utf-8";

    private static final byte[] NOTHING = new byte[0];

    public static Reply json(int status, Object body) {
        return new Reply(status, Json.bytes(body), JSON, Map.of());
    }

    /** 200 with {@code value} under its root key. */
    public static Reply of(String root, Object value) {
        return json(200, Json.object(root, value));
    }

    public static Reply empty(int status) {
        return new Reply(status, NOTHING, null, Map.of());
    }

    public static Reply text(int status, String body, String contentType) {
        return new Reply(status, body.getBytes(StandardCharsets.UTF_8), contentType, Map.of());
    }

    public Reply withHeaders(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Reply(status, body, contentType, all);
    }

    public Reply withBody(byte[] other) {
        return new Reply(status, other, contentType, headers);
    }
}
