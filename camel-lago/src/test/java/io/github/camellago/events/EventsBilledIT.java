package io.github.camellago.events;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.ChildProcess;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import io.github.camellago.test.Fault;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A process sends files of events, is killed, and meets outages of Lago, unknown metrics, and unknown and ended subscriptions. In the end, each event is
 * billed once, or in a dead letter with its reason. {@code -Dlago.billed.events=1000000} sends more events, {@code -Dlago.seed=…} repeats a run.
 */
class EventsBilledIT extends RouteTestSupport {

    private static final int EVENTS = Integer.getInteger("lago.billed.events", 10_000);
    private static final int PER_FILE = 1_000;
    private static final int KILLS = Integer.getInteger("lago.kills", 2);
    private static final int OUTAGES = Math.max(6, EVENTS / 20_000);
    private static final int CUSTOMERS = 20;
    private static final Instant START = Instant.parse("2026-03-10T00:00:00Z");
    private static final Duration TIMEOUT = Duration.ofMinutes(EVENTS > 100_000 ? 60 : 5);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;
    private LagoSandbox lago;

    @BeforeEach
    void startLago() throws Exception {
        lago = LagoSandbox.builder().clock(Clock.fixed(START, ZoneOffset.UTC)).journal(0).start();
        String server = "?baseUrl=" + lago.baseUrl() + "&apiKey=" + lago.apiKey();
        Object tokens = metric(server, "tokens", "sum_agg", "tokens");
        Object calls = metric(server, "calls", "count_agg", null);
        sent("lago:plans" + server,
                Map.of("code", "plan", "name", "Plan", "interval", "monthly", "amount_cents", 0, "amount_currency",
                        "EUR", "pay_in_advance", false, "charges", List.of(charge(tokens), charge(calls))));
        for (int i = 0; i < CUSTOMERS; i++) {
            sent("lago:customers" + server, Map.of("external_id", "customer-" + i));
            sent("lago:subscriptions" + server,
                    Map.of("external_customer_id", "customer-" + i, "plan_code", "plan", "external_id",
                            "sub-" + i, "subscription_at", "2026-03-01T00:00:00Z"));
        }
        sent("lago:subscriptions" + server + "&operation=delete&id=sub-0", null);
        lago.advance(Duration.ofDays(5));
    }

    @AfterEach
    void stopLago() {
        lago.close();
    }

    @Test
    void eachEventIsBilledOnceOrIsADeadLetterWithItsReason() throws Exception {
        long seed = Long.getLong("lago.seed", System.nanoTime());
        Random random = new Random(seed);
        Usage usage = new Usage(random);
        usage.write(directory.resolve("in"));
        outages(random);

        for (int kill = 1; kill <= KILLS; kill++) {
            Process process = sender();
            int reached = EVENTS * kill / (KILLS + 2);
            await().atMost(TIMEOUT).until(() -> lago.eventCount() > reached || !process.isAlive());
            assertThat(process.isAlive()).as(log()).isTrue();
            process.destroyForcibly().waitFor();
        }
        Process last = sender();
        await().atMost(TIMEOUT).until(() -> left() == 0 || !last.isAlive());
        assertThat(left()).as(log()).isZero();
        last.destroyForcibly().waitFor();

        String run = "-Dlago.seed=" + seed;
        Map<String, String> reasons = deadLetters();
        Set<String> billed = new HashSet<>();
        List<String> twice = lago.events().stream().map(event -> event.get("transaction_id").toString())
                .filter(id -> !billed.add(id))
                .toList();
        assertThat(twice).as(run + ": stored twice").isEmpty();
        Set<String> lost = new HashSet<>(usage.good);
        lost.removeAll(billed);
        assertThat(lost).as(run + ": neither billed nor a dead letter").isEmpty();
        Set<String> notBilled = new HashSet<>(billed);
        notBilled.removeAll(usage.good);
        assertThat(notBilled).as(run + ": accepted, and not billed").isEmpty();
        assertThat(reasons.keySet().equals(usage.bad.keySet())).as(run + ": the dead letters are the bad events").isTrue();
        Map<String, String> unexplained = new TreeMap<>(reasons);
        unexplained.entrySet().removeIf(letter -> letter.getValue().contains(usage.bad.get(letter.getKey())));
        assertThat(unexplained).as(run + ": dead letters with another reason").isEmpty();
        for (int i = 1; i < CUSTOMERS; i++) {
            assertThat(tokens(i)).as(run + " tokens of customer " + i).isEqualByComparingTo(usage.tokens.get("sub-" + i));
        }
        System.out.printf(
                "%,d events: %,d billed once, %,d dead letters with their reasons, 0 unexplained. %d kills, %d faults%n",
                EVENTS,
                billed.size(), reasons.size(), KILLS, lago.faults().fired());
    }

