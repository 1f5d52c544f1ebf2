package io.github.camellago;

/** What to do with filters that the component does not know. */
public enum UnknownFilters {

    /** Refuse the call, and name the known filters. */
    REJECT,

    /** Send the filter as it is. */
    SEND
}
