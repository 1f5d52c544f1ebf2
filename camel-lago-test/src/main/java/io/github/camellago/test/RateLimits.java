package io.github.camellago.test;

import java.time.Duration;

/**
 * The maximum numbers of requests in one window for the organization, with all of its keys. 0: no limit.
 *
 * @param events       requests to {@code POST /events} and {@code POST /events/batch}
 * @param currentUsage requests for current usage
 * @param other        all other requests
 * @param window       length of a window. Windows start at multiples of it
 * @param announced    whether to send {@code X-RateLimit-*} headers
 */
public record RateLimits(int events, int currentUsage, int other, Duration window, boolean announced) {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** No limits and no headers, as on a self-hosted server. */
    public static RateLimits none() {
        return new RateLimits(0, 0, 0, SECOND, false);
    }

    /** The limits of Lago Cloud: 500, 200 and 50 requests per second. */
    public static RateLimits cloud() {
        return perSecond(500, 200, 50);
    }

    public static RateLimits perSecond(int events, int currentUsage, int other) {
        return new RateLimits(events, currentUsage, other, SECOND, true);
    }

    /** The same limits for another window. */
    public RateLimits window(Duration length) {
        return new RateLimits(events, currentUsage, other, length, announced);
    }

    /** The same limits without rate-limit headers, also on a 429. */
    public RateLimits silent() {
        return new RateLimits(events, currentUsage, other, window, false);
    }
}
