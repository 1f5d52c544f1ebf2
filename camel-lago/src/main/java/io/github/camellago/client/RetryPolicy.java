package io.github.camellago.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;

/**
 * Delays between retries: exponential with jitter, unless the server asks for a delay.
 *
 * @param maxRetries    tries after the first one
 * @param retryDelay    milliseconds before the first retry
 * @param maxRetryDelay milliseconds that the growing delay does not exceed
 */
public record RetryPolicy(int maxRetries, long retryDelay, long maxRetryDelay) {

    /** The longest wait, in milliseconds. If a server asks for more, the call fails. */
    static final long LONGEST_WAIT = Duration.ofMinutes(2).toMillis();
    private static final long NEVER = Duration.ofDays(365).toMillis();

    /** Milliseconds to wait before retry number {@code retry} (from 0): between half and all of the exponential delay. */
    long delay(int retry) {
        long full = Math.min(maxRetryDelay, retryDelay << Math.min(retry, 20));
        return full <= 1 ? Math.max(0, full) : ThreadLocalRandom.current().nextLong(full / 2, full + 1);
    }

    /** Milliseconds that the server asks to wait ({@code Retry-After}, seconds or a date), or -1 if it does not. */
    static long retryAfter(HttpMessage response) {
        Header header = response.getFirstHeader("Retry-After");
        if (header == null) {
            return -1;
        }
        String value = header.getValue().strip();
        try {
            long millis = value.chars().allMatch(Character::isDigit)
                    ? Math.multiplyExact(Long.parseLong(value), 1000L)
                    : Duration.between(ZonedDateTime.now(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME))
                            .toMillis();
            return Math.max(0, Math.min(NEVER, millis));
        } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
            return -1;
        }
    }
}
