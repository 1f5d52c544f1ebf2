package io.github.camellago.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import io.github.camellago.benchmarks.Ratios.Better;

/** From the start of a process to its first event or record: the component, and the same route with camel-http. */
final class StartBenchmark implements Benchmarks.Benchmark {

    private static final String OPTIONS = System.getProperty("benchmark.start.options", "");
    private static final String FIGURES = "start: ";

    /** What a process does until it ends. */
    enum Program {
        EVENT("first event", EventAnswers.class, FirstEvent.class.getName()), RECORD("first record", InvoicePages.class,
                FirstRecord.class.getName()), SPRING_BOOT("Spring Boot, first event", EventAnswers.class,
                        "io.github.camellago.benchmarks.springboot.FirstEvent");

        private final String title;
        private final Class<? extends FastServer.Answers> answers;
        private final String mainClass;

        Program(String title, Class<? extends FastServer.Answers> answers, String mainClass) {
            this.title = title;
            this.answers = answers;
            this.mainClass = mainClass;
        }

        ServerProcess server() throws IOException {
            return ServerProcess.start(answers);
        }

        private String classPath(String name) throws Exception {
            if (this != SPRING_BOOT) {
                // Kafka's modules of Jackson, one of which loads a part of Scala's library
                return without(System.getProperty("java.class.path"), "jackson-module-");
            }
            try (InputStream file = StartBenchmark.class.getResourceAsStream("/spring-boot.classpath")) {
                String all = new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
                Path program = Path.of(Class.forName(mainClass, false, StartBenchmark.class.getClassLoader())
                        .getProtectionDomain().getCodeSource().getLocation().toURI());
                return program + File.pathSeparator + (name.equals("lago")
                        ? without(all, "camel-http-starter", "camel-jackson")
                        : without(all, "camel-lago", "camel-webhook", "nimbus-jose-jwt"));
            }
        }

        private static String without(String classPath, String... jars) {
            return Arrays.stream(classPath.split(File.pathSeparator))
                    .filter(entry -> Arrays.stream(jars).noneMatch(Path.of(entry).getFileName().toString()::startsWith))
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

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
        for (Program program : Program.values()) {
            if (settings.wants(program.title)) {
                try (ServerProcess server = program.server()) {
                    print(program, run(program, server, settings.rounds()), ratios);
                }
            }
        }
    }

    private static void print(Program program, Map<String, List<Start>> starts, Ratios ratios) {
        List<Start> lago = starts.get("lago");
        System.out.printf("%n%s, %d rounds, medians%n%n", program.title, lago.size());
        Table table = new Table("", "ms", "CPU ms", "classes");
        starts.forEach((name, list) -> table.row(name, Median.of(list, Start::millis), Median.of(list, Start::cpuMillis),
                Median.of(list, Start::classes)));
        System.out.println(table);
        Table goals = new Table("ratio", "measured", "goal");
        double wall = ratio(starts, Start::millis);
        double cpu = ratio(starts, Start::cpuMillis);
        goals.row("ms, lago : http", wall, 1.1);
        goals.row("CPU ms, lago : http", cpu, 1.1);
        String start = program == Program.EVENT ? "start" : "start, " + program.title;
        ratios.add(start + ": ms, lago : http", wall, Better.LOWER);
        ratios.add(start + ": CPU ms, lago : http", cpu, Better.LOWER);
        if (program == Program.EVENT) {
            double catalog = Median.of(lago, s -> 100 * s.catalogCpu() / s.cpuMillis());
            goals.row("catalog, % of the CPU time", catalog, 3.0);
            goals.row("catalog, allocated MB", Median.of(lago, Start::catalogKb) / 1024, 5.0);
            ratios.add("start: catalog, % of the CPU time", catalog, Better.LOWER);
        }
        System.out.println(goals);
    }

    /** The first round is a warm-up of the machine, and does not count. */
    static Map<String, List<Start>> run(Program program, ServerProcess server, int rounds) throws Exception {
        Map<String, List<Start>> starts = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (String name : List.of("lago", "http")) {
                Start start = start(program, name, server.url());
                if (round > 0) {
                    starts.computeIfAbsent(name, n -> new ArrayList<>()).add(start);
                }
            }
        }
        return starts;
    }

    private static Start start(Program program, String name, String url) throws Exception {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        Arrays.stream(OPTIONS.split(" ")).filter(option -> !option.isEmpty()).forEach(command::add);
        command.addAll(List.of("-classpath", program.classPath(name), program.mainClass, name, url));
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            while (line != null && !line.startsWith(FIGURES)) {
                line = out.readLine();
            }
            double millis = (System.nanoTime() - begun) / 1e6;
            if (process.waitFor() != 0 || line == null) {
                throw new IllegalStateException(program.title + ": " + name + " failed");
            }
            double[] figures = Arrays.copyOf(Arrays.stream(line.substring(FIGURES.length()).split(" "))
                    .mapToDouble(Double::parseDouble).toArray(), 4);
            return new Start(millis, figures[0], figures[1], figures[2], figures[3]);
        }
    }

    private static double ratio(Map<String, List<Start>> starts, ToDoubleFunction<Start> figure) {
        return Median.ofRatios(starts.get("lago"), starts.get("http"), figure);
    }
}
