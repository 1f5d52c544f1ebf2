package io.github.camellago.api;

/**
 * A call to Lago, as a {@link LagoObserver} sees it. {@code path} contains ids. The other components have a bounded number of values
 * without ids, so they can be tags of metrics.
 *
 * @param method    the HTTP method
 * @param path      the path below {@code /api/v1}, percent-encoded. A later API version is its first segment.
 * @param resource  the path of the resource with its placeholders, such as {@code customers/{external_customer_id}/wallets}, or
 *                  {@code other} if the component does not know the path
 * @param operation the name of the operation, such as {@code list}, or the HTTP method in lower case if the component does not know
 *                  the path
 * @param rateLimit the rate limit that the call counts against: {@code events}, {@code current_usage} or {@code other}
 */
public record LagoCall(String method, String path, String resource, String operation, String rateLimit) {}
