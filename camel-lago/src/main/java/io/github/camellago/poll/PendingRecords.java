package io.github.camellago.poll;

import java.util.ArrayDeque;
import java.util.Deque;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a list was handed over, or is on its way, since its offset last moved. Readings are numbered, for one may begin while
 * records of the one before are still on their way. Thread-safe.
 */
final class PendingRecords {

    private static final Logger LOG = LoggerFactory.getLogger(PendingRecords.class);
    private static final long COMPLETED = 1;
    /** A record that so many readings have not met, all of which moved the offset, is gone. */
    private static final int MOVES = 8;

    private final String list;
    /** Null as long as there are none: a consumer may read a great many lists. */
    private LongLongMap records;
    private long readings;
    private long open;
    private long underWay;
    private long moved;
    private final Deque<Long> moves = new ArrayDeque<>();
    private long newest = HighWatermark.UNKNOWN;
    private boolean full;

    /** How a record stands. */
    enum State {
        /** it is due */
        FREE,
        /** this reading has met it before */
        MET,
        /** an earlier reading has handed it over, and it has completed */
        COMPLETED,
        /** an earlier reading has handed it over, and it has not completed yet */
        UNDER_WAY
    }

    /** @param list what is read, for the log */
    PendingRecords(String list) {
        this.list = list;
    }

    synchronized long begin() {
        open++;
        return ++readings;
    }

    synchronized void end() {
        open--;
    }

    /** The newest record that a reading has seen which did not move the offset, or {@link HighWatermark#UNKNOWN}. */
    synchronized long newest() {
        return newest;
    }

    synchronized void sawUpTo(long createdAt) {
        newest = createdAt;
    }

    /** Looks a record up; one that is free is then on its way, one that was completed is then met by this reading. */
    synchronized State meet(long hash, long reading) {
        if (records == null) {
            records = new LongLongMap(LongLongMap.forHeap());
        }
        long value = records.get(hash);
        if (value == 0) {
            if (!records.put(hash, reading << 1) && !full) {
                full = true;
                LOG.warn(
                        "{} has more than {} new records, and there is no memory to remember more until the list is read to its end. One"
                                + " that is met again before then, since others have come or an exchange has failed, is handed over again."
                                + " Set idempotentRepository, or give the JVM more heap",
                        list, records.limit());
            }
            underWay++;
            return State.FREE;
        }
        if (value >> 1 == reading) {
            return State.MET;
        }
        if ((value & COMPLETED) == 0) {
            return State.UNDER_WAY;
        }
        records.put(hash, reading << 1 | COMPLETED);
        return State.COMPLETED;
    }

    synchronized void completed(long hash, long reading) {
        underWay--;
        records.put(hash, reading << 1 | COMPLETED);
    }

    synchronized void failed(long hash) {
        underWay--;
        records.put(hash, 0);
    }

    /** Whether the offset may move to where a reading has come. */
    synchronized boolean mayMove(long reading) {
        return reading > moved;
    }

    /**
     * The offset has moved: what the reading met is covered by it, and need not be remembered here. What it did not meet, although
     * an earlier one had handed it over, was moving about in the list, and may yet turn up again.
     */
    synchronized void moved(long reading) {
        moved = reading;
        moves.addLast(reading);
        // an earlier reading's records, which it has not met either
        long tooOld = moves.size() > MOVES ? moves.removeFirst() : 0;
        if (open == 0 && underWay == 0 && records != null
                && records.removeIf(value -> value >> 1 < tooOld || moves.contains(value >> 1))) {
            records = null;
        }
    }
}
