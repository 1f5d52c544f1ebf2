package io.github.camellago.events;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The events that a delivery has to send. It ends if reading fails, so that no event is skipped. Thread-safe. */
final class ItemSource {

    private final Iterator<EventItem> events;
    private Iterator<EventItem> again = Collections.emptyIterator();
    private Remaining remaining;
    private RuntimeException failure;

    ItemSource(Iterator<EventItem> events) {
        this.events = events;
    }

    /** Adds events that are to be read before all others. */
    synchronized void again(Stream<EventItem> items) {
        Iterator<EventItem> first = items.iterator();
        if (first.hasNext()) {
            Iterator<EventItem> second = again;
            again = new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return first.hasNext() || second.hasNext();
                }

                @Override
                public EventItem next() {
                    return first.hasNext() ? first.next() : second.next();
                }
            };
        }
    }

    /** The next event, or null. */
    synchronized EventItem poll() {
        return again.hasNext() ? again.next() : read();
    }

    synchronized boolean isEmpty() {
        return !again.hasNext() && !hasMore();
    }

    /** Why the events could not be read to their end, or null. */
    synchronized RuntimeException failure() {
        return failure;
    }

    /** The events that {@link #poll} would return. They may be read here repeatedly, and stay there. */
    synchronized Iterable<EventItem> remaining() {
        remaining = new Remaining(again);
        again = remaining.iterator(false);
        return remaining;
    }

    private boolean hasMore() {
        return attempt(events::hasNext, false);
    }

    private EventItem read() {
        return attempt(() -> events.hasNext() ? events.next() : null, null);
    }

    private <T> T attempt(Supplier<T> reading, T otherwise) {
        try {
            return failure == null ? reading.get() : otherwise;
        } catch (RuntimeException e) {
            failure = e;
        } catch (Error e) {
            failure = new IllegalStateException("Reading events failed: " + e, e);
        }
        return otherwise;
    }

    /** Events that are recorded in a file while they are read for the first time. */
    private final class Remaining implements Iterable<EventItem> {

        private final LinesFile<KeptEvent> file = new LinesFile<>(KeptEvent.class);

        Remaining(Iterator<EventItem> first) {
            first.forEachRemaining(this::record);
        }

        @Override
        public Iterator<EventItem> iterator() {
            return iterator(true);
        }

        /** @param readsOn whether the iterator reads the source behind the events that are recorded */
        Iterator<EventItem> iterator(boolean readsOn) {
            Iterator<KeptEvent> recorded = file.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return recorded.hasNext() || readsOn && recordNext();
                }

                @Override
                public EventItem next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return recorded.next().item();
                }
            };
        }

        private void record(EventItem item) {
            file.add(KeptEvent.of(item, null).toJson());
        }

        private boolean recordNext() {
            synchronized (ItemSource.this) {
                EventItem next = remaining == this ? read() : null;
                if (next != null) {
                    record(next);
                }
                return next != null;
            }
        }
    }
}
