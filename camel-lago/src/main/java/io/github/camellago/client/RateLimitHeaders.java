package io.github.camellago.client;

import java.time.Instant;

import io.github.camellago.api.RateLimit;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;

/** Reads the rate limit headers of a response. */
final class RateLimitHeaders {

    private static final long EPOCH_SECONDS = 1_000_000_000;
    private static final long EPOCH_MILLIS = 1_000 * EPOCH_SECONDS;

    private RateLimitHeaders() {}

    static RateLimit read(HttpMessage response) {
        Integer limit = bounded(number(response.getFirstHeader("X-RateLimit-Limit")));
        Integer remaining = bounded(number(response.getFirstHeader("X-RateLimit-Remaining")));
        Integer reset = reset(response.getFirstHeader("X-RateLimit-Reset"));
        return limit == null && remaining == null && reset == null ? RateLimit.UNKNOWN : new RateLimit(limit, remaining, reset);
    }

    /** Some proxies send the time at which the window ends, in seconds or milliseconds since the epoch, instead of the seconds left. */
    private static Integer reset(Header header) {
        Long value = number(header);
        if (value == null || value < EPOCH_SECONDS) {
            return bounded(value);
        }
        long end = value < EPOCH_MILLIS ? value : value / 1_000;
        return bounded(Math.max(0, end - Instant.now().getEpochSecond()));
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
