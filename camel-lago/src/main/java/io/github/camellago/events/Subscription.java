package io.github.camellago.events;

import java.util.Map;

import io.github.camellago.client.Iso8601;

/**
 * A subscription at Lago.
 *
 * @param ended     when it was terminated, as Lago shows it, or null
 * @param endMillis the end of the second in which it was terminated
 */
record Subscription(String ended, long endMillis) {

    private static final Subscription OPEN = new Subscription(null, Long.MAX_VALUE);
    private static final int SECOND = 1000;

    static Subscription of(Map<?, ?> record) {
        Object ended = "terminated".equals(record.get("status")) ? record.get("terminated_at") : null;
        Long millis = ended == null ? null : Iso8601.millis(ended.toString());
        // Lago shows whole seconds, and compares milliseconds
        return millis == null ? OPEN : new Subscription(ended.toString(), millis + SECOND);
    }
}