    /** Outages of the events' host, lost answers, and lookups that fail once. */
    private void outages(Random random) {
        for (int i = 0; i < OUTAGES; i++) {
            Fault fault = lago.faults().on("POST", "/events/batch").nth(2 + random.nextInt(Math.max(10, EVENTS / 120)));
            switch (i % 6) {
                case 0 -> fault.times(20).html(503);
                case 1 -> fault.times(10).dropBefore();
                case 2 -> fault.times(3).dropAfter();
                case 3 -> fault.times(3).statusAfter(502);
                case 4 -> fault.times(2).truncate();
                default -> fault.times(5).status(500);
            }
        }
        lago.faults().on("GET", "/billable_metrics").nth(1).status(503);
        lago.faults().on("GET", "/subscriptions/*").nth(3).dropBefore();
    }

    private Object metric(String server, String code, String aggregation, String field) throws Exception {
        Map<String, Object> metric = new HashMap<>(Map.of("code", code, "name", code, "aggregation_type", aggregation));
        if (field != null) {
            metric.put("field_name", field);
        }
        return ((Map<?, ?>) sent("lago:billable_metrics" + server, metric).getMessage().getBody()).get("lago_id");
    }

    private static Map<String, Object> charge(Object metric) {
        return Map.of("billable_metric_id", metric, "charge_model", "standard", "properties", Map.of("amount", "1"));
    }

    private BigDecimal tokens(int customer) throws Exception {
        Map<?, ?> usage = (Map<?, ?>) sent("lago:customers/customer-" + customer
                + "/current_usage?filter.external_subscription_id=sub-" + customer
                + "&responseTimeout=10m&callTimeout=10m&baseUrl=" + lago.baseUrl()
                + "&apiKey=" + lago.apiKey(),
                null).getMessage().getBody();
        for (Object line : (List<?>) usage.get("charges_usage")) {
            if (((Map<?, ?>) ((Map<?, ?>) line).get("billable_metric")).get("code").equals("tokens")) {
                return new BigDecimal(((Map<?, ?>) line).get("units").toString());
            }
        }
        return BigDecimal.ZERO;
    }

    /** The reasons of the dead letters, by transaction_id. A file that is read again has its dead letters again. */
    private Map<String, String> deadLetters() throws IOException {
        Map<String, String> reasons = new HashMap<>();
        try (Stream<String> lines = Files.lines(directory.resolve("rejected.jsonl"))) {
            for (String line : (Iterable<String>) lines::iterator) {
                JsonNode letter = JSON.readTree(line);
                JsonNode event = letter.get("event").isTextual()
                        ? JSON.readTree(letter.get("event").asText())
                        : letter.get("event");
                reasons.put(event.get("transaction_id").asText(), letter.get("reasons").toString());
            }
        }
        return reasons;
    }

