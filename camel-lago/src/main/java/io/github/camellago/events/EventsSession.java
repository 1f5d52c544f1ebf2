package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery of one message's events. It survives a failure: run again, it goes on with what is not settled, which is how a
 * redelivery neither loses nor repeats anything, even when the events came from an iterator that can be read only once.
 */
public final class EventsSession {

    private static final Logger LOG = LoggerFactory.getLogger(EventsSession.class);
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Iterator<EventItem> events;
    private final Settings settings;
    private final Settler settler;
    private final Tally tally = new Tally();
    private final Deque<Batch> unsettled = new ArrayDeque<>();
    private RuntimeException failure;
    private long nextProgress;

    /**
     * How to deliver.
     *
     * @param batchSize   events per batch
     * @param concurrency batches under way at a time
     * @param single      one event per call, to {@code POST /events}
     */
    public record Settings(int batchSize, int concurrency, boolean single) {}

    public EventsSession(Iterator<EventItem> events, Settings settings, LagoClient client) {
        this.events = events;
        this.settings = settings;
        this.settler = new Settler(client, settings.single());
    }

    /**
     * Reads and delivers all events, or, run again, all that are not settled, rejected ones among them.
     *
     * @param  executor                                     for batches that go out side by side
     * @throws io.github.camellago.client.LagoException when Lago could not be reached or failed
     */
    public LagoEventsReport run(Executor executor) {
        failure = null;
        nextProgress = System.nanoTime() + PROGRESS_NANOS;
        List<EventItem> again = tally.takeRejected();
        if (!again.isEmpty()) {
            unsettled.add(encode(again));
        }
        List<EventItem> batch = read();
        if (unsettled.isEmpty() && (batch.size() < settings.batchSize() || !more())) {
            deliver(batch);
        } else {
            deliverConcurrently(executor, batch);
        }
        if (failure != null) {
            throw failure;
        }
        return tally.report();
    }

    public LagoEventsReport report() {
        return tally.report();
    }

    /** The last answer of success, or null if there was none. */
    public LagoResponse lastAnswer() {
        return tally.lastAnswer();
    }

    private void deliverConcurrently(Executor executor, List<EventItem> first) {
        Semaphore free = new Semaphore(settings.concurrency());
        Deque<Batch> again = new ArrayDeque<>(unsettled);
        unsettled.clear();
        List<EventItem> items = first;
        try {
            while (!failed() && (!again.isEmpty() || !items.isEmpty())) {
                free.acquire();
                Runnable work;
                if (again.isEmpty()) {
                    List<EventItem> read = items;
                    work = () -> deliver(read);
                    items = List.of();
                } else {
                    Batch batch = again.poll();
                    work = () -> settle(batch);
                }
                executor.execute(() -> {
                    try {
                        work.run();
                    } finally {
                        free.release();
                    }
                });
                if (items.isEmpty() && !failed()) {
                    items = read();
                }
                progress();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(new IllegalStateException("Interrupted while delivering events", e));
        } finally {
            free.acquireUninterruptibly(settings.concurrency());
            synchronized (this) {
                unsettled.addAll(again);
                if (!items.isEmpty()) {
                    unsettled.add(encode(items));
                }
            }
        }
    }

    private List<EventItem> read() {
        List<EventItem> batch = new ArrayList<>(Math.min(settings.batchSize(), 128));
        while (batch.size() < settings.batchSize() && more()) {
            try {
                batch.add(events.next());
            } catch (RuntimeException e) {
                failed(e);
            }
        }
        return batch;
    }

    /** Whether there is another event; where the source fails, what it gave before is still delivered. */
    private boolean more() {
        try {
            return !failed() && events.hasNext();
        } catch (RuntimeException e) {
            failed(e);
            return false;
        }
    }

    private void deliver(List<EventItem> items) {
        settle(encode(items));
    }

    private Batch encode(List<EventItem> items) {
        List<EncodedEvent> encoded = new ArrayList<>(items.size());
        for (EventItem item : items) {
            try {
                encoded.add(EventEncoder.encode(item));
            } catch (EventEncoder.Refused refused) {
                tally.rejected(item, refused.reasons());
            }
        }
        return new Batch(encoded);
    }

    private void settle(Batch batch) {
        try {
            settler.settle(batch, tally);
        } catch (RuntimeException e) {
            synchronized (this) {
                unsettled.add(batch);
            }
            failed(e);
        }
    }

    private synchronized void failed(RuntimeException e) {
        if (failure == null) {
            failure = e;
        } else if (failure != e) {
            failure.addSuppressed(e);
        }
    }

    private synchronized boolean failed() {
        return failure != null;
    }

    private void progress() {
        long now = System.nanoTime();
        if (now - nextProgress >= 0) {
            nextProgress = now + PROGRESS_NANOS;
            LOG.info("Sending events to Lago: {} so far", tally.words());
        }
    }
}
