package io.github.camellago.benchmarks;

import java.io.File;
import java.util.Map;
import java.util.TreeMap;

import io.github.camellago.benchmarks.contract.PrismRun;

/** Starts the benchmark that the system property {@code benchmark} names. */
public final class Benchmarks {

    /** A benchmark. Prints its own table. */
    @FunctionalInterface
    interface Benchmark {
        void run(Settings settings, Ratios ratios) throws Exception;
    }

    private static final Map<String, Benchmark> ALL = new TreeMap<>(Map.<String, Benchmark>of(
            "events", new EventsBenchmark(),
            "messages", new SingleMessagesBenchmark(),
            "growth", new GrowthBenchmark(),
            "reading", new ReadingBenchmark(),
            "start", new StartBenchmark(),
            "store", new StoreBenchmark(),
            "keys", new KeysBenchmark(),
            "connect", new ConnectBenchmark(),
            "compare", (settings, ratios) -> Ratios.compareFiles(System.getProperty("benchmark.before"),
                    System.getProperty("benchmark.after"),
                    Double.parseDouble(System.getProperty("benchmark.tolerance", "0.1"))),
            "contract",
            (settings, ratios) -> PrismRun.main(System.getProperty("lago.openapi"), System.getProperty("benchmark.prism"))));

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        String name = System.getProperty("benchmark", "events");
        Benchmark benchmark = ALL.get(name);
        if (benchmark == null) {
            throw new IllegalArgumentException("Unknown benchmark " + name + ". Known: " + ALL.keySet());
        }
        try {
            Ratios ratios = new Ratios();
            benchmark.run(Settings.fromSystemProperties(), ratios);
            String file = System.getProperty("benchmark.json", "");
            if (!file.isEmpty() && !ratios.all().isEmpty()) {
                ratios.write(new File(file));
                System.out.println("Ratios: " + file);
            }
        } catch (Throwable e) {
            // threads of contestants would keep this JVM alive
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }
}
