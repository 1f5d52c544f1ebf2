package io.github.camellago.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import io.github.camellago.benchmarks.Ratios.Better;

/** From the start of a process to the first event accepted: the component, and the same route with camel-http. */
final class StartBenchmark implements Benchmarks.Benchmark {

    private static final String OPTIONS = System.getProperty("benchmark.start.options", "");

    /**
     * A process from its start to its end.
     *
     * @param millis     duration
     * @param cpuMillis  CPU time, with compilation and garbage collection
     * @param classes    number of loaded classes
     * @param catalogCpu CPU time for the catalog of the component, in milliseconds
     * @param catalogKb  memory allocated for it
     */
    record Start(double millis, double cpuMillis, double classes, double catalogCpu, double catalogKb) {}

    @Override
    public void run(Settings settings, Ratios ratios) throws Exception {
        try (ServerProcess server = ServerProcess.start(EventAnswers.class)) {
            Map<String, List<Start>> starts = run(server, settings.rounds());
            System.out.printf("%nA process that sends one event, %d rounds, medians%n%n", settings.rounds());
            Table table = new Table("", "ms", "CPU ms", "classes");
            starts.forEach((name, list) -> table.row(name, median(list, Start::millis), median(list, Start::cpuMillis),
                    median(list, Start::classes)));
            System.out.println(table);
            Table goals = new Table("ratio", "measured", "goal");
            double wall = ratio(starts, Start::millis);
            double cpu = ratio(starts, Start::cpuMillis);
            goals.row("ms, lago : http", wall, 1.1);
            goals.row("CPU ms, lago : http", cpu, 1.1);
            List<Start> lago = starts.get("lago");
            double catalog = median(lago, start -> 100 * start.catalogCpu() / start.cpuMillis());
            goals.row("catalog, % of the CPU time", catalog, 3.0);
            goals.row("catalog, allocated MB", median(lago, Start::catalogKb) / 1024, 5.0);
            System.out.println(goals);
            ratios.add("start: ms, lago : http", wall, Better.LOWER);
            ratios.add("start: CPU ms, lago : http", cpu, Better.LOWER);
            ratios.add("start: catalog, % of the CPU time", catalog, Better.LOWER);
        }
    }

    /** The first round is a warm-up of the machine, and does not count. */
    static Map<String, List<Start>> run(ServerProcess server, int rounds) throws Exception {
        Map<String, List<Start>> starts = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (String name : List.of("lago", "http")) {
                Start start = start(name, server.url());
                if (round > 0) {
                    starts.computeIfAbsent(name, n -> new ArrayList<>()).add(start);
                }
            }
        }
        return starts;
    }

    private static Start start(String name, String url) throws Exception {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        Arrays.stream(OPTIONS.split(" ")).filter(option -> !option.isEmpty()).forEach(command::add);
        command.addAll(List.of("-classpath", classPath(), FirstEvent.class.getName(), name, url));
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = out.readLine();
            double millis = (System.nanoTime() - begun) / 1e6;
            if (process.waitFor() != 0 || line == null) {
                throw new IllegalStateException(name + " failed");
            }
            double[] figures = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
            return new Start(millis, figures[0], figures[1], figures[2], figures[3]);
        }
    }

    /** Without the Scala module of Kafka's broker, with which Jackson would load a part of Scala's library. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("jackson-module-scala")).collect(Collectors.joining(File.pathSeparator));
    }

    private static double median(List<Start> starts, ToDoubleFunction<Start> figure) {
        double[] sorted = starts.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static double ratio(Map<String, List<Start>> starts, ToDoubleFunction<Start> figure) {
        double[] ratios = new double[starts.get("lago").size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(starts.get("lago").get(i)) / figure.applyAsDouble(starts.get("http").get(i));
        }
        Arrays.sort(ratios);
        return ratios[ratios.length / 2];
    }
}
