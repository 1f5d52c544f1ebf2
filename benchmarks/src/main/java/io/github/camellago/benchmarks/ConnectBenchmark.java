package io.github.camellago.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.sun.management.OperatingSystemMXBean;

/** Events per second from a topic to Lago: tasks of Kafka Connect, the route of the Kafka example, and a loop without both. */
final class ConnectBenchmark implements Benchmarks.Benchmark {

    static final String LOOP = "(a) bare loop: poll, post by 100, commit";
    static final String ROUTE = "route of the Kafka example";
    static final String ONE = "Kafka Connect, 1 task";
    static final String THREE = "Kafka Connect, 3 tasks";
    private static final int EVENTS = 600_000;

    @Override
    public void run(Settings settings, Ratios ratios) throws Exception {
        try (KafkaTopic topic = new KafkaTopic(EVENTS)) {
            for (int delay : settings.delays()) {
                try (ServerProcess server = ServerProcess.start(EventAnswers.class)) {
                    server.delay(delay);
                    Map<String, List<Sample>> samples = Race.run(contestants(topic, server, settings), server, settings);
                    System.out.printf("%nServer %d ms away, %d rounds of %d s each, medians%n%n", delay, settings.rounds(),
                            settings.time().toSeconds());
                    print(samples);
                    for (String[] pair : List.of(new String[]{ONE, ROUTE}, new String[]{ONE, LOOP}, new String[]{THREE, ONE})) {
                        ratios.add("connect, " + delay + " ms: " + pair[0] + " : " + pair[1] + ", rate",
                                Race.ratio(samples, pair[0], pair[1]), Ratios.Better.HIGHER);
                    }
                }
            }
        }
    }

    static List<Contestant> contestants(KafkaTopic topic, ServerProcess server, Settings settings) {
        return List.<Contestant>of(new FromTopic(LOOP, server, group -> new TopicLoop(topic.brokers(), group, server.url())),
                new FromTopic(ROUTE, server, group -> new TopicRoute(topic.brokers(), group, server.url())),
                new FromTopic(ONE, server, group -> tasks(topic, group, server.url(), 1)),
                new FromTopic(THREE, server, group -> tasks(topic, group, server.url(), 3))).stream()
                .filter(contestant -> settings.wants(contestant.name())).toList();
    }

    private static AutoCloseable tasks(KafkaTopic topic, String name, String url, int tasks) throws Exception {
        topic.connect(name, Map.of("connector.class", "io.github.camellago.kafka.connect.LagoEventsSinkConnector", "topics",
                KafkaTopic.NAME, "tasks.max", Integer.toString(tasks), "lago.api.key", "benchmark-key", "lago.base.url", url));
        return () -> topic.disconnect(name);
    }

    /** What sends a topic to Lago from its beginning until it is closed. */
    @FunctionalInterface
    private interface Sender {

        /** @param group a new consumer group */
        AutoCloseable start(String group) throws Exception;
    }

    /** Counts the events that arrive, from the first one on. */
    private record FromTopic(String name, ServerProcess server, Sender sender) implements Contestant {

        private static final OperatingSystemMXBean OS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

        @Override
        public Outside run(Duration time) throws Exception {
            long sent = server.stats().items();
            try (AutoCloseable started = sender.start("group-" + System.nanoTime())) {
                long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
                while (server.stats().items() == sent) {
                    if (System.nanoTime() - deadline > 0) {
                        throw new IllegalStateException(name + " sends no events");
                    }
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                ServerProcess.Stats first = server.stats();
                long start = System.nanoTime();
                long cpu = OS.getProcessCpuTime();
                ServerProcess.Stats last = first;
                long took = 0;
                while (took < time.toNanos() && last.items() - sent < EVENTS * 9L / 10) {
                    TimeUnit.MILLISECONDS.sleep(20);
                    last = server.stats();
                    took = System.nanoTime() - start;
                }
                return new Outside(last.items() - first.items(), last.requests() - first.requests(), took / 1e9,
                        (OS.getProcessCpuTime() - cpu) / 1e9);
            }
        }
    }

    private static void print(Map<String, List<Sample>> samples) {
        Table table = new Table("", "events/s", "requests/s", "CPU µs/event");
        samples.forEach((name, list) -> {
            Sample median = Sample.median(list);
            table.row(name, median.perSecond(), median.requestsPerSecond(), median.cpuMicrosPerItem());
        });
        System.out.println(table);
        Table goals = new Table("ratio of events/s", "measured", "goal", "");
        goal(goals, samples, ONE, ROUTE, 0.8);
        goal(goals, samples, THREE, ONE, 2.5);
        System.out.println(goals);
    }

    private static void goal(Table goals, Map<String, List<Sample>> samples, String name, String other, double goal) {
        double ratio = Race.ratio(samples, name, other);
        if (!Double.isNaN(ratio)) {
            goals.row(name + " : " + other, ratio, goal, ratio >= goal ? "met" : "missed");
        }
    }
}
