package io.github.camellago.events;

import java.util.function.BiConsumer;

/** One kind of Lago's objects that events refer to by name. Used by one thread at a time. */
interface ReferenceSource<V> {

    /** Whether reading the list takes fewer calls than looking up so many names one by one. */
    boolean isListCheaper(int names);

    /**
     * Reads the list. Returns false if it was not read to its end, because it is longer than expected.
     *
     * @param  names                                 how many names are to be looked up
     * @param  found                                 gets each object with its name
     * @throws io.github.camellago.api.LagoException if Lago could not be asked
     */
    boolean list(int names, BiConsumer<String, V> found);

    /**
     * Looks up one name. Returns null if Lago does not have it.
     *
     * @throws io.github.camellago.api.LagoException if Lago could not be asked
     */
    V get(String name);

    /** How far a known name may be from an unknown one, to be suggested instead. */
    int farthest(String unknown);
}
