package io.github.camellago.poll;

import java.util.HashMap;
import java.util.Map;

/** Collects records and keeps those that were created shortly before the newest of them. */
final class NewestRecords {

    /** Records of one moment may become visible so much later than younger ones: Lago's transactions are not that long. */
    static final long OVERLAP = 60_000;

    private final Map<Long, Long> records = new HashMap<>();
    private long newest = Long.MIN_VALUE;
    private int pruneAt = 10_000;

    void add(long hash, long createdAt) {
        newest = Math.max(newest, createdAt);
        if (createdAt >= newest - OVERLAP) {
            records.put(hash, createdAt);
        }
        if (records.size() > pruneAt) {
            records.values().removeIf(at -> at < newest - OVERLAP);
            pruneAt = Math.max(10_000, 2 * records.size());
        }
    }

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
