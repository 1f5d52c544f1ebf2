package io.github.camellago.api;

/**
 * The state of a rate limit, from the headers {@code X-RateLimit-Limit}, {@code -Remaining} and {@code -Reset} of a response. A
 * self-hosted Lago may send none of them.
 *
 * @param limit     calls per window, or null
 * @param remaining calls left in this window, or null
 * @param reset     seconds until the window ends, or null
 */
public record RateLimit(Integer limit, Integer remaining, Integer reset) {

    /** The response has no rate limit headers. */
    public static final RateLimit UNKNOWN = new RateLimit(null, null, null);
}
