package io.github.camellago;

/** What a poll hands over. */
public enum ReadMode {
    /** each record that is new or differs from when it was last handed over */
    CHANGED,
    /** each record created since the last completed poll */
    NEW,
    /** everything that matches, each time */
    ALL
}
