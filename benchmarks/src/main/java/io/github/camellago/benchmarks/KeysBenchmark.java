package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

import io.github.camellago.LagoComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Messages per second of {@code toD} with one API key, and with 5,000 API keys in turns. */
final class KeysBenchmark implements Benchmarks.Benchmark {

    private static final int KEYS = 5_000;
    private static final String EVENT = "one event per message";
    private static final String BATCH = "100 events per message";
    private static final String ONE = ", one key";
    private static final String MANY = ", 5,000 keys";

    @Override
    public void run(Settings settings, Ratios ratios) throws Exception {
        for (int delay : settings.delays()) {
            try (ServerProcess server = ServerProcess.start(EventAnswers.class);
                    CamelContext context = new DefaultCamelContext()) {
                server.delay(delay);
                Map<String, List<Sample>> samples = Race.run(contestants(context, server), server, settings);
                System.out.printf("%nServer %d ms away, one message at a time, %d rounds of %d s each, medians%n%n", delay,
                        settings.rounds(), settings.time().toSeconds());
                print(samples);
                ratios.add("keys, " + delay + " ms", samples, EVENT + ONE);
                ratios.add("keys, " + delay + " ms", samples, BATCH + ONE);
            }
        }
    }

    static List<Contestant> contestants(CamelContext context, ServerProcess server) throws Exception {
        LagoComponent lago = context.getComponent("lago", LagoComponent.class);
        lago.getConfiguration().setBaseUrl(server.url());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(noErrorHandler()).toD("lago:events?apiKey=${variable.key}");
            }
        });
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        SampleEvents events = new SampleEvents();
        Object batch = events.batch();
        Object event = events.batch().get(0);
        LongFunction<String> one = message -> "benchmark-key-0000";
        LongFunction<String> many = message -> "benchmark-key-" + (1_000 + message % KEYS);
        return List.of(new Messages(EVENT + ONE, template, event, one), new Messages(EVENT + MANY, template, event, many),
                new Messages(BATCH + ONE, template, batch, one), new Messages(BATCH + MANY, template, batch, many));
    }

    /** Sends messages with the same body, and a key for each message. */
    private record Messages(String name, ProducerTemplate template, Object body, LongFunction<String> key)
            implements
                Contestant {

        @Override
        public Outside run(Duration time) throws Exception {
            long end = System.nanoTime() + time.toNanos();
            for (long message = 0; System.nanoTime() - end < 0; message++) {
                String mine = key.apply(message);
                Exchange sent = template.request("direct:in", exchange -> {
                    exchange.setVariable("key", mine);
                    exchange.getMessage().setBody(body);
                });
                if (sent.getException() != null) {
                    throw sent.getException();
                }
            }
            return null;
        }
    }

    private static void print(Map<String, List<Sample>> samples) {
        Table table = new Table("", "messages/s", "bytes allocated/event", "CPU µs/event");
        samples.forEach((name, list) -> {
            Sample median = Sample.median(list);
            table.row(name, median.requestsPerSecond(), median.bytesPerItem(), median.cpuMicrosPerItem());
        });
        System.out.println(table);
        Table goals = new Table("time per message, 5,000 keys : one key", "measured", "goal", "");
        for (String body : List.of(EVENT, BATCH)) {
            double ratio = Race.ratio(samples, body + ONE, body + MANY);
            if (!Double.isNaN(ratio)) {
                goals.row(body, ratio, 1.2, ratio <= 1.2 ? "met" : "missed");
            }
        }
        System.out.println(goals);
    }
}
