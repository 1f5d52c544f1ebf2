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

    private static final long EPOCH_SECONDS = 1_000_000_000;
    private static final long EPOCH_MILLIS = 1_000 * EPOCH_SECONDS;

    public static final RateLimit UNKNOWN = new RateLimit(null, null, null);

    static RateLimit of(HttpMessage response) {
        Integer limit = bounded(number(response.getFirstHeader("X-RateLimit-Limit")));
        Integer remaining = bounded(number(response.getFirstHeader("X-RateLimit-Remaining")));
        Integer reset = reset(response.getFirstHeader("X-RateLimit-Reset"));
        return limit == null && remaining == null && reset == null ? UNKNOWN : new RateLimit(limit, remaining, reset);
    }

    /** Some proxies tell the moment, in seconds or milliseconds since the epoch, instead of the seconds that are left. */
    private static Integer reset(Header header) {
        Long told = number(header);
        if (told == null || told < EPOCH_SECONDS) {
            return bounded(told);
        }
        long moment = told < EPOCH_MILLIS ? told : told / 1_000;
        return bounded(Math.max(0, moment - Instant.now().getEpochSecond()));
    }

    private static Integer bounded(Long number) {
        return number == null ? null : (int) Math.min(Integer.MAX_VALUE, number);
    }

    private static Long number(Header header) {
        if (header == null) {
            return null;
        }
        try {
            long number = Long.parseLong(header.getValue().strip());
            // -1 means that there is no limit
            return number < 0 ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
