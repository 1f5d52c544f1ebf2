package io.github.camellago.benchmarks;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.github.camellago.LagoComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Records per second when reading invoices: the component, a bare HTTP client, and alternatives. */
final class ReadingBenchmark implements Benchmarks.Benchmark {

    static final String BARE = "(a) bare HttpClient 5 and Jackson, page by page";

    static final String FETCH = "(a) bare HttpClient 5, page by page, JSON is not parsed";

    private static final int PREFETCH = 4;
    private static final String PAGE_BY_PAGE = "camel-lago, page by page";
    private static final String JSON = "camel-lago, page by page, bodyType=JSON";
    private static final String AHEAD = "camel-lago, prefetchPages=" + PREFETCH;
    private static final String NOTHING_CHANGED = ", readMode=changed, nothing changed";
    private static final String UNCHANGED = PAGE_BY_PAGE + NOTHING_CHANGED;
    private static final String UNCHANGED_AHEAD = AHEAD + NOTHING_CHANGED;
    private static final String HAND_WRITTEN = "(b) loop, to(https), unmarshal, split";
    private static final String JS_AWAITED = "(c) JavaScript client, page by page";
    private static final String JS_PARALLEL = "(c) JavaScript client, " + PREFETCH + " pages at a time";

    @Override
    public void run(Settings settings, Ratios ratios) throws Exception {
        for (int delay : settings.delays()) {
            try (ServerProcess server = ServerProcess.start(InvoicePages.class);
                    CamelContext context = new DefaultCamelContext()) {
                server.delay(delay);
                List<Contestant> contestants = contestants(context, server, settings);
                Map<String, List<Sample>> samples = Race.run(contestants, server, settings);
                System.out.printf(
                        "%nServer %d ms away, %d invoices in pages of %d, %d rounds of at least %d s each, medians%n%n",
                        delay, InvoicePages.PAGES * InvoicePages.PER_PAGE, InvoicePages.PER_PAGE, settings.rounds(),
                        settings.time().toSeconds());
                print(samples);
                ratios.add("reading, " + delay + " ms", samples, BARE);
                for (Contestant contestant : contestants) {
                    contestant.close();
                }
            }
        }
    }

    static List<Contestant> contestants(CamelContext context, ServerProcess server, Settings settings) throws Exception {
        LongAdder read = new LongAdder();
        Consumer<Object> sink = invoice -> read.increment();
        LagoComponent lago = context.getComponent("lago", LagoComponent.class);
        lago.getConfiguration().setBaseUrl(server.url());
        lago.getConfiguration().setApiKey("benchmark-key");
        context.addRoutes(new HandWrittenReader(server.url(), sink));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                String invoices = "lago:invoices?readMode=all&startScheduler=false&prefetchPages=";
                from(invoices + 0).routeId("page-by-page").process(e -> sink.accept(e.getMessage().getBody()));
                from(invoices + "0&bodyType=JSON").routeId("json").process(e -> sink.accept(e.getMessage().getBody()));
                String changed = "lago:invoices?readMode=changed&startScheduler=false&prefetchPages=";
                from(changed + 0).routeId("unchanged").process(e -> sink.accept(e.getMessage().getBody()));
                from(changed + PREFETCH).routeId("unchanged-ahead").process(e -> sink.accept(e.getMessage().getBody()));
                from(invoices + PREFETCH).routeId("ahead").process(e -> sink.accept(e.getMessage().getBody()));
            }
        });
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        List<Contestant> all = new ArrayList<>(List.of(
                new BarePageLoop(server.url(), true, sink),
                new BarePageLoop(server.url(), false, sink),
                new PollingRoute(PAGE_BY_PAGE, context, "page-by-page"),
                new PollingRoute(JSON, context, "json"),
                new PollingRoute(AHEAD, context, "ahead"),
                // the warm-up processes the records
                new PollingRoute(UNCHANGED, context, "unchanged"),
                new PollingRoute(UNCHANGED_AHEAD, context, "unchanged-ahead"),
                new HandWrittenLoop(template)));
        all.addAll(JavaScriptClient.readers(server.url(), PREFETCH,
                new File(System.getProperty("benchmark.js", "src/main/js")), JS_AWAITED, JS_PARALLEL));
        return all.stream().filter(c -> settings.wants(c.name())).toList();
    }

    private record HandWrittenLoop(ProducerTemplate template) implements Contestant {

        @Override
        public String name() {
            return HAND_WRITTEN;
        }

        @Override
        public Outside run(Duration time) {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() - end < 0) {
                template.sendBody("direct:read", null);
            }
            return null;
        }
    }

    private static void print(Map<String, List<Sample>> samples) {
        Table table = new Table("", "records/s", "pages/s", "bytes allocated/record", "CPU µs/record", "of (a)");
        samples.forEach((name, list) -> {
            Sample median = Sample.median(list);
            table.row(name, median.perSecond(), median.requestsPerSecond(), median.bytesPerItem(), median.cpuMicrosPerItem(),
                    Race.ratio(samples, name, BARE));
        });
        System.out.println(table);
        Table goals = new Table("ratio of records/s", "measured");
        for (String mine : List.of(PAGE_BY_PAGE, JSON, AHEAD)) {
            for (String other : List.of(BARE, HAND_WRITTEN, JS_AWAITED, JS_PARALLEL)) {
                double ratio = Race.ratio(samples, mine, other);
                if (!Double.isNaN(ratio)) {
                    goals.row(mine + " : " + other, ratio);
                }
            }
        }
        unchanged(goals, samples, UNCHANGED, PAGE_BY_PAGE);
        unchanged(goals, samples, UNCHANGED_AHEAD, AHEAD);
        System.out.println(goals);
    }

    private static void unchanged(Table goals, Map<String, List<Sample>> samples, String changed, String all) {
        double ratio = Race.ratio(samples, changed, all);
        if (!Double.isNaN(ratio)) {
            goals.row(changed + " : " + all, ratio);
            goals.row("CPU time per record of the same", Race.ratio(samples, changed, all, Sample::cpuMicrosPerItem));
        }
    }
}