    private long left() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("in"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl")).count();
        }
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("sender.log"));
    }

    private Process sender() throws Exception {
        return ChildProcess.start(Child.class, List.of("-Xmx128m"), new File(directory.toFile(), "sender.log"),
                directory.toString(),
                lago.baseUrl(), lago.apiKey());
    }

    /** Events, and what is to become of them. */
    private static final class Usage {

        private final Random random;
        private final Set<String> good = new HashSet<>();
        /** a part of the reason, by transaction_id */
        private final Map<String, String> bad = new HashMap<>();
        private final Map<String, BigDecimal> tokens = new TreeMap<>();

        Usage(Random random) {
            this.random = random;
            IntStream.range(0, CUSTOMERS).forEach(i -> tokens.put("sub-" + i, BigDecimal.ZERO));
        }

        void write(Path folder) throws IOException {
            Files.createDirectories(folder);
            String before = null;
            for (int file = 0; file * PER_FILE < EVENTS; file++) {
                try (Writer lines = Files.newBufferedWriter(folder.resolve(String.format("%06d.jsonl", file)))) {
                    for (int i = file * PER_FILE; i < Math.min(EVENTS, (file + 1) * PER_FILE); i++) {
                        // a metering system repeats a line now and then
                        String line = before != null && random.nextInt(50) == 0
                                ? before
                                : JSON.writeValueAsString(event("t-" + i));
                        lines.write(line + "\n");
                        before = line;
                    }
                }
            }
        }

        private Map<String, Object> event(String id) {
            int units = random.nextInt(100);
            String subscription = "sub-" + (1 + random.nextInt(CUSTOMERS - 1));
            boolean sum = random.nextBoolean();
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("transaction_id", id);
            event.put("external_subscription_id", subscription);
            event.put("code", sum ? "tokens" : "calls");
            event.put("timestamp", START.plusSeconds(60 + random.nextInt(400_000)).getEpochSecond());
            event.put("properties", Map.of("tokens", units));
            switch (random.nextInt(60)) {
                case 0 -> bad(event, "code", "tokenz", "code");
                case 1 -> bad(event, "external_subscription_id", "sub-0", "ended at Lago");
                case 2 -> bad(event, "external_subscription_id", "sub-unknown", "external_subscription_id");
                case 3 -> bad(event, "timestamp", "yesterday", "timestamp");
                case 4 -> bad(event, "code", "", "value_is_mandatory");
                case 5 -> {
                    event.put("code", "tokens");
                    bad(event, "properties", Map.of("words", 5), "tokens");
                }
                case 6 -> {
                    event.put("code", "tokens");
                    bad(event, "properties", Map.of("tokens", "many"), "tokens");
                }
                default -> {
                    good.add(id);
                    if (sum) {
                        tokens.merge(subscription, BigDecimal.valueOf(units), BigDecimal::add);
                    }
                }
            }
            return event;
        }

        private void bad(Map<String, Object> event, String field, Object value, String reason) {
            event.put(field, value);
            bad.put(event.get("transaction_id").toString(), reason);
        }
    }

    /** The process: reads files, and sends their events. A file is done when Lago has its events, and the dead letters are written. */
    public static final class Child {

        private Child() {}

        public static void main(String[] args) throws Exception {
            DefaultCamelContext context = new DefaultCamelContext();
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(defaultErrorHandler().maximumRedeliveries(-1).redeliveryDelay(20).maximumRedeliveryDelay(500)
                            .logRetryAttempted(false));
                    from("file:" + args[0] + "/in?initialDelay=0&delay=50&sortBy=file:name&include=.*jsonl")
                            .to("lago:events?checkReferences=true&onRejected=report&maxRetries=3&retryDelay=5&baseUrl="
                                    + args[1] + "&apiKey="
                                    + args[2])
                            .transform().exchange(e -> e.getMessage().getBody(LagoEventsReport.class).rejected().stream()
                                    .map(RejectedEvent::toJson).collect(Collectors.joining("\n")))
                            .filter(body().isNotEqualTo(""))
                            .to("file:" + args[0] + "?fileName=rejected.jsonl&fileExist=Append&appendChars=\\n");
                }
            });
            context.start();
            Thread.currentThread().join();
        }
    }
}
