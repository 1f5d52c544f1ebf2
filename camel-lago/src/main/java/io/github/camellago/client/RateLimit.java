package io.github.camellago.client;

import java.time.Instant;

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

    private static final int EPOCH_SECONDS = 1_000_000_000;
    /** Seconds. Windows are short; what asks for more is looked at again after that. */
    private static final int LONGEST = 600;

    public static final RateLimit UNKNOWN = new RateLimit(null, null, null);

    static RateLimit of(HttpMessage response) {
        Integer limit = number(response.getFirstHeader("X-RateLimit-Limit"));
        Integer remaining = number(response.getFirstHeader("X-RateLimit-Remaining"));
        Integer reset = reset(response.getFirstHeader("X-RateLimit-Reset"));
        return limit == null && remaining == null && reset == null ? UNKNOWN : new RateLimit(limit, remaining, reset);
    }

    /** Some proxies tell the moment, in seconds since the epoch, instead of the seconds that are left. */
    private static Integer reset(Header header) {
        Integer seconds = number(header);
        if (seconds == null || seconds < EPOCH_SECONDS) {
            return seconds == null ? null : Math.min(seconds, LONGEST);
        }
        return (int) Math.max(0, Math.min(LONGEST, seconds - Instant.now().getEpochSecond()));
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
