package io.github.camellago.catalog;

import java.util.Locale;

/**
 * Whether a call may be sent again if it is unknown whether Lago has processed it: its response was lost, or a proxy answered in
 * Lago's place. Lago has no idempotency-key header, so this is a property of each operation.
 */
public enum Repeat {

    /** A repeat does no harm: reads, PUT, PATCH, DELETE, upserts, estimates, previews, downloads, URLs, usage events. */
    SAFE,

    /** Lago refuses a second object with the same {@code code}; a repeat cannot create twice. */
    UNIQUE_BY_CODE,

    /** Lago refuses a second object with the same URL; a repeat cannot create twice. */
    UNIQUE_BY_URL,

    /** Like {@link #UNIQUE_BY_CODE} if the body has a {@code code}. Without it, Lago makes one, and a repeat creates twice. */
    WITH_CODE,

    /**
     * Safe if the body has an {@code external_id}, which is then the idempotency key, and no {@code authorization}: Lago authorizes
     * the card again at every call.
     */
    WITH_EXTERNAL_ID,

    /** A repeat acts again, and may charge a customer twice. */
    NEVER;

    /** Reads the words of the catalog, such as {@code unique by code}. Null stands for the rule of the HTTP method. */
    static Repeat of(String text, String method) {
        if (text == null) {
            return "POST".equals(method) ? NEVER : SAFE;
        }
        return valueOf(text.toUpperCase(Locale.ROOT).replace(' ', '_'));
    }
}
