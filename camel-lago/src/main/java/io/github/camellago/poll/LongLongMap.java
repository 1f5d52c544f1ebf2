package io.github.camellago.poll;

import java.util.BitSet;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;

/**
 * A map from hashes to numbers for millions of entries: 16 bytes each, and at most half as much more, without a spike when it
 * grows. 0 stands for no value. Thread-safe.
 */
final class LongLongMap {

    private static final int SHARDS = 64;
    /** The maximum memory of an entry. */
    private static final int BYTES = 25;
    /** The memory of everything else in a small heap. */
    private static final long OTHERS = 16 << 20;
    private static final long FEW = 10_000;

    private final Shard[] shards = new Shard[SHARDS];
    private final long limit;

    /** @param limit the most entries it takes */
    LongLongMap(long limit) {
        this.limit = limit;
        for (int i = 0; i < SHARDS; i++) {
            shards[i] = new Shard();
        }
    }

    /**
     * As many entries as fit into half of the heap, and, where that is small, into what Camel and the pages leave of the two thirds
     * that are for what lives long.
     */
    static long forHeap() {
        long heap = Runtime.getRuntime().maxMemory();
        long left = heap * 2 / 3 - OTHERS;
        return Math.max(FEW, Math.min(heap / 2, left) / BYTES);
    }

    long limit() {
        return limit;
    }

    /** The value of a key, or 0. */
    long get(long key) {
        return shard(key).get(nonZero(key));
    }

    /**
     * Sets a key's value; 0 removes it.
     *
     * @return false if the table is full and the key is not in it
     */
    boolean put(long key, long value) {
        return shard(key).put(nonZero(key), value, limit / SHARDS + 1);
    }

    /** Marks a key that has a value, until its value is removed or all marks are cleared. */
    void mark(long key) {
        shard(key).mark(nonZero(key));
    }

    boolean isMarked(long key) {
        return shard(key).isMarked(nonZero(key));
    }

    void clearMarks() {
        for (Shard shard : shards) {
            shard.clearMarks();
        }
    }

    /**
     * Removes the entries whose values are such.
     *
     * @return whether none is left
     */
    boolean removeIf(LongPredicate values) {
        boolean empty = true;
        for (Shard shard : shards) {
            empty &= shard.removeIf(values);
        }
        return empty;
    }

    /** Calls an action with each key and its value. */
    void forEach(BiConsumer<Long, Long> action) {
        for (Shard shard : shards) {
            shard.forEach(action);
        }
    }

    private Shard shard(long key) {
        return shards[(int) (key >>> 58)];
    }

    private static long nonZero(long key) {
        return key == 0 ? 1 : key;
    }

    /** Open addressing with linear probing, keys and values side by side. */
    private static final class Shard {

        private static final int FIRST = 16;

        private long[] slots = new long[2 * FIRST];
        private BitSet marks = new BitSet();
        private int used;

        synchronized long get(long key) {
            return slots[find(slots, key) + 1];
        }

        synchronized boolean put(long key, long value, long limit) {
            int at = find(slots, key);
            if (slots[at] == 0) {
                if (value == 0) {
                    return true;
                }
                if (used >= limit) {
                    return false;
                }
                if ((used + 1) * 20L > slots.length / 2 * 17L) {
                    grow();
                    at = find(slots, key);
                }
                slots[at] = key;
                used++;
            }
            slots[at + 1] = value;
            if (value == 0) {
                marks.clear(at / 2);
            }
            return true;
        }

        synchronized void mark(long key) {
            int at = find(slots, key);
            if (slots[at + 1] != 0) {
                marks.set(at / 2);
            }
        }

        synchronized boolean isMarked(long key) {
            return marks.get(find(slots, key) / 2);
        }

        synchronized void clearMarks() {
            marks.clear();
        }

        synchronized boolean removeIf(LongPredicate values) {
            boolean empty = true;
            for (int i = 1; i < slots.length; i += 2) {
                if (slots[i] != 0 && values.test(slots[i])) {
                    slots[i] = 0;
                    marks.clear(i / 2);
                }
                empty &= slots[i] == 0;
            }
            return empty;
        }

        synchronized void forEach(BiConsumer<Long, Long> action) {
            for (int i = 0; i < slots.length; i += 2) {
                if (slots[i + 1] != 0) {
                    action.accept(slots[i], slots[i + 1]);
                }
            }
        }

        private void grow() {
            long[] old = slots;
            BitSet marked = marks;
            marks = new BitSet();
            int live = 0;
            for (int i = 1; i < old.length; i += 2) {
                live += old[i] == 0 ? 0 : 1;
            }
            slots = new long[2 * (live + live / 2 + FIRST)];
            used = live;
            for (int i = 0; i < old.length; i += 2) {
                if (old[i + 1] != 0) {
                    int at = find(slots, old[i]);
                    slots[at] = old[i];
                    slots[at + 1] = old[i + 1];
                    if (marked.get(i / 2)) {
                        marks.set(at / 2);
                    }
                }
            }
        }

        private static int find(long[] slots, long key) {
            int size = slots.length / 2;
            int at = (int) ((key & 0xffffffffL) * size >>> 32);
            while (slots[2 * at] != 0 && slots[2 * at] != key) {
                at = at + 1 == size ? 0 : at + 1;
            }
            return 2 * at;
        }
    }
}
