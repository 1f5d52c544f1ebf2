package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.camellago.api.LagoException;

/**
 * Divides a batch on which the server fails with status 500 or 400, to find the events that cause it. As long as nothing is stored, it goes down to one event
 * and then tries each of the other parts once: in an outage, that is about twice the number of times that the batch can be halved.
 */
final class Isolation {

    private static final int BAD_REQUEST = 400;
    static final int SERVER_ERROR = 500;

    private final Consumer<Batch> sender;
    /** parts that were not tried, the next one first */
    private final Deque<Batch> untried = new ArrayDeque<>();
    /** parts of more than one event that failed, and were not divided because nothing is stored so far */
    private final Deque<Batch> failed = new ArrayDeque<>();
    /** single events that failed */
    private final Deque<Batch> suspects = new ArrayDeque<>();
    private boolean up;
    private LagoException failure;

    /**
     * @param up     whether the server is known to store events; if not, one of these events has to prove it
     * @param sender sends a batch once; if that fails, the batch holds what is not resolved
     */
    Isolation(List<EncodedEvent> events, boolean up, Consumer<Batch> sender) {
        this.up = up;
        this.sender = sender;
        divide(events);
    }

    /**
     * Resolves all events but those on which the server fails.
     *
     * @throws LagoException if the server fails on everything, or a call fails in another way
     */
    void run() {
        while (!untried.isEmpty()) {
            boolean searching = !up && !suspects.isEmpty();
            // the largest part is the last one
            Batch part = searching ? untried.pollLast() : untried.poll();
            if (resolves(part, untried)) {
                up = true;
            } else if (part.pending().size() == 1) {
                suspects.add(part);
            } else if (searching) {
                failed.add(part);
            } else {
                divide(part.pending());
            }
            if (up) {
                failed.forEach(other -> divide(other.pending()));
                failed.clear();
            }
        }
        if (!up) {
            throw failure;
        }
    }

    /** Tries each event again on which the server failed when it was sent alone. */
    void retrySuspects() {
        for (int i = suspects.size(); i > 0; i--) {
            Batch suspect = suspects.poll();
            if (!resolves(suspect, suspects)) {
                suspects.add(suspect);
            }
        }
    }

    /** The events on which the server failed each time they were sent alone. */
    List<EncodedEvent> suspects() {
        return events(suspects).toList();
    }

    /** Whether a failure may be the fault of one event, although it names none. Lago itself refuses events with 422 alone. */
    static boolean isFor(LagoException failure) {
        return failure.getStatusCode() == SERVER_ERROR || failure.getStatusCode() == BAD_REQUEST;
    }

    /** The events that are not resolved. */
    List<EncodedEvent> pending() {
        return Stream.of(suspects, failed, untried).flatMap(Isolation::events).toList();
    }

    /** The suspects are resolved too. */
    void done() {
        suspects.clear();
    }

    private static Stream<EncodedEvent> events(Deque<Batch> parts) {
        return parts.stream().flatMap(part -> part.pending().stream());
    }

    private void divide(List<EncodedEvent> events) {
        int half = events.size() / 2;
        untried.addFirst(new Batch(events.subList(half, events.size())));
        if (half > 0) {
            untried.addFirst(new Batch(events.subList(0, half)));
        }
    }

    /** Whether a part is resolved; if not, the server failed on it with 500 or 400. Any other failure puts it back. */
    private boolean resolves(Batch part, Deque<Batch> back) {
        try {
            sender.accept(part);
            return true;
        } catch (RuntimeException | Error e) {
            if (e instanceof LagoException lago && isFor(lago)) {
                failure = lago;
                return false;
            }
            back.addFirst(part);
            throw e;
        }
    }
}
