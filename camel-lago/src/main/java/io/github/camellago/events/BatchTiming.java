package io.github.camellago.events;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import io.github.camellago.Acknowledge;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.api.RateLimit;

/**
 * When events of several messages are sent, and how many of them in one batch. A batch is sent when it is full, or when its oldest event has waited for
 * {@code batchInterval}. Messages that wait for delivery hold up their sources. While most of the rate limit is left, their batches are sent early: each
 * of the {@code concurrentBatches} carries an equal share of the events that wait, are in flight, or are delivered while their messages have not completed:
 * their sources are about to send the next ones. Not thread-safe, except {@link #completing} and {@link #completes}.
 */
final class BatchTiming {

    private final LagoConfiguration options;
    private final LongSupplier nanoTime;
    private int batches;
    private int events;
    private final AtomicInteger completing = new AtomicInteger();
    private boolean atOnce;
    private long pausedUntil;
    /** No batch is sent early before that time. */
    private long earlyFrom;

    /** @param nanoTime the clock, as {@link System#nanoTime()} */
    BatchTiming(LagoConfiguration options, LongSupplier nanoTime) {
        this.options = options;
        this.nanoTime = nanoTime;
    }

    /** Nothing is in flight. Messages may still be about to complete. */
    void start() {
        batches = 0;
        events = 0;
        atOnce = false;
        pausedUntil = nanoTime.getAsLong();
        earlyFrom = pausedUntil;
    }

    /** Sends what waits, and what is added, without waiting for more. */
    void sendAtOnce() {
        atOnce = true;
    }

    boolean isAtOnce() {
        return atOnce;
    }

    /** Sends nothing for a time. */
    void pause(long millis) {
        pausedUntil = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** A batch was sent. */
    void sent(int size) {
        batches++;
        events += size;
    }

    /** Lago has answered. Early batches are smaller, and need more requests. They use half of the rate limit at most. */
    void answered(RateLimit rate) {
        if (rate.limit() != null && rate.remaining() != null && rate.remaining() < rate.limit() / 2) {
            earlyFrom = nanoTime.getAsLong() + TimeUnit.SECONDS.toNanos(rate.reset() == null ? 1 : rate.reset());
        }
    }

    /** A batch is no longer in flight. */
    void ended(int size) {
        batches--;
        events -= size;
    }

    /** So many messages are about to complete. */
    void completing(int messages) {
        completing.addAndGet(messages);
    }

    /** One of them completes now. Returns whether it is the last one: then the share of the events that wait may have become smaller. */
    boolean completes() {
        return completing.decrementAndGet() == 0;
    }

    /**
     * The number of events to send now in one batch, 0 if they are to wait.
     *
     * @param waiting so many events wait
     * @param since   the oldest of them waits since that time
     */
    int next(int waiting, long since) {
        if (waiting == 0 || batches >= options.getConcurrentBatches()) {
            return 0;
        }
        int most = Math.min(waiting, options.getBatchSize());
        if (atOnce) {
            return most;
        }
        long now = nanoTime.getAsLong();
        if (now - pausedUntil < 0) {
            return 0;
        }
        if (waiting >= options.getBatchSize() || millis(now - since) >= options.getBatchInterval()) {
            return most;
        }
        int share = (waiting + events + completing.get() - 1) / options.getConcurrentBatches() + 1;
        return isDelivered() && now - earlyFrom >= 0 && waiting >= share ? share : 0;
    }

    /** After so many milliseconds, events that wait now may be sent, unless a batch ends or events are added before. 0 if never. */
    long nextMillis(int waiting, long since) {
        // a batch that ends makes room, and sends what has waited for long enough
        if (atOnce || waiting == 0 || batches >= options.getConcurrentBatches()) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        long rest = waiting >= options.getBatchSize() ? 0 : options.getBatchInterval() - millis(now - since);
        if (isDelivered() && earlyFrom - now > 0) {
            rest = Math.min(rest, 1 + millis(earlyFrom - now));
        }
        return Math.max(1, Math.max(rest, millis(pausedUntil - now)));
    }

    private boolean isDelivered() {
        return options.getAcknowledge() == Acknowledge.DELIVERED;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
