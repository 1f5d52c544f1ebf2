package io.github.camellago;

/** Which records a poll delivers. */
public enum ReadMode {
    /** records that are new or have changed since they were last processed */
    CHANGED,
    /** each record created since the last completed poll */
    NEW,
    /** everything that matches, each time */
    ALL
}
