package io.github.camellago.events;

import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.github.camellago.api.EventJson;
import io.github.camellago.api.JsonBody;
import io.github.camellago.api.ReconciledEvent;

/**
 * The events that Lago has not stored as they were given: the first thousand in memory, all others as JSON in a temporary file. As JSON it is an array.
 * Written by one run, then only read.
 */
public final class ReconciledEvents extends AbstractList<ReconciledEvent> implements JsonBody, Serializable {

    private static final long serialVersionUID = 1L;
    private static final int IN_MEMORY = 1000;

    private final transient List<ReconciledEvent> first = new ArrayList<>();
    private transient LinesFile<ReconciledEvent> others;

    ReconciledEvents() {}

    synchronized void append(ReconciledEvent event) {
        if (first.size() < IN_MEMORY) {
            first.add(event);
            return;
        }
        if (others == null) {
            others = new LinesFile<>(ReconciledEvent.class);
        }
        others.add(event.toJson());
    }

    /** The other events. */
    ReconciledEvents without(ReconciledEvent.Status status) {
        ReconciledEvents left = new ReconciledEvents();
        forEach(event -> {
            if (event.status() != status) {
                left.append(event);
            }
        });
        return left;
    }

    @Override
    public ReconciledEvent get(int index) {
        return index < first.size()
                ? first.get(index)
                : all().skip(index).findFirst().orElseThrow(() -> new IndexOutOfBoundsException(index));
    }

    @Override
    public synchronized int size() {
        return first.size() + (others == null ? 0 : others.size());
    }

    @Override
    public Iterator<ReconciledEvent> iterator() {
        return all().iterator();
    }

    private Stream<ReconciledEvent> all() {
        Stream<ReconciledEvent> inMemory = List.copyOf(first).stream();
        return others == null ? inMemory : Stream.concat(inMemory, StreamSupport.stream(others.spliterator(), false));
    }

    @Override
    public Iterator<String> jsonParts() {
        return EventJson.array(iterator(), ReconciledEvent::toJson);
    }

    @Serial
    private Object writeReplace() {
        return new ArrayList<>(this);
    }

    @Override
    public String toString() {
        return size() + " events that are not stored as they were given";
    }
}
