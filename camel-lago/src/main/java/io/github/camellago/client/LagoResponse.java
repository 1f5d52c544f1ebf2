package io.github.camellago.client;

import java.time.Duration;
import java.time.Instant;

import io.github.camellago.api.RateLimit;

/**
 * An answer to a call.
 *
 * @param status      the HTTP status
 * @param contentType the media type, or null
 * @param body        the bytes of the body; empty if the response has no body
 * @param rate        what the headers say of the rate limit
 * @param retryAfter  milliseconds to wait as {@code Retry-After} says, or -1
 * @param location    where a redirect leads, or null
 * @param date        the server's time of the answer, or null
 * @param took        the time from sending to the end of the answer
 */
public record LagoResponse(int status, String contentType, byte[] body, RateLimit rate, long retryAfter, String location,
        Instant date, Duration took) {

    private static final byte[] NOTHING = {};

    /** An answer of success with that body. */
    public static LagoResponse of(byte[] body) {
        return new LagoResponse(200, null, body, RateLimit.UNKNOWN, -1, null, null, Duration.ZERO);
    }

    /** The answer that stands for a DELETE whose earlier try has deleted the object. */
    LagoResponse asDeleted() {
        return new LagoResponse(204, null, NOTHING, rate, -1, null, date, took);
    }

    public boolean isEmpty() {
        for (byte b : body) {
            if (b > ' ' || b < 0) {
                return false;
            }
        }
        return true;
    }

    boolean isSuccess() {
        return status / 100 == 2;
    }

    boolean isRedirect() {
        return status / 100 == 3;
    }

    /** Whether Lago itself refuses the call: a 4xx in the form of Lago's errors, except 407, which only proxies answer. */
    boolean isLagoError() {
        return status / 100 == 4 && !isFromProxy() && LagoError.of(this).isLagos();
    }

    /** Whether an HTTP proxy demands credentials. */
    boolean isFromProxy() {
        return status == 407;
    }

    /** Whether Lago cannot have processed the call: its own refusal, or an answer that says when to come again. */
    boolean isUnprocessed() {
        return switch (status) {
            case 429 -> isLagoRateLimit();
            case 503 -> retryAfter >= 0;
            default -> isLagoError();
        };
    }

    /** Whether a 429 is Lago's own and not some proxy's. */
    boolean isLagoRateLimit() {
        return status == 429 && (rate != RateLimit.UNKNOWN || retryAfter >= 0 || isLagoError());
    }
}
