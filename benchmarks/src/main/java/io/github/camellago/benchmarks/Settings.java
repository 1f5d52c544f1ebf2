package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What to measure, and for how long.
 *
 * @param time   duration of each run
 * @param rounds number of rounds. The medians are printed
 * @param delays delays of the server's answers in milliseconds
 * @param only   parts of the names of the contestants to run. Empty: all
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
