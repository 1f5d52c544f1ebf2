package io.github.camellago.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import io.github.camellago.test.Fault;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Faults of all kinds, mixed at random: in the end every good event is stored exactly once, and every bad one is in the dead letter. Each round
 * prints its seed when it fails; {@code -Dlago.seed=…} runs that one, {@code -Dlago.rounds=…} runs more.
 */
class EventsChaosIT extends RouteTestSupport {

    private static final int ROUNDS = Integer.getInteger("lago.rounds", 40);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Map<String, LagoSandbox> kinds;
    private final AtomicInteger routes = new AtomicInteger();

    @BeforeAll
    static void startKinds() {
        kinds = Map.of("usual", LagoSandbox.start(), "partial", LagoSandbox.builder().partialBatches(true).start(),
                "clickhouse",
                LagoSandbox.builder().clickhouse(true).start(), "small", LagoSandbox.builder().maxBatchSize(23).start());
    }

    @AfterAll
    static void stopKinds() {
        kinds.values().forEach(LagoSandbox::close);
    }

    @Test
    void everyGoodEventIsStoredOnceAndEveryBadOneIsInTheDeadLetter() throws Exception {
        Long given = Long.getLong("lago.seed");
        long first = given != null ? given : System.nanoTime();
        for (int round = 0; round < (given != null ? 1 : ROUNDS); round++) {
            long seed = first + round;
            try {
                round(new Random(seed));
            } catch (AssertionError e) {
                throw new AssertionError("Failed with -Dlago.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private void round(Random random) throws Exception {
        String kind = List.of("usual", "usual", "partial", "clickhouse", "small").get(random.nextInt(5));
        LagoSandbox server = kinds.get(kind);
        server.reset();
        Events events = new Events(random, 200 + random.nextInt(1_500));
        for (int i = random.nextInt(5); i >= 0; i--) {
            misbehave(
                    server.faults().on("POST", "/events/batch").probability(0.05 + random.nextDouble() * 0.4, random.nextLong())
                            .times(1 + random.nextInt(12)),
                    random);
        }
        String route = "direct:round-" + routes.incrementAndGet();
        redelivering(route,
                "lago:events?responseTimeout=500&maxRetries=" + random.nextInt(3) + "&batchSize=" + (1 + random.nextInt(120))
                        + "&concurrentBatches=" + (1 + random.nextInt(6)) + "&baseUrl=" + server.baseUrl() + "&apiKey="
                        + server.apiKey());

        Exchange exchange = template.send(route, e -> e.getMessage().setBody(events.body(random)));

        LagoEventsReport report = exchange.getException() instanceof LagoEventsRejectedException rejected
                ? rejected.getReport()
                : exchange.getMessage().getBody(LagoEventsReport.class);
        assertThat(exchange.getException()).satisfiesAnyOf(e -> assertThat(e).isNull(),
                e -> assertThat(e).isInstanceOf(LagoEventsRejectedException.class));
        List<Object> stored = server.events().stream().map(e -> e.get("transaction_id")).toList();
        assertThat(stored).as(kind).doesNotHaveDuplicates();
        // a server that fails at random may fail each time that an event is sent alone
        TreeSet<Long> unlucky = new TreeSet<>(
                report.rejected().stream().filter(e -> e.describe().contains("the server fails on it"))
                        .map(RejectedEvent::index).toList());
        Set<Object> missing = new TreeSet<>(events.good);
        missing.removeAll(new HashSet<>(stored));
        missing.removeAll(unlucky.stream().map(events::id).toList());
        assertThat(missing).as(kind + ": lost").isEmpty();
        assertThat(stored.stream().filter(id -> !id.toString().startsWith("t-"))).as(kind)
                .hasSize(events.bare - (int) unlucky.stream().filter(i -> events.id(i) == null).count());
        TreeSet<Long> rejected = new TreeSet<>(report.rejected().stream().map(RejectedEvent::index).toList());
        rejected.removeAll(unlucky);
        assertThat(rejected).as(kind).isEqualTo(events.bad);
        assertThat(report.total()).as(kind).isEqualTo(events.all.size());
    }

    private static void misbehave(Fault fault, Random random) {
        switch (random.nextInt(14)) {
            case 0 -> fault.dropAfter();
            case 1 -> fault.dropBefore();
            case 2 -> fault.status(500);
            case 3 -> fault.html(502);
            case 4 -> fault.status(503).header("Retry-After", "0");
            case 5 -> fault.statusAfter(504);
            case 6 -> fault.statusAfter(500);
            case 7 -> fault.tooManyRequests();
            case 8 -> fault.truncate();
            case 9 -> fault.garble();
            case 10 -> fault.delay(Duration.ofMillis(20));
            case 11 -> fault.times(1).delay(Duration.ofMillis(700));
            case 12 -> fault.whenBody(body -> body.length() > 4_000).status(413);
            default -> fault.status(200);
        }
    }

    private void redelivering(String from, String to) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                onException(LagoEventsRejectedException.class).maximumRedeliveries(0);
                errorHandler(defaultErrorHandler().maximumRedeliveries(200).redeliveryDelay(0).logExhausted(false));
                from(from).to(to);
            }
        });
    }

    /** Events of which some are bad, some come again, and some have no id of their own. */
    private static final class Events {

        private final List<Object> all = new ArrayList<>();
        private final List<Object> ids = new ArrayList<>();
        private final Set<String> good = new HashSet<>();
        private final TreeSet<Long> bad = new TreeSet<>();
        private int bare;

        Events(Random random, int count) throws JsonProcessingException {
            double badShare = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.1;
            boolean allBadBatch = random.nextInt(5) == 0;
            for (int i = 0; i < count; i++) {
                Map<String, Object> event = new HashMap<>(event("t-" + i));
                if (random.nextDouble() < badShare || allBadBatch && i >= 100 && i < 220) {
                    bad.add((long) i);
                    event.put("transaction_id", "bad-" + i);
                    event.put(random.nextBoolean() ? "timestamp" : "code", random.nextBoolean() ? "" : "?");
                    event.put("timestamp", "?");
                } else if (random.nextInt(20) == 0) {
                    event.remove("transaction_id");
                    event.remove("timestamp");
                    event.put("properties", Map.of("n", i));
                    bare++;
                } else if (random.nextInt(20) == 0 && i > 0) {
                    String again = "t-" + random.nextInt(i);
                    if (good.contains(again)) {
                        event.put("transaction_id", again);
                    }
                    good.add(event.get("transaction_id").toString());
                } else {
                    good.add("t-" + i);
                }
                ids.add(event.get("transaction_id"));
                all.add(random.nextInt(3) == 0 ? JSON.writeValueAsString(event) : event);
            }
        }

        /** Null if the event has no id of its own. */
        Object id(long index) {
            return ids.get((int) index);
        }

        Object body(Random random) {
            return switch (random.nextInt(4)) {
                case 0 -> all;
                case 1 -> all.stream();
                case 2 -> (Iterable<Object>) all::iterator;
                default -> all.iterator();
            };
        }
    }
}
