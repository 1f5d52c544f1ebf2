package io.github.camellago.poll;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Collects records by their hashes, and lets those go that were created too early to matter. */
final class NewestRecords {

    /** Records of one moment may become visible so much later than younger ones: Lago's transactions are not that long. */
    static final long OVERLAP = 60_000;
    /** The same where nothing has come for long. */
    static final long SHORT_OVERLAP = 5_000;

    private static final int FEW = 10_000;

    private final Map<Long, Long> records = new HashMap<>();
    private final LongSupplier from;
    private long newest = Long.MIN_VALUE;
    private int pruneAt = FEW;

    /** @param from says from when on records matter, in milliseconds */
    NewestRecords(LongSupplier from) {
        this.from = from;
    }

    void add(long hash, long createdAt) {
        newest = Math.max(newest, createdAt);
        records.put(hash, createdAt);
        if (records.size() > pruneAt) {
            long keep = from.getAsLong();
            records.values().removeIf(at -> at < keep);
            pruneAt = Math.max(FEW, 2 * records.size());
        }
    }

    /** When the newest of all was created. */
    long newest() {
        return newest;
    }

    /** Those created at or after a moment. */
    Map<Long, Long> since(long floor) {
        Map<Long, Long> since = new HashMap<>();
        records.forEach((hash, at) -> {
            if (at >= floor) {
                since.put(hash, at);
            }
        });
        return since;
    }
}
