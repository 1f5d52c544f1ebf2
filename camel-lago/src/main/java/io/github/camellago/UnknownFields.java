package io.github.camellago;

/** What to do with an event or an upsert that has a key that Lago does not know, and would drop without an error. */
public enum UnknownFields {
    /** Reject the event or the upsert. The reason names the key. */
    REJECT,
    /** Send it. Lago drops the key. */
    DROP
}
