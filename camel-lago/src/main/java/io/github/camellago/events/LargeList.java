package io.github.camellago.events;

import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A list of values that are kept in another form: the first thousand in memory, in the order of their positions, all others as JSON in a temporary file.
 * Written by one run, then only read. Serialized, it is an {@code ArrayList}.
 */
abstract class LargeList<K, V> extends AbstractList<V> implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int IN_MEMORY = 1000;

    private final transient Class<K> type;
    private final transient ToLongFunction<K> position;
    private final transient Function<K, String> json;
    private final transient List<K> first = new ArrayList<>();
    private transient LinesFile<K> others;

    /**
     * An empty list.
     *
     * @param type     the values that are kept
     * @param position what they are sorted by
     * @param json     writes them in one line each. Jackson reads them
     */
    LargeList(Class<K> type, ToLongFunction<K> position, Function<K, String> json) {
        this.type = type;
        this.position = position;
        this.json = json;
    }

    /** The value in the form in which the list shows it. */
    abstract V shown(K kept);

    synchronized void keep(K value) {
        if (first.size() < IN_MEMORY) {
            first.add(value);
            first.sort(Comparator.comparingLong(position));
            return;
        }
        if (others == null) {
            others = new LinesFile<>(type);
        }
        others.add(json.apply(value));
    }

    Stream<K> kept() {
        Stream<K> inMemory = List.copyOf(first).stream();
        return others == null ? inMemory : Stream.concat(inMemory, StreamSupport.stream(others.spliterator(), false));
    }

    @Override
    public V get(int index) {
        return index < first.size()
                ? shown(first.get(index))
                : shown(kept().skip(index).findFirst().orElseThrow(() -> new IndexOutOfBoundsException(index)));
    }

    @Override
    public synchronized int size() {
        return first.size() + (others == null ? 0 : others.size());
    }

    @Override
    public Iterator<V> iterator() {
        return kept().map(this::shown).iterator();
    }

    @Serial
    final Object writeReplace() {
        return new ArrayList<>(this);
    }
}
