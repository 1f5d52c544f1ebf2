package io.github.camellago.poll;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import io.github.camellago.client.LagoRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one list for {@code readMode=new}: its {@link Offset}, and the records met since the offset last moved. A record is
 * in flight, or processed, or unknown. One that failed is unknown again, so the next reading delivers it again.
 *
 * <p>Readings may overlap, as records of one may still be in flight when the next one begins. They move the offset in the order in
 * which they began. Thread-safe.
 */
final class NewList {

    private static final Logger LOG = LoggerFactory.getLogger(NewList.class);
    /** The offset holds no more records than that, so that it fits into a column of a database. */
    private static final int MAX_PROCESSED = 20_000;
    /** Stands for the time of a record that has none. */
    private static final long NO_TIME = Long.MAX_VALUE;

    private final NewSelection selection;
    private final String name;
    private final Deque<NewReading> running = new ArrayDeque<>();
    /** The number of its reading, negative, if a record is in flight; else its time. Null if empty: there may be very many lists. */
    private LongLongMap records;
    private Offset offset;
    private String offsetText;
    private long readings;
    private volatile long moves;
    private long failedUpTo;
    private boolean warned;
    private boolean limited;
    private boolean unreadable;

    NewList(NewSelection selection, String name) {
        this.selection = selection;
        this.name = name;
    }

    NewReading begin() {
        NewReading reading = null;
        while (reading == null) {
            long before = moves;
            // may take long: the lock is not held meanwhile
            String text = selection.offset(name);
            reading = begin(before, text);
        }
        return reading;
    }

    /** Null if the offset was moved since the text was read. */
    private synchronized NewReading begin(long movesBefore, String text) {
        if (moves != movesBefore) {
            return null;
        }
        if (!Objects.equals(text, offsetText)) {
            // another instance has moved it, or this is the first reading
            offset = Offset.parse(text);
            offsetText = text;
            if (text != null && offset == null && !unreadable) {
                unreadable = true;
                LOG.warn("The offset of {} in the offsetRepository is not readable; the list is read again from its beginning",
                        name);
            }
        }
        NewReading reading = new NewReading(selection, this, offset, ++readings);
        running.add(reading);
        return reading;
    }

    String identity(LagoRecord record) {
        String identity = selection.keys.identity(name, record);
        return identity == null ? name + '#' + record.contentDigest() : identity;
    }

    /** Whether the offset covers a record. */
    synchronized boolean covers(long hash, Long createdAt) {
        return offset != null && offset.covers(hash, createdAt);
    }

    /** Puts an unknown record in flight. Returns a negative number if it is in flight already, 0 if it was processed. */
    synchronized int claim(long hash, Long createdAt, NewReading reading) {
        if (covers(hash, createdAt)) {
            return 0;
        }
        if (records == null) {
            records = new LongLongMap(LongLongMap.forHeap());
        }
        long known = records.get(hash);
        if (known != 0) {
            return known < 0 ? -1 : 0;
        }
        if (!records.put(hash, -reading.number) && !warned) {
            warned = true;
            LOG.warn(
                    "{} has more than {} new records, and there is no memory to remember more until the list was read completely."
                            + " Records that are read again before are processed again. Set idempotentRepository, or give the JVM more heap",
                    name, records.limit());
        }
        reading.inFlight++;
        return 1;
    }

    synchronized void processed(long hash, Long createdAt, NewReading reading) {
        records.put(hash, createdAt == null ? NO_TIME : Math.max(1, createdAt));
        reading.inFlight--;
        moveOffset();
    }

    /** The offset must not move to where a reading has come that met a record before it failed. */
    synchronized void failed(long hash, NewReading reading) {
        records.put(hash, 0);
        reading.inFlight--;
        failedUpTo = readings;
    }

    synchronized void end(NewReading reading, boolean complete) {
        reading.ended = true;
        reading.complete = complete;
        moveOffset();
    }

    /** A reading moves the offset when everything that it and the readings before it have claimed was processed. */
    private void moveOffset() {
        NewReading first = running.peek();
        while (first != null && first.ended && first.inFlight == 0) {
            running.poll();
            if (first.complete && first.number > failedUpTo) {
                move(first);
            }
            first = running.peek();
        }
    }

    private void move(NewReading reading) {
        Offset to = reading.moved(offset);
        Map<Long, Long> processed = new HashMap<>();
        if (offset != null) {
            processed.putAll(offset.processed());
        }
        if (records != null) {
            records.forEach((hash, time) -> {
                if (time > 0 && time != NO_TIME && time >= to.floor()) {
                    processed.put(hash, time);
                }
            });
        }
        processed.values().removeIf(time -> time < to.floor());
        Offset moved = new Offset(limit(processed, to.floor(), reading.needed()), to.wholeAt(), processed);
        if (!moved.sameAs(offset)) {
            String text = moved.toText();
            selection.move(name, text);
            offsetText = text;
        }
        offset = moved;
        moves++;
        if (records != null && records.removeIf(time -> time > 0 && time != NO_TIME)) {
            records = null;
        }
    }

    /** Drops the oldest of too many records, unless they are needed, and returns the floor after that. */
    private long limit(Map<Long, Long> processed, long floor, long needed) {
        if (processed.size() <= MAX_PROCESSED) {
            return floor;
        }
        long[] times = processed.values().stream().mapToLong(Long::longValue).sorted().toArray();
        long limit = Math.max(floor, Math.min(needed, times[times.length - MAX_PROCESSED]));
        processed.values().removeIf(time -> time < limit);
        if (selection.repository != null) {
            // the repository has those that are dropped
            return floor;
        }
        if (limit > floor && !limited) {
            limited = true;
            LOG.warn(
                    "{} gets more than {} records within fullReadInterval. A back-dated record that was created before the last {} is"
                            + " missed. Set idempotentRepository, or a shorter fullReadInterval",
                    name, MAX_PROCESSED, MAX_PROCESSED);
        }
        return limit;
    }
}
