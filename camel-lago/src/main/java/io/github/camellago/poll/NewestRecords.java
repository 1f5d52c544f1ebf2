package io.github.camellago.poll;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Collects records by their hashes, and lets those go that were created too early to matter. */
final class NewestRecords {

    private static final int FEW = 10_000;

    private final Map<Long, Long> records = new HashMap<>();
    private final int most;
    private final LongSupplier wanted;
    private final LongSupplier needed;
    private long floor = Long.MIN_VALUE;
    private int pruneAt = FEW;

    /**
     * @param most   how many are kept at most that are wanted only
     * @param wanted says from when on records are wanted, in milliseconds
     * @param needed says from when on they are needed, however many they are
     */
    NewestRecords(int most, LongSupplier wanted, LongSupplier needed) {
        this.most = most;
        this.wanted = wanted;
        this.needed = needed;
    }

    void add(long hash, long createdAt) {
        records.put(hash, createdAt);
        if (records.size() > pruneAt) {
            prune();
        }
    }

    private void prune() {
        keepFrom(wanted.getAsLong());
        if (records.size() > most) {
            long[] ages = records.values().stream().mapToLong(Long::longValue).sorted().toArray();
            keepFrom(Math.min(ages[ages.length - most], needed.getAsLong()));
        }
        pruneAt = Math.max(FEW, 2 * records.size());
    }

    private void keepFrom(long keep) {
        floor = Math.max(floor, keep);
        records.values().removeIf(at -> at < keep);
    }

    /** From when on it has all of them, pruned as far as may be. */
    long floor() {
        prune();
        return floor;
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
