package io.github.camellago.events;

import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery of one message's events. It survives a failure: run again, it goes on with what is not settled, which is how a
 * redelivery neither loses nor repeats anything, even when the events came from an iterator that can be read only once.
 *
 * <p>Events are read, and written as JSON, by the thread that runs it, so that the threads that send find the next batch ready. As many batches are
 * held ready as are under way, and no more.
 */
public final class EventsSession {

    private static final Logger LOG = LoggerFactory.getLogger(EventsSession.class);
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Source source;
    private final boolean single;
    private final boolean inMemory;
    private final EventCounter tally = new EventCounter();
    private final Deque<Batch> unsettled = new ArrayDeque<>();
    private volatile RuntimeException failure;

    /**
     * How to deliver.
     *
     * @param batchSize   events per batch
     * @param concurrency batches under way at a time
     */
    public record Settings(int batchSize, int concurrency) {}

    /**
     * A delivery that has not begun.
     *
     * @param events   the events, numbered
     * @param single   one event per call, to {@code POST /events}
     * @param inMemory whether all events are in memory, so that they may be gathered in a list
     */
    public EventsSession(Iterator<EventItem> events, boolean single, boolean inMemory) {
        this.source = new Source(events);
        this.single = single;
        this.inMemory = inMemory;
    }

    /**
     * Reads and delivers all events, or, run again, all that are not settled, rejected ones among them.
     *
     * @param  executor         for batches that go out side by side
     * @throws RuntimeException when Lago could not be reached or failed (a {@link io.github.camellago.api.LagoException}), or when the events
     *                          could not be read; all that was under way is settled or kept by then
     */
    public synchronized LagoEventsReport run(Settings settings, LagoClient client, Executor executor) {
        failure = null;
        tally.tell(client.observer());
        source.again(tally.takeRejected().items());
        BatchSettler settler = new BatchSettler(client, single, inMemory);
        Deque<Batch> ready = new ArrayDeque<>(unsettled);
        unsettled.clear();
        if (ready.isEmpty()) {
            ready.addAll(read(settings));
        }
        if (ready.size() == 1 && (source.ended || inMemory && source.isEmpty())) {
            settle(ready.poll(), settler);
        } else {
            deliver(ready, new BatchWorkers(settings.concurrency(), executor, batch -> settle(batch, settler)), settings);
        }
        if (failure == null) {
            failure = source.failure;
        }
        if (failure != null) {
            throw failure;
        }
        return tally.report();
    }

    /** What has come of it so far. */
    public LagoEventsReport report() {
        return tally.report();
    }

    /** The positions of the events that Lago had already. Empty where not all events were in memory. */
    public Set<Long> duplicates() {
        return Set.copyOf(tally.known());
    }

    /** The last answer of success, or null if there was none. */
    public LagoResponse lastAnswer() {
        return tally.lastAnswer();
    }

    /** The HTTP status of the last answer that settled something, or null if there was none. */
    public Integer lastStatus() {
        return tally.lastStatus();
    }

    /** Whether all events were in memory when it began, and can be read again. */
    public boolean isInMemory() {
        return inMemory;
    }

    /** Whether the events could not be read to their end. This delivery does not try again, lest it skips one. */
    public boolean sourceFailed() {
        return source.failure != null;
    }

    /**
     * After a failure, the events that are not delivered: rejected ones, those that were on their way, and all that was not read. Each has the
     * transaction_id and timestamp that it was sent with, so that whoever sends it again sends the same event. It is the event itself where the
     * message was one event; a List where all of them were in memory; else {@link UndeliveredEvents}.
     */
    public synchronized Object undelivered() {
        List<EventItem> left = new ArrayList<>();
        unsettled.forEach(batch -> batch.pending().forEach(e -> left.add(e.item())));
        if (single && left.size() == 1) {
            return EventEncoder.completed(left.get(0));
        }
        if (!inMemory) {
            return new UndeliveredEvents(tally.rejected(), left, source::poll);
        }
        List<EventItem> rest = new ArrayList<>();
        for (EventItem item = source.poll(); item != null; item = source.poll()) {
            rest.add(item);
        }
        source.again(rest.stream());
        left.addAll(rest);
        tally.rejected().items().forEach(left::add);
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return EventEncoder.completed(left.get(index));
            }

