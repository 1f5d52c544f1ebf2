package io.github.camellago;

/** What to do with an event that has a key that Lago does not know, and would drop without an error. */
public enum UnknownFields {
    /** Reject the event. The reason names the key. */
    REJECT,
    /** Send the event. Lago drops the key. */
    DROP
}
