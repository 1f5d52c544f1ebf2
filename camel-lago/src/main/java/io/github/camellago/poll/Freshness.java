package io.github.camellago.poll;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Moment;

/**
 * Lago tells {@code updated_at} in whole seconds, so that a record read in the very second of a change may change again without
 * showing it there. For as long as a time is that young, the record's content counts as well. Thread-safe.
 */
final class Freshness {

    /** The second itself, and how far clocks may be apart. */
    private static final long MILLIS = 10_000;
    /** A bound for memory; records beyond it go by {@code updated_at} alone. */
    private static final int MOST = 100_000;

    private final Map<Long, Note> notes = new ConcurrentHashMap<>();

    /**
     * A version that may not be the last one of its time.
     *
     * @param content    a hash of what it looked like
     * @param settlesAt  from when on its time is no longer young, in milliseconds
     */
    record Note(long content, long settlesAt) {}

    /** A note on a record whose time was young when it was read, else null. */
    Note note(LagoRecord record, long readAt) {
        String updated = record.field("updated_at");
        if (updated == null || notes.size() >= MOST) {
            return null;
        }
        Long at = Moment.millis(updated);
        long settlesAt = at == null ? 0 : at + MILLIS;
        return readAt < settlesAt ? new Note(Hash.of(record.contentDigest()), settlesAt) : null;
    }

    void remember(long hash, Note note) {
        if (note == null) {
            notes.remove(hash);
        } else {
            notes.put(hash, note);
        }
    }

    /** Whether a record with the same {@code updated_at} as before has changed since. */
    boolean differs(long hash, LagoRecord record, long readAt) {
        Note note = notes.get(hash);
        if (note == null) {
            return false;
        }
        if (note.content != Hash.of(record.contentDigest())) {
            return true;
        }
        if (readAt >= note.settlesAt) {
            notes.remove(hash);
        }
        return false;
    }

    /** Forgets what has settled long ago and was not read since. */
    void prune() {
        long now = System.currentTimeMillis();
        notes.values().removeIf(note -> now > note.settlesAt + 60 * MILLIS);
    }
}
