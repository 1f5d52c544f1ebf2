package io.github.camellago.client;

import io.github.camellago.catalog.Repeat;

/** Which failures of a call are worth a retry. A failure that proves that Lago has not processed the call always is. */
public enum RetryRule {

    /** A second call acts a second time: retried only if Lago cannot have processed the first one. */
    UNPROCESSED,

    /** A repeat is harmless: retried after connection errors, timeouts, and answers that are not Lago's own. */
    IDEMPOTENT,

    /** A batch of usage events: like {@link #IDEMPOTENT}, and after Lago's own 500. A 413 is not retried: the batch is split. */
    EVENT_BATCH,

    /** One usage event, which cannot be split: like {@link #EVENT_BATCH}, and after a 413. */
    SINGLE_EVENT;

    /** The rule for calls that may be repeated as the catalog says. */
    public static RetryRule of(Repeat repeat) {
        return switch (repeat) {
            case SAFE, UNIQUE_BY_CODE, UNIQUE_BY_URL -> IDEMPOTENT;
            // what the body has decides: see RequestFactory
            case WITH_CODE, WITH_EXTERNAL_ID, NEVER -> UNPROCESSED;
        };
    }

    boolean isIdempotent() {
        return this != UNPROCESSED;
    }

    /** Whether an answer that is no success is worth a retry: Lago asks to come again, or a repeat is harmless and may succeed. */
    boolean allows(LagoResponse answer) {
        boolean temporary = answer.status() == 429 || answer.status() == 503;
        if (temporary && answer.isUnprocessed()) {
            return true;
        }
        if (!isIdempotent() || answer.isRedirect()) {
            return false;
        }
        return switch (answer.status()) {
            case 413 -> this == SINGLE_EVENT;
            case 500 -> this == EVENT_BATCH || this == SINGLE_EVENT;
            case 501, 505 -> false;
            default -> !answer.isLagoError();
        };
    }
}
