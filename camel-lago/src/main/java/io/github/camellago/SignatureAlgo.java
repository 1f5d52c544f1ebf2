package io.github.camellago;

import java.util.Locale;

/** How Lago signs webhooks. */
public enum SignatureAlgo {

    /** RS256 with Lago's own key; the signature repeats the body, and so is longer than it. */
    JWT,
    /** HMAC-SHA256 with the organization's HMAC key. */
    HMAC;

    /** The name as Lago spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
