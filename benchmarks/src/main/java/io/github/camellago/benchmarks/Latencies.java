package io.github.camellago.benchmarks;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** The times that messages took. Thread-safe. */
final class Latencies {

    private final long[] nanos;
    private final AtomicInteger count = new AtomicInteger();

    /** @param most number of times to keep. Others are dropped */
    Latencies(int most) {
        this.nanos = new long[most];
    }

    void add(long took) {
        int at = count.getAndIncrement();
        if (at < nanos.length) {
            nanos[at] = took;
        }
    }

    /** Milliseconds that a part of all messages took at most. Not to be called while times are added. */
    double quantile(double part) {
        long[] sorted = Arrays.copyOf(nanos, Math.min(nanos.length, count.get()));
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1L, Math.ceil(part * sorted.length) - 1)] / 1e6;
    }
}
