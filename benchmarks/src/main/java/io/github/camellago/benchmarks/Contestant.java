package io.github.camellago.benchmarks;

import java.time.Duration;

/** One implementation that is measured. */
interface Contestant extends AutoCloseable {

    String name();

    /**
     * Works for about the given time, and returns when all of its requests have been answered.
     *
     * @return what a process of its own used, or null if all work was done in this JVM
     */
    Outside run(Duration time) throws Exception;

    /** The number of items so far, or -1 if the server counts them. */
    default long items() {
        return -1;
    }

    @Override
    default void close() throws Exception {}

    /**
     * The resources that a separate process used.
     *
     * @param items      number of items sent or read, without the warm-up
     * @param requests   number of requests
     * @param seconds    duration
     * @param cpuSeconds CPU time
     */
    record Outside(long items, long requests, double seconds, double cpuSeconds) {}
}
