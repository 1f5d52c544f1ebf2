package io.github.camellago.events;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
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
        again = remaining.recorded();
        return remaining;
    }

    private boolean hasMore() {
        try {
            return failure == null && events.hasNext();
        } catch (RuntimeException e) {
            failure = e;
            return false;
        } catch (Error e) {
            failure = failed(e);
            return false;
        }
    }

    private EventItem read() {
        if (!hasMore()) {
            return null;
        }
        try {
            return events.next();
        } catch (RuntimeException e) {
            failure = e;
            return null;
        } catch (Error e) {
            failure = failed(e);
            return null;
        }
    }

    private static RuntimeException failed(Error e) {
        return new IllegalStateException("Reading events failed: " + e, e);
    }

    /** Events that are recorded in a file while they are read for the first time. */
    private final class Remaining implements Iterable<EventItem> {

        private final LinesFile<KeptEvent> file = new LinesFile<>(KeptEvent.class);

        Remaining(Iterator<EventItem> first) {
            first.forEachRemaining(this::record);
        }

        Iterator<EventItem> recorded() {
            Iterator<KeptEvent> lines = file.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return lines.hasNext();
                }

                @Override
                public EventItem next() {
                    return lines.next().item();
                }
            };
        }

        @Override
        public Iterator<EventItem> iterator() {
            Iterator<EventItem> recorded = recorded();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return recorded.hasNext() || recordNext();
                }

                @Override
                public EventItem next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return recorded.next();
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
