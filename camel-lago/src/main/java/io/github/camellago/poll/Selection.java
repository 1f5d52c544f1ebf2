package io.github.camellago.poll;

import java.util.Set;

/** Decides what of a list is handed over, and remembers it from poll to poll. */
public interface Selection {

    /**
     * Begins to read a list.
     *
     * @param list the list's name, which stays the same from poll to poll and start to start
     */
    Reading begin(String list);

    /** The fields of a record that it looks at. */
    Set<String> fields();
}
