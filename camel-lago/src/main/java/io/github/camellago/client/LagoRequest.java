package io.github.camellago.client;

/**
 * One call to make. Immutable.
 *
 * @param method     the HTTP method
 * @param path       the path below {@code /api/v1}, or with a later version as its first segment, percent-encoded
 * @param query      the query, percent-encoded and without its question mark, or null
 * @param body       the JSON to send, or null
 * @param retry      which failures are worth a retry
 * @param permission the permission that the API key needs for the call, for messages
 */
public record LagoRequest(String method, String path, String query, byte[] body, RetryRule retry, String permission) {

    /** A read. */
    public static LagoRequest get(String path, String query, String permission) {
        return new LagoRequest("GET", path, query, null, RetryRule.IDEMPOTENT, permission);
    }

    /** The rate limit that the call counts against. */
    public RateLimitGroup rateLimit() {
        return RateLimitGroup.of(method, path);
    }

    /** Whether the call goes to the host for usage events. */
    boolean toIngestHost() {
        return rateLimit() == RateLimitGroup.EVENTS;
    }

    /** Whether the call changes nothing in Lago. */
    boolean isRead() {
        return method.equals("GET");
    }

    String target() {
        return query == null || query.isEmpty() ? path : path + '?' + query;
    }

    @Override
    public String toString() {
        return method + ' ' + path;
    }
}
