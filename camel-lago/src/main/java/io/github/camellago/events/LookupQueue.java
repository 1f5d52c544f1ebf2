package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/** Events that wait until what they refer to has been looked up. An event does not wait for the lookups of others. For one thread. */
final class LookupQueue {

    private final Map<CompletableFuture<Void>, Deque<EventItem>> waiting = new HashMap<>();
    private final BlockingQueue<CompletableFuture<Void>> ended = new LinkedBlockingQueue<>();
    private Deque<EventItem> ready = new ArrayDeque<>();
    private int size;

    void add(EventItem item, CompletableFuture<Void> lookup) {
        if (!waiting.containsKey(lookup)) {
            lookup.whenComplete((nothing, failure) -> ended.add(lookup));
        }
        waiting.computeIfAbsent(lookup, first -> new ArrayDeque<>()).add(item);
        size++;
    }

    /** Takes an event whose lookup has ended. Returns null if no lookup has ended. */
    EventItem poll() {
        while (ready.isEmpty()) {
            CompletableFuture<Void> lookup = ended.poll();
            if (lookup == null) {
                return null;
            }
            take(lookup);
        }
        size--;
        return ready.poll();
    }

    /** Waits for the next lookup to end. */
    void await() throws InterruptedException {
        take(ended.take());
    }

    /** The events of a lookup, unless they have been drained. */
    private void take(CompletableFuture<Void> lookup) {
        ready = Optional.ofNullable(waiting.remove(lookup)).orElse(ready);
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Takes all events, in the order in which they were read. */
    Stream<EventItem> drain() {
        Stream<EventItem> items = Stream.concat(ready.stream(), waiting.values().stream().flatMap(Deque::stream))
                .sorted(Comparator.comparingLong(EventItem::index)).toList().stream();
        ready = new ArrayDeque<>();
        waiting.clear();
        ended.clear();
        size = 0;
        return items;
    }
}
