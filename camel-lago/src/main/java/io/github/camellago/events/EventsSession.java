package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.UnknownFields;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.client.GuardedObserver;
import io.github.camellago.client.LagoResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery of one message's events. It survives a failure: run again, it continues with the events that are not resolved. So a redelivery neither
 * loses nor repeats an event, even if the events come from an iterator that can be read only once.
 *
 * <p>The calling thread reads the events and writes them as JSON. Other threads send the batches.
 */
public final class EventsSession {

    private static final Logger LOG = LoggerFactory.getLogger(EventsSession.class);
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ItemSource source;
    private final boolean single;
    private final boolean inMemory;
    private final boolean awaited;
    private final EventCounter counter;
    private final Deque<Batch> unresolved = new ArrayDeque<>();
    private volatile RuntimeException failure;

    /**
     * How to deliver.
     *
     * @param batchSize     events per batch
     * @param concurrency   batches in flight at a time
     * @param unknownFields what to do with events that have other fields than Lago reads
     * @param references    what Lago has of that events refer to, or null if this is not checked
     */
    record Settings(int batchSize, int concurrency, UnknownFields unknownFields, References references) {

        static Settings of(LagoConfiguration configuration, References references) {
            return new Settings(configuration.getBatchSize(), configuration.getConcurrentBatches(),
                    configuration.getUnknownFields(), references);
        }
    }

    /**
     * A delivery that has not begun.
     *
     * @param events   the events, numbered
     * @param single   one event per call, to {@code POST /events}
     * @param inMemory whether all events are in memory, so that they may be collected in a list
     * @param awaited  whether a message waits for the result. Its route can send a rejected event again.
     * @param listener gets the result of each event, see {@link EventCounter}
     */
    EventsSession(Iterator<EventItem> events, boolean single, boolean inMemory, boolean awaited,
            BiConsumer<EventItem, Boolean> listener) {
        this.source = new ItemSource(events);
        this.single = single;
        this.inMemory = inMemory;
        this.awaited = awaited;
        this.counter = new EventCounter(listener);
    }

    boolean isSingle() {
        return single;
    }

    /**
     * Reads and delivers all events, or, run again, all that are not resolved, rejected ones included.
     *
     * @param  executor         for batches that are sent concurrently
     * @throws RuntimeException if Lago could not be reached or failed (a {@link io.github.camellago.api.LagoException}), or if the events could
     *                          not be read; no batch is in flight then
     */
    synchronized LagoEventsReport run(Settings settings, BatchResolver resolver, GuardedObserver observer, Executor executor) {
        failure = null;
        counter.observedBy(observer);
        source.again(counter.takeRejected().items());
        References references = settings.references();
        BatchReader reader = new BatchReader(source, settings.batchSize(), settings.unknownFields(),
                references == null ? null : references.check(), counter);
        boolean begun = unresolved.isEmpty();
        if (references != null) {
            unresolved.forEach(this::readUncheckedAgain);
            unresolved.removeIf(Batch::isEmpty);
        }
        Deque<Batch> ready = new ArrayDeque<>(unresolved);
        unresolved.clear();
        if (ready.isEmpty()) {
            Batch batch = reader.next();
            if (batch != null) {
                ready.add(batch);
            }
        }
        if (ready.size() == 1 && reader.isEmpty()) {
            Batch only = ready.poll();
            resolve(only, resolver, awaited && begun && only.pending().size() == 1);
        } else {
            deliver(ready, reader,
                    new BatchWorkers(settings.concurrency(), executor, batch -> resolve(batch, resolver, false)));
        }
        reader.close();
        if (failure == null) {
            failure = source.failure();
        }
        if (failure != null) {
            if (references != null && unresolved.stream().anyMatch(EventsSession::isUnchecked)) {
                references.askAgain();
            }
            throw failure;
        }
        return counter.report();
    }

    private static boolean isUnchecked(Batch batch) {
        return batch.pending().stream().anyMatch(EncodedEvent::unchecked);
    }

