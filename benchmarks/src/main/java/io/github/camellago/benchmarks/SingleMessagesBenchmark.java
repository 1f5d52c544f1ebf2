package io.github.camellago.benchmarks;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camellago.LagoComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/** Messages with one event each: {@code batchInterval}, with sources that wait for each message and with asynchronous ones. */
final class SingleMessagesBenchmark implements Benchmarks.Benchmark {

    static final int CONCURRENCY = 4;

    private static final String LIST = "camel-lago, one message with all events";
    private static final String DELIVERED = "delivered, seda, 256 in flight";
    private static final String DELIVERED_MANY = "delivered, seda, 1000 in flight";
    private static final String RECEIVED = "received, seda, 256 in flight";
    private static final String FLOOR = "no endpoint, seda, 256 in flight";
    private static final String NOTHING = "asynchronous endpoint that does nothing, seda, 256 in flight";
    private static final String AGGREGATE = "(b) aggregate, to(http), seda, 256 in flight";
    private static final String JS = "(c) JavaScript client, batches of its own, 256 in flight";
    private static final int[] SENDERS = {32, 256};
    /** The part of the capacity that a thin stream has. */
    private static final double THIN = 0.1;

    @Override
    public void run(Settings settings, Ratios ratios) throws Exception {
        SampleEvents events = new SampleEvents();
        for (int delay : settings.delays()) {
            try (ServerProcess server = ServerProcess.start(EventAnswers.class);
                    CamelContext context = new DefaultCamelContext()) {
                server.delay(delay);
                SingleMessages routes = new SingleMessages(server.url(), CONCURRENCY);
                List<Contestant> contestants = contestants(context, server, routes, events, settings);
                Map<String, List<Sample>> samples = Race.run(contestants, server, settings);
                System.out.printf("%nServer %d ms away, messages with one event, %d rounds of %d s each, medians%n%n", delay,
                        settings.rounds(), settings.time().toSeconds());
                print(samples);
                ratios.add("messages, " + delay + " ms", samples, LIST);
                if (samples.containsKey(DELIVERED)) {
                    thinStream(context, server, events, settings,
                            THIN * Median.of(samples.get(DELIVERED), Sample::perSecond));
                }
                for (Contestant contestant : contestants) {
                    contestant.close();
                }
                if (routes.failed() > 0) {
                    throw new IllegalStateException(routes.failed() + " messages failed");
                }
            }
        }
    }

    static List<Contestant> contestants(CamelContext context, ServerProcess server, SingleMessages routes, SampleEvents events,
            Settings settings) throws Exception {
        LagoComponent lago = context.getComponent("lago", LagoComponent.class);
        lago.getConfiguration().setBaseUrl(server.url());
        lago.getConfiguration().setApiKey("benchmark-key");
        lago.getConfiguration().setConcurrentBatches(CONCURRENCY);
        context.addRoutes(routes);
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        List<Contestant> all = new ArrayList<>(List.of(
                new CamelRoute(LIST, template, "lago:events", events::maps),
                source(DELIVERED, template, "seda:delivered", SingleMessages.IN_FLIGHT, routes, events),
                source(DELIVERED_MANY, template, "seda:deliveredMany", SingleMessages.MANY_IN_FLIGHT, routes, events),
                source(RECEIVED, template, "seda:received", SingleMessages.IN_FLIGHT, routes, events),
                source(AGGREGATE, template, "seda:aggregate", SingleMessages.IN_FLIGHT, routes, events)));
        if (settings.wants(FLOOR)) {
            all.add(Floor.noEndpoint(FLOOR, events));
        }
        if (settings.wants(NOTHING)) {
            all.add(Floor.asynchronous(NOTHING, events));
        }
        for (int senders : SENDERS) {
            for (String acknowledge : List.of("delivered", "received")) {
                all.add(new BlockingSenders(blocking(acknowledge, senders), template,
                        context.getEndpoint(SingleMessages.COMPONENT + acknowledge), events.maps(),
                        Executors.newFixedThreadPool(senders), senders));
            }
        }
        all.addAll(JavaScriptClient.one(JS, "messages.js", server.url(), SingleMessages.IN_FLIGHT,
                new File(System.getProperty("benchmark.js", "src/main/js"))));
        return all.stream().filter(c -> settings.wants(c.name())).toList();
    }

