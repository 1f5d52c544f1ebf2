package io.github.camellago.catalog;

/**
 * Whether a call may be sent again when it is unknown if Lago has acted on it: its answer was lost, or a proxy answered in
 * Lago's place. Lago has no idempotency-key header, so this is a property of each operation.
 */
public enum Repeat {

    /** A repeat does no harm: reads, PUT, DELETE, upserts, estimates, previews, downloads, URLs, usage events. */
    SAFE("safe"),

    /** Lago refuses a second object with the same {@code code}; a repeat cannot create twice. */
    UNIQUE_BY_CODE("unique by code"),

    /** Harmless where the body carries an {@code external_id}, which is then the idempotency key. */
    WITH_EXTERNAL_ID("with external_id"),

    /** A repeat acts again, and may charge a customer twice. */
    NEVER("never");

    private final String text;

    Repeat(String text) {
        this.text = text;
    }

    /** The word that stands in the catalogue and in the docs. */
    public String text() {
        return text;
    }

    static Repeat of(String text, String method) {
        if (text == null) {
            return "POST".equals(method) || "PATCH".equals(method) ? NEVER : SAFE;
        }
        for (Repeat repeat : values()) {
            if (repeat.text.equals(text)) {
                return repeat;
            }
        }
        throw new IllegalArgumentException("Unknown repeat rule in the catalogue: " + text);
    }
}
