package io.github.camellago.events;

import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.github.camellago.api.RejectedEvent;

/**
 * Rejected events: the first thousand in memory as they were given, in the order of their positions, all others as JSON in a temporary file. So millions
 * of bad events neither get lost nor fill the memory. Written by one run, then only read.
 */
final class Rejections extends AbstractList<RejectedEvent> implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int IN_MEMORY = 1000;

    private final transient List<Rejection> first = new ArrayList<>();
    private transient ItemFile overflow;

    private record Rejection(EventItem item, Map<String, List<String>> reasons) {

        Rejection(ItemFile.Line line) {
            this(line.item(), line.reasons());
        }

        RejectedEvent toEvent() {
            return new RejectedEvent(item.index(), item.given(), reasons);
        }
    }

    synchronized void add(EventItem item, Map<String, List<String>> reasons) {
        if (first.size() < IN_MEMORY) {
            first.add(new Rejection(item, reasons));
            first.sort(Comparator.comparingLong(rejection -> rejection.item().index()));
            return;
        }
        if (overflow == null) {
            overflow = new ItemFile();
        }
        overflow.add(item, reasons);
    }

    void addAll(Rejections others) {
        others.all().forEach(rejection -> add(rejection.item(), rejection.reasons()));
    }

    /** The events, to try them again. */
    Stream<EventItem> items() {
        return all().map(Rejection::item);
    }

    @Override
    public RejectedEvent get(int index) {
        return index < first.size()
                ? first.get(index).toEvent()
                : all().skip(index).findFirst().orElseThrow(() -> new IndexOutOfBoundsException(index)).toEvent();
    }

    @Override
    public synchronized int size() {
        return first.size() + (overflow == null ? 0 : overflow.size());
    }

    @Override
    public Iterator<RejectedEvent> iterator() {
        return all().map(Rejection::toEvent).iterator();
    }

    private Stream<Rejection> all() {
        Stream<Rejection> inMemory = List.copyOf(first).stream();
        return overflow == null
                ? inMemory
                : Stream.concat(inMemory, StreamSupport.stream(overflow.spliterator(), false).map(Rejection::new));
    }

    @Serial
    private Object writeReplace() {
        return new ArrayList<>(this);
    }
}
