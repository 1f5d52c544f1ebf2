package io.github.camellago.poll;

import java.util.Set;

/** Decides which records of a list are processed, and remembers them from poll to poll. */
public interface Selection {

    /**
     * Begins to read a list.
     *
     * @param list the list's name, which stays the same from poll to poll and start to start
     */
    Reading begin(String list);

    /**
     * A poll is over, and with it the reading of each list that it began.
     *
     * @param whole whether it read all lists to their end, apart from lists that Lago refused; false if it was interrupted or failed
     */
    default void polled(boolean whole) {}

    /** Stores what was processed so far. Called after each page. */
    default void flush() {}

    /** The fields of a record that it looks at. */
    Set<String> fields();
}
