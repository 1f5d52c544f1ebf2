package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Events that wait until what they refer to has been looked up, in the order in which they were read. For one thread. */
final class LookupQueue {

    private record Waiting(EventItem item, CompletableFuture<Void> lookup) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>();

    void add(EventItem item, CompletableFuture<Void> lookup) {
        waiting.add(new Waiting(item, lookup));
    }

    /** Takes the first event if its lookup has ended. Returns null otherwise. */
    EventItem poll() {
        return waiting.isEmpty() || !waiting.peek().lookup().isDone() ? null : waiting.poll().item();
    }

    /** Waits for the lookup of the first event. */
    void await() throws InterruptedException {
        try {
            waiting.peek().lookup().get();
        } catch (ExecutionException | CancellationException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    /** Takes all events. */
    Stream<EventItem> drain() {
        Stream<EventItem> items = waiting.stream().map(Waiting::item).toList().stream();
        waiting.clear();
        return items;
    }
}
