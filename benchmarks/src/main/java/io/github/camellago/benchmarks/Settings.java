package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How long to measure, and what.
 *
 * @param time   how long each run lasts
 * @param rounds how often all runs take turns; the median counts
 * @param delays how many milliseconds the server takes to answer
 * @param only   parts of the names of the runs to make; all when empty
 */
record Settings(Duration time, int rounds, List<Integer> delays, List<String> only) {

    static Settings fromSystemProperties() {
        return new Settings(Duration.ofMillis((long) (1000 * Double.parseDouble(System.getProperty("benchmark.seconds", "5")))),
                Integer.getInteger("benchmark.rounds", 5),
                list("benchmark.delays", "1,20").stream().map(Integer::valueOf).toList(), list("benchmark.only", ""));
    }

    boolean wants(String name) {
        return only.isEmpty() || only.stream().anyMatch(name::contains);
    }

    private static List<String> list(String property, String byDefault) {
        return Arrays.stream(System.getProperty(property, byDefault).split(",")).map(String::strip).filter(s -> !s.isEmpty())
                .toList();
    }
}
