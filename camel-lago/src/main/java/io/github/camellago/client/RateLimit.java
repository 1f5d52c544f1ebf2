package io.github.camellago.client;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;

/**
 * What a response's headers say of the rate limit: {@code X-RateLimit-Limit}, {@code -Remaining} and {@code -Reset}. A
 * self-hosted Lago may send none of them.
 *
 * @param limit     calls per window, or null
 * @param remaining calls left in this window, or null
 * @param reset     seconds until the window ends, or null
 */
public record RateLimit(Integer limit, Integer remaining, Integer reset) {

    public static final RateLimit UNKNOWN = new RateLimit(null, null, null);

    static RateLimit of(HttpMessage response) {
        Integer limit = number(response.getFirstHeader("X-RateLimit-Limit"));
        Integer remaining = number(response.getFirstHeader("X-RateLimit-Remaining"));
        Integer reset = number(response.getFirstHeader("X-RateLimit-Reset"));
        return limit == null && remaining == null && reset == null ? UNKNOWN : new RateLimit(limit, remaining, reset);
    }

    private static Integer number(Header header) {
        if (header == null) {
            return null;
        }
        try {
            return Math.max(0, Integer.parseInt(header.getValue().strip()));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
