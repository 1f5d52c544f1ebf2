package io.github.camellago.test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A request as the sandbox saw it.
 *
 * @param method    in capitals
 * @param path      as sent, still percent-encoded, without the query
 * @param query     as sent, without the question mark; empty if there was none
 * @param headers   by name; look-ups ignore case
 * @param body      the body's bytes read as UTF-8; empty if there was none
 * @param status    what was answered; 0 where the connection was dropped instead, or nothing is answered yet
 * @param timestamp when it came in, by the sandbox's clock
 */
public record SandboxRequest(String method, String path, String query, Map<String, List<String>> headers, String body,
        int status, Instant timestamp) {

    /** The first value of a header, or null. */
    public String header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    SandboxRequest withStatus(int answered) {
        return new SandboxRequest(method, path, query, headers, body, answered, timestamp);
    }

}
