package io.github.camellago.benchmarks;

import java.time.Duration;

/** One way to do the work. */
interface Contestant extends AutoCloseable {

    String name();

    /**
     * Works for about so long, and returns when all of its requests are answered.
     *
     * @return what this took outside of this JVM, or null when all of it was in here
     */
    Outside run(Duration time) throws Exception;

    @Override
    default void close() throws Exception {}

    /**
     * What a process of its own has used.
     *
     * @param items      how many items it sent or read, its warm-up left out
     * @param requests   how many requests that took
     * @param seconds    how long
     * @param cpuSeconds how much CPU time
     */
    record Outside(long items, long requests, double seconds, double cpuSeconds) {}
}
