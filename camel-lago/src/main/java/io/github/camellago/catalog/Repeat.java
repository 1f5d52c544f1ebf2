package io.github.camellago.catalog;

/**
 * Whether a call may be sent again if it is unknown whether Lago has processed it: its response was lost, or a proxy answered in
 * Lago's place. Lago has no idempotency-key header, so this is a property of each operation.
 */
public enum Repeat {

    /** A repeat does no harm: reads, PUT, PATCH, DELETE, upserts, estimates, previews, downloads, URLs, usage events. */
    SAFE("safe"),

    /** Lago refuses a second object with the same {@code code}; a repeat cannot create twice. */
    UNIQUE_BY_CODE("unique by code"),

    /** Lago refuses a second object with the same URL; a repeat cannot create twice. */
    UNIQUE_BY_URL("unique by URL"),

    /** Like {@link #UNIQUE_BY_CODE} if the body has a {@code code}. Without it, Lago makes one, and a repeat creates twice. */
    WITH_CODE("with code"),

    /**
     * Safe if the body has an {@code external_id}, which is then the idempotency key, and no {@code authorization}: Lago authorizes
     * the card again at every call.
     */
    WITH_EXTERNAL_ID("with external_id"),

    /** A repeat acts again, and may charge a customer twice. */
    NEVER("never");

    private final String text;

    Repeat(String text) {
        this.text = text;
    }

    /** The words that stand in the catalog. */
    public String text() {
        return text;
    }

    static Repeat of(String text, String method) {
        if (text == null) {
            return "POST".equals(method) ? NEVER : SAFE;
        }
        for (Repeat repeat : values()) {
            if (repeat.text.equals(text)) {
                return repeat;
            }
        }
        throw new IllegalArgumentException("Unknown repeat rule in the catalog: " + text);
    }
}
