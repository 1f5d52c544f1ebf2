package io.github.camellago.benchmarks;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.camellago.LagoComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/** Usage events per second of the component, of a bare HTTP client, and of alternatives. */
final class EventsBenchmark implements Benchmarks.Benchmark {

    private static final int CONCURRENCY = 4;

    private static final String COST = "< 3 %";

    private static final String BARE = "(a) bare HttpClient 5, ready-made bytes";
    private static final String WRITTEN = "(a) with Jackson writing the Maps";
    private static final String READ = "(a) with Jackson reading the ready JSON";
    private static final String MAPS = "camel-lago, from Maps";
    private static final String JSON = "camel-lago, from ready JSON";
    private static final String CHECKED_MAPS = "camel-lago, from Maps, checkReferences";
    private static final String CHECKED_JSON = "camel-lago, from ready JSON, checkReferences";
    private static final String ONE_BY_ONE = "(b) split, marshal, to(https)";
    private static final String BATCHES = "(b) with aggregate";
    private static final String PARALLEL = "(b) with aggregate, " + CONCURRENCY + " batches at a time";
    private static final String JS_AWAITED = "(c) JavaScript client, one batch after another";
    private static final String JS_PARALLEL = "(c) JavaScript client, " + CONCURRENCY + " batches at a time";

    @Override
    public void run(Settings settings, Ratios ratios) throws Exception {
        SampleEvents events = new SampleEvents();
        for (int delay : settings.delays()) {
            try (ServerProcess server = ServerProcess.start(EventAnswers.class);
                    CamelContext context = new DefaultCamelContext()) {
                server.delay(delay);
                List<Contestant> contestants = contestants(context, server, events, settings);
                Map<String, List<Sample>> samples = Race.run(contestants, server, settings);
                System.out.printf("%nServer %d ms away, %d batches of %d at a time, %d rounds of %d s each, medians%n%n", delay,
                        CONCURRENCY, SampleEvents.BATCH, settings.rounds(), settings.time().toSeconds());
                print(samples);
                ratios.add("events, " + delay + " ms", samples, BARE);
                for (Contestant contestant : contestants) {
                    contestant.close();
                }
            }
        }
    }

    static List<Contestant> contestants(CamelContext context, ServerProcess server, SampleEvents events,
            Settings settings) throws Exception {
        LagoComponent lago = context.getComponent("lago", LagoComponent.class);
        lago.getConfiguration().setBaseUrl(server.url());
        lago.getConfiguration().setApiKey("benchmark-key");
        lago.getConfiguration().setConcurrentBatches(CONCURRENCY);
        context.addRoutes(new HandWritten(server.url(), CONCURRENCY));
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        List<Contestant> all = new ArrayList<>(List.of(
                new BareClient(server.url(), events.batches(), CONCURRENCY),
                new BareClient(WRITTEN, server.url(), events::written, events.batchCount(), CONCURRENCY),
                new BareClient(READ, server.url(), events::joined, events.batchCount(), CONCURRENCY),
                new CamelRoute(MAPS, template, "lago:events", events::maps),
                new CamelRoute(JSON, template, "lago:events", events::json),
                new CamelRoute(CHECKED_MAPS, template, "lago:events?checkReferences=true", events::maps),
                new CamelRoute(CHECKED_JSON, template, "lago:events?checkReferences=true", events::json),
                new CamelRoute(ONE_BY_ONE, template, "direct:one-by-one", events::maps),
                new CamelRoute(BATCHES, template, "direct:batches", events::maps),
                new CamelRoute(PARALLEL, template, "direct:parallel-batches", events::maps)));
        all.addAll(
                JavaScriptClient.all(server.url(), CONCURRENCY, new File(System.getProperty("benchmark.js", "src/main/js"))));
        return all.stream().filter(c -> settings.wants(c.name())).toList();
    }

    private static void print(Map<String, List<Sample>> samples) {
        Table table = new Table("", "events/s", "requests/s", "bytes allocated/event", "CPU µs/event", "of (a)");
        samples.forEach((name, list) -> {
            Sample median = Sample.median(list);
            table.row(name, median.perSecond(), median.requestsPerSecond(), median.bytesPerItem(), median.cpuMicrosPerItem(),
                    Race.ratio(samples, name, BARE));
        });
        System.out.println(table);
        Table goals = new Table("ratio of events/s", "measured", "goal", "");
        goal(goals, samples, MAPS, BARE, 0.97);
        goal(goals, samples, JSON, BARE, 0.97);
        goal(goals, samples, CHECKED_MAPS, MAPS, 0.97);
        goal(goals, samples, CHECKED_JSON, JSON, 0.97);
        goal(goals, samples, MAPS, BATCHES, 1.5);
        goal(goals, samples, MAPS, JS_AWAITED, 3);
        goal(goals, samples, MAPS, JS_PARALLEL, 1);
        System.out.println(goals);
        Table costs = new Table("cost of checkReferences", "CPU/event", "bytes allocated/event", "goal");
        cost(costs, samples, CHECKED_MAPS, MAPS);
        cost(costs, samples, CHECKED_JSON, JSON);
        System.out.println(costs);
    }

    /** By the rounds with the least CPU time: what else the machine does only adds to it. Bytes do not depend on it. */
    private static void cost(Table costs, Map<String, List<Sample>> samples, String mine, String other) {
        if (samples.containsKey(mine) && samples.containsKey(other)) {
            costs.row(mine, percent(cpu(samples.get(mine)) / cpu(samples.get(other))),
                    percent(Race.ratio(samples, mine, other, Sample::bytesPerItem)), COST);
        }
    }

    private static double cpu(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::cpuMicrosPerItem).min().orElseThrow();
    }

    private static String percent(double ratio) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * (ratio - 1));
    }

    private static void goal(Table goals, Map<String, List<Sample>> samples, String mine, String other, double goal) {
        double ratio = Race.ratio(samples, mine, other);
        if (!Double.isNaN(ratio)) {
            goals.row(mine + " : " + other, ratio, goal, ratio >= goal ? "met" : "missed");
        }
    }
}