            @Override
            public int size() {
                return left.size();
            }
        };
    }

    private void deliver(Deque<Batch> ready, BatchWorkers crew, Settings settings) {
        long nextProgress = System.nanoTime() + PROGRESS_NANOS;
        try {
            while (failure == null && !ready.isEmpty()) {
                crew.hand(ready.peek());
                ready.poll();
                if (ready.isEmpty()) {
                    ready.addAll(read(settings));
                }
                if (System.nanoTime() - nextProgress >= 0) {
                    nextProgress = System.nanoTime() + PROGRESS_NANOS;
                    LOG.info("Sending events to Lago, so far: {}", tally);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(new IllegalStateException("Interrupted while sending events", e));
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            crew.finish();
            unsettled.addAll(ready);
        }
    }

    /** The next batch; none where there are no more events. */
    private List<Batch> read(Settings settings) {
        List<EncodedEvent> encoded = new ArrayList<>(Math.min(settings.batchSize(), 128));
        int read = 0;
        while (read < settings.batchSize()) {
            EventItem item = source.poll();
            if (item == null) {
                break;
            }
            read++;
            try {
                encoded.add(EventEncoder.encode(item));
            } catch (EventEncoder.Refused refused) {
                tally.rejected(item, refused.reasons());
            }
        }
        return read == 0 ? List.of() : List.of(new Batch(encoded));
    }

    /** Delivers a batch, or puts it back where that fails or something has failed before. */
    private void settle(Batch batch, BatchSettler settler) {
        try {
            if (failure == null) {
                settler.settle(batch, tally);
            }
        } catch (RuntimeException e) {
            failed(e);
        } catch (Error e) {
            failed(new IllegalStateException("Sending events failed: " + e, e));
        } finally {
            if (!batch.pending().isEmpty()) {
                synchronized (unsettled) {
                    unsettled.add(batch);
                }
            }
        }
    }

    private void failed(RuntimeException e) {
        synchronized (unsettled) {
            if (failure == null) {
                failure = e;
            } else if (failure != e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** The events to deliver. Once reading has failed there are no more: nothing is skipped where one could not be read. */
    private static final class Source {

        private final Iterator<EventItem> events;
        private Iterator<EventItem> again = Collections.emptyIterator();
        private RuntimeException failure;
        private boolean ended;

        Source(Iterator<EventItem> events) {
            this.events = events;
        }

        /** Gives events once more, before any others. */
        void again(Stream<EventItem> rejected) {
            Iterator<EventItem> first = rejected.iterator();
            if (first.hasNext()) {
                Iterator<EventItem> second = again;
                again = second.hasNext() ? new Chain(first, second) : first;
                ended = false;
            }
        }

        /** The next event, or null. */
        EventItem poll() {
            if (again.hasNext()) {
                return again.next();
            }
            EventItem next = isEmpty() ? null : take();
            ended = next == null;
            return next;
        }

        boolean isEmpty() {
            try {
                return !again.hasNext() && (failure != null || !events.hasNext());
            } catch (RuntimeException e) {
                failure = e;
                return true;
            }
        }

        private EventItem take() {
            try {
                return events.next();
            } catch (RuntimeException e) {
                failure = e;
                return null;
            }
        }
    }

    private record Chain(Iterator<EventItem> first, Iterator<EventItem> second) implements Iterator<EventItem> {

        @Override
        public boolean hasNext() {
            return first.hasNext() || second.hasNext();
        }

        @Override
        public EventItem next() {
            return first.hasNext() ? first.next() : second.next();
        }
    }
}
