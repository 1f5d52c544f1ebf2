package io.github.camellago.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Time and memory by the numbers of events, records, endpoints and API keys, as charts. */
final class GrowthBenchmark implements Benchmarks.Benchmark {

    private static final int EVENTS = 10_000_000;
    private static final int RECORDS = 1_000_000;
    private static final int MANY = 1_000;

    /** What one size needs. */
    private record Need(double seconds, double megabytes) {}

    @FunctionalInterface
    private interface Work {
        /** @return memory in use while all of it is needed, in megabytes */
        double of(int size, ServerProcess server) throws Exception;
    }

    @Override
    public void run(Settings settings, Ratios ratios) throws Exception {
        File file = new File(System.getProperty("benchmark.svg", "growth.svg"));
        Files.writeString(file.toPath(), Plot.svg(plots(EVENTS, RECORDS, MANY)));
        System.out.println("Charts: " + file);
    }

    static List<Plot> plots(int mostEvents, int mostRecords, int many) throws Exception {
        List<Plot> plots = new ArrayList<>();
        plots.addAll(grow("events in one message", 10_000, mostEvents, EventAnswers.class, GrowthBenchmark::events));
        plots.addAll(grow("records, readMode=changed", 1_000, mostRecords, GrowingList.class, GrowthBenchmark::records));
        plots.addAll(
                grow("endpoints, one event each", 1, many, EventAnswers.class, (size, server) -> endpoints(size, server, "")));
        plots.addAll(grow("API keys, one event each", 1, many, EventAnswers.class,
                (size, server) -> endpoints(size, server, "&apiKey=key-")));
        return plots;
    }

    private static List<Plot> grow(String what, int from, int to, Class<? extends FastServer.Answers> answers, Work work)
            throws Exception {
        Plot time = new Plot("seconds", what);
        Plot memory = new Plot("MB", what);
        try (ServerProcess server = ServerProcess.start(answers)) {
            // once without measuring
            work.of(from, server);
            for (long size = from; size <= to; size *= 10) {
                double before = usedMegabytes();
                long begun = System.nanoTime();
                double megabytes = work.of((int) size, server);
                Need need = new Need((System.nanoTime() - begun) / 1e9, Math.max(0.01, megabytes - before));
                System.out.printf("%s: %,d in %.2f s, %.2f MB%n", what, size, need.seconds(), need.megabytes());
                time.add(size, need.seconds());
                memory.add(size, need.megabytes());
            }
        }
        return List.of(time, memory);
    }

    private static double events(int size, ServerProcess server) throws Exception {
        List<Map<String, Object>> events = new SampleEvents().maps();
        double[] used = new double[1];
        try (CamelContext context = context(server)) {
            context.start();
            context.createProducerTemplate().sendBody("lago:events", new Iterator<Map<String, Object>>() {
                private int next;

                @Override
                public boolean hasNext() {
                    if (next == size && used[0] == 0) {
                        used[0] = usedMegabytes();
                    }
                    return next < size;
                }

                @Override
                public Map<String, Object> next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return events.get(next++ % events.size());
                }
            });
        }
        return used[0];
    }

    private static double records(int size, ServerProcess server) throws Exception {
        try (CamelContext context = context(server)) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("lago:invoices?startScheduler=false&prefetchPages=4&filter.external_customer_id=" + size)
                            .routeId("records").process(exchange -> {});
                }
            });
            context.start();
            int read = ((LagoConsumer) context.getRoute("records").getConsumer()).poll();
            if (read != size) {
                throw new IllegalStateException(read + " records instead of " + size);
            }
            return usedMegabytes();
        }
    }

    private static double endpoints(int size, ServerProcess server, String key) throws Exception {
        Map<String, Object> event = new SampleEvents().maps().get(0);
        try (CamelContext context = context(server)) {
            context.start();
            ProducerTemplate template = context.createProducerTemplate();
            template.setMaximumCacheSize(2 * MANY);
            for (int i = 0; i < size; i++) {
                String uri = "lago:events?batchSize=" + (1 + i % 100) + "&maxRetries=" + i;
                template.sendBody(uri + (key.isEmpty() ? "" : key + i), event);
            }
            return usedMegabytes();
        }
    }

    private static CamelContext context(ServerProcess server) {
        DefaultCamelContext context = new DefaultCamelContext();
        LagoComponent lago = context.getComponent("lago", LagoComponent.class);
        lago.getConfiguration().setBaseUrl(server.url());
        lago.getConfiguration().setApiKey("benchmark-key");
        return context;
    }

    private static double usedMegabytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1024.0 / 1024.0;
    }
}
