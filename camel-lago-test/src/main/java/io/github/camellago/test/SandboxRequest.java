package io.github.camellago.test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A request that the sandbox received.
 *
 * @param method    in upper case
 * @param path      as sent, still percent-encoded, without the query
 * @param query     as sent, without the question mark. Empty if there was none
 * @param headers   by name. Lookups ignore case
 * @param body      the body, decoded as UTF-8. Empty if there was none
 * @param status    the status of the answer. 0 if the connection was dropped, or if there is no answer yet
 * @param timestamp the time of arrival, by the sandbox's clock
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