    /** Puts the events back that Lago could not be asked about. They may have been sent, so each stays the same event. */
    private void readUncheckedAgain(Batch batch) {
        if (isUnchecked(batch)) {
            source.again(batch.pending().stream().filter(EncodedEvent::unchecked).map(event -> event.item().asSent()));
            batch.keep(batch.pending().stream().filter(event -> !event.unchecked()).toList());
        }
    }

    /** The results so far. */
    LagoEventsReport report() {
        return counter.report();
    }

    /** The rejected events. */
    Rejections rejected() {
        return counter.rejected();
    }

    /** The last answer of success, or null. */
    LagoResponse lastAnswer() {
        return counter.lastAnswer();
    }

    /** The HTTP status of the last answer that resolved an event, or null. */
    Integer lastStatus() {
        return counter.lastStatus();
    }

    /** Whether all events were in memory when the delivery began, and can be read again. */
    boolean isInMemory() {
        return inMemory;
    }

    /** Whether the events could not be read to their end. This delivery does not read on, so that it skips no event. */
    boolean sourceFailed() {
        return source.failure() != null;
    }

    /**
     * After a failure, the events that are not delivered: rejected ones, those that were in flight, and all that was not read. Each has the
     * transaction_id and timestamp that it was sent with, so that sending it again sends the same event. It is the event itself if the message
     * was one event, a List if all events were in memory, and else {@link UndeliveredEvents}.
     */
    synchronized Object undelivered() {
        List<EventItem> left = new ArrayList<>();
        unresolved.forEach(batch -> batch.pending().forEach(event -> left.add(event.item())));
        if (single && left.size() == 1) {
            return left.get(0).completed();
        }
        if (!inMemory) {
            return new UndeliveredEvents(counter.rejected(), left, source);
        }
        List<EventItem> rest = new ArrayList<>();
        for (EventItem item = source.poll(); item != null; item = source.poll()) {
            rest.add(item);
        }
        source.again(rest.stream());
        UndeliveredList list = new UndeliveredList();
        Stream.of(left.stream(), rest.stream(), counter.rejected().items()).flatMap(items -> items)
                .forEach(item -> list.add(item.completed()));
        return list;
    }

    private void deliver(Deque<Batch> ready, BatchReader reader, BatchWorkers workers) {
        long nextProgress = System.nanoTime() + PROGRESS_NANOS;
        try {
            while (failure == null && !ready.isEmpty()) {
                if (!ready.peek().isEmpty()) {
                    workers.submit(ready.peek());
                }
                ready.poll();
                if (ready.isEmpty()) {
                    Batch next = reader.next();
                    if (next != null) {
                        ready.add(next);
                    }
                }
                if (System.nanoTime() - nextProgress >= 0) {
                    nextProgress = System.nanoTime() + PROGRESS_NANOS;
                    LOG.info("Sending events to Lago, so far: {}", counter);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(new IllegalStateException("Interrupted while sending events", e));
        } catch (RuntimeException e) {
            failed(e);
        } catch (Error e) {
            failed(new IllegalStateException("Reading events failed: " + e, e));
        } finally {
            workers.finish();
            unresolved.addAll(ready);
            unresolved.addAll(reader.rest());
        }
    }

    /** Delivers a batch. Keeps what is left of it after a failure, and all of it if another batch has failed before. */
    private void resolve(Batch batch, BatchResolver resolver, boolean lone) {
        try {
            if (failure == null) {
                resolver.resolve(batch, counter, lone);
            }
        } catch (RuntimeException e) {
            failed(e);
        } catch (Error e) {
            failed(new IllegalStateException("Sending events failed: " + e, e));
        } finally {
            if (!batch.isEmpty()) {
                synchronized (unresolved) {
                    unresolved.add(batch);
                }
            }
        }
    }

    private void failed(RuntimeException e) {
        synchronized (unresolved) {
            if (failure == null) {
                failure = e;
            } else if (failure != e) {
                failure.addSuppressed(e);
            }
        }
    }
}
