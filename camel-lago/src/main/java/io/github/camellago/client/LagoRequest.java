package io.github.camellago.client;

import io.github.camellago.catalog.Repeat;

/**
 * One call to make. Immutable.
 *
 * @param method     the HTTP method
 * @param path       the path below {@code /api/v1}, percent-encoded
 * @param query      the query, percent-encoded and without its question mark, or null
 * @param body       the JSON to send, or null
 * @param repeat     whether the call may be repeated when Lago may have acted on it
 * @param budget     which of Lago's rate limits it counts against
 * @param permission the permission that the API key needs for it, for messages
 */
public record LagoRequest(String method, String path, String query, byte[] body, Repeat repeat, Budget budget,
        String permission) {

    /** Lago's rate limits, each with a budget of its own. */
    public enum Budget {
        /** sending usage events */
        EVENTS("events"),
        /** reading current usage */
        CURRENT_USAGE("current usage"),
        /** everything else */
        OTHER("calls other than events and current usage");

        private final String calls;

        Budget(String calls) {
            this.calls = calls;
        }

        /** What it limits, in words. */
        String calls() {
            return calls;
        }

        /** The limit that a call counts against. */
        public static Budget of(String method, String path) {
            if (method.equals("POST") && (path.equals("events") || path.equals("events/batch"))) {
                return EVENTS;
            }
            return path.endsWith("/current_usage") ? CURRENT_USAGE : OTHER;
        }
    }

    /** Whether a repeat is harmless whatever became of the first try. */
    boolean mayBeRepeated() {
        return repeat == Repeat.SAFE || repeat == Repeat.UNIQUE_BY_CODE;
    }

    String target() {
        return query == null || query.isEmpty() ? path : path + '?' + query;
    }

    @Override
    public String toString() {
        return method + ' ' + path;
    }
}
