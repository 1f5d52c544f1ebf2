package io.github.camellago.test;

import java.time.Duration;

/**
 * How many requests the organization may make in one window, all its keys together. Zero means: as many as it likes.
 *
 * @param events       requests to {@code POST /events} and {@code POST /events/batch}
 * @param currentUsage requests for current usage
 * @param other        everything else
 * @param window       how long a window lasts; windows start at multiples of it
 * @param announced    whether {@code X-RateLimit-*} headers are sent
 */
public record RateLimits(int events, int currentUsage, int other, Duration window, boolean announced) {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Nothing is limited and no headers are sent, as on a self-hosted server. */
    public static RateLimits none() {
        return new RateLimits(0, 0, 0, SECOND, false);
    }

    /** As Lago Cloud has them: 500, 200 and 50 a second. */
    public static RateLimits cloud() {
        return perSecond(500, 200, 50);
    }

    public static RateLimits perSecond(int events, int currentUsage, int other) {
        return new RateLimits(events, currentUsage, other, SECOND, true);
    }

    /** The same limits over another window. */
    public RateLimits window(Duration length) {
        return new RateLimits(events, currentUsage, other, length, announced);
    }

    /** The same limits, enforced without telling: no headers, not even on a 429. */
    public RateLimits silent() {
        return new RateLimits(events, currentUsage, other, window, false);
    }
}