    private static Contestant source(String name, ProducerTemplate template, String uri, int inFlight, SingleMessages routes,
            SampleEvents events) {
        return new AsynchronousSource(name, template, template.getCamelContext().getEndpoint(uri), routes.inFlight(uri),
                inFlight, events);
    }

    private static String blocking(String acknowledge, int senders) {
        return acknowledge + ", " + senders + " threads";
    }

    /** Threads that send a message, and wait until it is complete. */
    private record BlockingSenders(String name, ProducerTemplate template, Endpoint endpoint, List<Map<String, Object>> events,
            ExecutorService threads, int count) implements Contestant {

        @Override
        public Outside run(Duration time) throws Exception {
            long end = System.nanoTime() + time.toNanos();
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> loops = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                loops.add(threads.submit(() -> {
                    while (System.nanoTime() - end < 0) {
                        template.sendBody(endpoint, events.get(Math.floorMod(next.getAndIncrement(), events.size())));
                    }
                }));
            }
            for (Future<?> loop : loops) {
                loop.get();
            }
            return null;
        }

        @Override
        public void close() {
            threads.shutdown();
        }
    }

    private static void print(Map<String, List<Sample>> samples) {
        Table table = new Table("", "events/s", "requests/s", "bytes allocated/event", "CPU µs/event");
        samples.forEach((name, list) -> {
            Sample median = Sample.median(list);
            table.row(name, median.perSecond(), median.requestsPerSecond(), median.bytesPerItem(), median.cpuMicrosPerItem());
        });
        System.out.println(table);
        Table goals = new Table("ratio", "measured", "goal", "");
        goal(goals, samples, DELIVERED, RECEIVED, 0.8);
        goal(goals, samples, DELIVERED_MANY, RECEIVED, 0.8);
        goal(goals, samples, DELIVERED, AGGREGATE, 1);
        goal(goals, samples, DELIVERED, JS, 1);
        for (int senders : SENDERS) {
            goal(goals, samples, blocking("delivered", senders), blocking("received", senders), 0);
        }
        if (samples.containsKey(DELIVERED) && samples.containsKey(LIST)) {
            double list = Median.of(samples.get(LIST), Sample::bytesPerItem);
            double delivered = Median.of(samples.get(DELIVERED), Sample::bytesPerItem);
            goals.row("bytes allocated/event, " + DELIVERED + " : " + LIST, delivered / list, "", "");
            for (String floor : List.of(FLOOR, NOTHING)) {
                if (samples.containsKey(floor)) {
                    double ours = (delivered - Median.of(samples.get(floor), Sample::bytesPerItem)) / list;
                    goals.row("the same without the bytes of " + floor, ours, 1.5, ours <= 1.5 ? "met" : "missed");
                }
            }
        }
        System.out.println(goals);
    }

    private static void goal(Table goals, Map<String, List<Sample>> samples, String mine, String other, double goal) {
        double ratio = Race.ratio(samples, mine, other);
        if (!Double.isNaN(ratio)) {
            goals.row("events/s, " + mine + " : " + other, ratio, goal == 0 ? "" : goal,
                    goal == 0 ? "" : ratio >= goal ? "met" : "missed");
        }
    }

    private static void thinStream(CamelContext context, ServerProcess server, SampleEvents events, Settings settings,
            double perSecond) throws Exception {
        Map<String, List<Latencies>> all = new LinkedHashMap<>();
        try (ThinStream stream = new ThinStream(context, server.url(), events, perSecond)) {
            for (int round = 0; round <= settings.rounds(); round++) {
                Latencies bare = stream.bare(settings.time());
                Latencies component = stream.component(settings.time());
                if (round > 0) {
                    all.computeIfAbsent("bare HttpClient 5, one event after another", n -> new ArrayList<>()).add(bare);
                    all.computeIfAbsent("delivered, thin stream", n -> new ArrayList<>()).add(component);
                }
            }
        }
        System.out.printf("A thin stream of %,.0f events per second:%n%n", perSecond);
        Table table = new Table("", "median, ms", "p99, ms", "p99 : median of bare");
        double bare = Median.of(all.values().iterator().next(), l -> l.quantile(0.5));
        all.forEach(
                (name, list) -> table.row(name, Median.of(list, l -> l.quantile(0.5)), Median.of(list, l -> l.quantile(0.99)),
                        Median.of(list, l -> l.quantile(0.99)) / bare));
        System.out.println(table);
    }
}
