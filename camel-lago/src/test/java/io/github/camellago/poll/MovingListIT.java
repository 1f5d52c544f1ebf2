package io.github.camellago.poll;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camellago.LagoConstants;
import io.github.camellago.LagoConsumer;
import io.github.camellago.QuietExceptionHandler;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.JdbcRecordRepository;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lists that change between any two of a poll's pages: records come, change and go at random. Whatever the interleaving, all
 * that exists in the end was processed, and no version twice. More rounds: {@code -Dlago.interleavings=5000}; one of them
 * again: {@code -Dlago.seed=…}.
 */
class MovingListIT {

    private static final int ROUNDS = Integer.getInteger("lago.interleavings", 30);
    private static final String DELETIONS = "changed&deletions=true";
    private static int deletions;
    private static LagoSandbox exact;
    private static LagoSandbox cached;

    /** Special cases of a list, besides new, changed and deleted records. */
    private enum Happens {
        /** records are dated otherwise than they were created */
        BACK_DATED,
        /** records become visible after others that were created later */
        VISIBLE_LATE,
        /** totals are up to half an hour old, as Lago's are for large lists */
        STALE_TOTALS,
        /** codes of deleted records are used again */
        REUSED_CODES,
        /** records leave the filter, and come back */
        FILTERED,
        /** the reader is restarted between polls; it has a store */
        RESTARTS
    }

    /** A list, and its special cases. */
    enum Scene {
        CUSTOMERS_CHANGED("customers", "changed"), //
        CUSTOMERS_CHANGED_STALE("customers", "changed", Happens.STALE_TOTALS), //
        INVOICES_CHANGED("invoices", "changed", Happens.BACK_DATED), //
        PLANS_CHANGED("plans", "changed"), //
        PLANS_CHANGED_RESTARTS("plans", "changed", Happens.RESTARTS), //
        CUSTOMERS_NEW("customers", "new"), //
        CUSTOMERS_NEW_VISIBLE_LATE("customers", "new", Happens.VISIBLE_LATE), //
        CUSTOMERS_NEW_STALE("customers", "new", Happens.VISIBLE_LATE, Happens.STALE_TOTALS), //
        SUBSCRIPTIONS_NEW("subscriptions", "new", Happens.BACK_DATED), //
        SUBSCRIPTIONS_NEW_STALE("subscriptions", "new", Happens.BACK_DATED, Happens.STALE_TOTALS), //
        FEES_NEW("fees", "new", Happens.VISIBLE_LATE), //
        FEES_NEW_STALE("fees", "new", Happens.VISIBLE_LATE, Happens.STALE_TOTALS), //
        INVOICES_NEW("invoices", "new", Happens.BACK_DATED), //
        INVOICES_NEW_STALE("invoices", "new", Happens.BACK_DATED, Happens.VISIBLE_LATE, Happens.STALE_TOTALS), //
        EVENTS_NEW("events", "new", Happens.BACK_DATED), //
        CUSTOMERS_DELETED("customers", DELETIONS, Happens.REUSED_CODES), //
        CUSTOMERS_DELETED_STALE("customers", DELETIONS, Happens.REUSED_CODES, Happens.STALE_TOTALS), //
        CUSTOMERS_DELETED_RESTARTS("customers", DELETIONS, Happens.REUSED_CODES, Happens.RESTARTS), //
        PLANS_DELETED("plans", DELETIONS, Happens.REUSED_CODES, Happens.VISIBLE_LATE), //
        FEES_DELETED_STALE("fees", DELETIONS, Happens.STALE_TOTALS), //
        INVOICES_DELETED("invoices", DELETIONS, Happens.BACK_DATED, Happens.STALE_TOTALS), //
        INVOICES_DELETED_FILTERED("invoices", DELETIONS, Happens.BACK_DATED, Happens.FILTERED), //
        INVOICES_DELETED_FILTERED_RESTARTS("invoices", DELETIONS, Happens.FILTERED, Happens.RESTARTS, Happens.STALE_TOTALS), //
        WEBHOOK_ENDPOINTS_DELETED("webhook_endpoints", DELETIONS, Happens.RESTARTS);

        private final String resource;
        private final String mode;
        private final Set<Happens> happens;

        Scene(String resource, String mode, Happens... happens) {
            this.resource = resource;
            this.mode = mode;
            this.happens = Set.of(happens);
        }

        private boolean has(Happens what) {
            return happens.contains(what);
        }

        private boolean findsDeletions() {
            return mode.equals(DELETIONS);
        }
    }

    @BeforeAll
    static void startSandboxes() {
        exact = LagoSandbox.builder().journal(0).start();
        cached = LagoSandbox.builder().journal(0).staleTotals(true).start();
    }

    @AfterAll
    static void stopSandboxes() {
        exact.close();
        cached.close();
    }

    @ParameterizedTest
    @EnumSource
    void processesAllThatExistsInTheEnd(Scene scene) throws Exception {
        Long one = Long.getLong("lago.seed");
        // deletions: the same seeds each time
        long first = one != null ? one : scene.findsDeletions() ? 1 : System.nanoTime();
        System.out.println(scene + ": seeds from " + first + ", " + (one != null ? 1 : ROUNDS));
        deletions = 0;
        for (long seed = first; seed < first + (one != null ? 1 : ROUNDS); seed++) {
            try {
                new Round(scene, seed).run();
            } catch (AssertionError e) {
                throw new AssertionError(scene + " with -Dlago.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
        if (one == null && scene.findsDeletions()) {
            System.out.println(scene + ": " + deletions + " deletions");
            assertThat(deletions).isPositive();
        }
    }

    private static final class Round {

        private final Scene scene;
        private final LagoSandbox sandbox;
        private Instant counted;
        private final Random random;
        private final List<String> living = new ArrayList<>();
        private final Map<String, String> latest = new ConcurrentHashMap<>();
        private final List<String> processed = new ArrayList<>();
        private final Set<String> delivered = new HashSet<>();
        private final List<String> deleted = new ArrayList<>();
        private Set<String> deletedInTime;
        private final Set<String> removed = new HashSet<>();
        private final Set<String> hidden = new HashSet<>();
        private final Set<String> wereHidden = new HashSet<>();
        private final Map<String, String> codes = new HashMap<>();
        private final List<String> freeCodes = new ArrayList<>();
        private final AtomicBoolean moving = new AtomicBoolean(true);
        private final AtomicInteger moves = new AtomicInteger();
        private int versions;

        private Round(Scene scene, long seed) {
            this.scene = scene;
            this.sandbox = scene.has(Happens.STALE_TOTALS) ? cached : exact;
            this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        }

        private void run() throws Exception {
            sandbox.reset();
            forgetTotals();
            for (int i = random.nextInt(12); i >= 0; i--) {
                insert();
            }
            int perPage = 1 + random.nextInt(4);
            int prefetch = random.nextInt(4);
            double failures = random.nextInt(3) * 0.1;
            double pace = 0.2 + random.nextDouble();
            sandbox.faults().on(request -> {
                synchronized (this) {
                    // a page is about to be cut out
                    while (moving.get() && random.nextDouble() < pace / 2) {
                        move();
                    }
                }
                return false;
            }).status(500);
            JdbcDataSource database = new JdbcDataSource();
            database.setUrl("jdbc:h2:mem:moving" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
            String uri = "lago:" + scene.resource + "?startScheduler=false&readMode=" + scene.mode + "&perPage=" + perPage
                    + "&prefetchPages=" + prefetch + "&exceptionHandler=#quiet"
                    + (scene.has(Happens.FILTERED) ? "&filter.payment_status=failed" : "")
                    + (scene.has(Happens.RESTARTS) ? "&idempotentRepository=#store" : "");
            int polls = 2 + random.nextInt(4);
            int polled = 0;
            while (polled < polls + 3) {
                try (DefaultCamelContext context = new DefaultCamelContext()) {
                    context.addComponent("lago", RouteTestSupport.component(context, sandbox));
                    context.getRegistry().bind("quiet", new QuietExceptionHandler());
                    context.getRegistry().bind("store", new JdbcRecordRepository(database));
                    context.addRoutes(route(uri, failures));
                    context.start();
                    LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
                    do {
                        if (polled == polls) {
                            moving.set(false);
                            forgetTotals();
                            // back-dated records are found by a complete reading
                            sandbox.advance(Duration.ofHours(1));
                        }
                        consumer.poll();
                        if (polled++ == polls) {
                            deletedInTime = Set.copyOf(deleted);
                        }
                    } while (polled < polls + 3 && !(scene.has(Happens.RESTARTS) && random.nextBoolean()));
                }
            }
            try (Connection connection = database.getConnection()) {
                connection.createStatement().execute("SHUTDOWN");
            }
            check();
            deletions += deleted.size();
        }

        private RouteBuilder route(String uri, double failures) {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from(uri).routeId("reading").process(exchange -> {
                        synchronized (Round.this) {
                            if (moving.get() && random.nextDouble() < failures) {
                                throw new IllegalStateException("not now");
                            }
                            Message message = exchange.getMessage();
                            if (Boolean.TRUE.equals(message.getHeader(LagoConstants.DELETED))) {
                                deleted.add(message.getHeader(LagoConstants.RECORD_KEY, String.class));
                            } else {
                                Map<?, ?> body = message.getBody(Map.class);
                                processed.add(version(body));
                                delivered.add((String) body.get("lago_id"));
                            }
                        }
                    });
                }
            };
        }

        private void move() {
            moves.incrementAndGet();
            int what = random.nextInt(10);
            if (what < 4 || living.isEmpty()) {
                insert();
            } else if (what < 7) {
                update();
            } else if (what < 8 && scene.has(Happens.FILTERED)) {
                filter();
            } else {
                String id = living.remove(random.nextInt(living.size()));
                latest.remove(id);
                sandbox.remove(scene.resource, id);
                removed.add(id);
                freeCodes.add(codes.get(id));
            }
        }

        /** A record leaves the filter, or comes back. */
        private void filter() {
            pass(Duration.ofSeconds(1));
            String id = living.get(random.nextInt(living.size()));
            boolean out = hidden.add(id);
            int number = ++versions;
            String version = version(sandbox.update(scene.resource, id,
                    Map.of("payment_status", out ? "succeeded" : "failed", "number", "v" + number)));
            wereHidden.add(id);
            if (out) {
                latest.remove(id);
            } else {
                hidden.remove(id);
                latest.put(id, version);
            }
        }

        private void forgetTotals() {
            sandbox.forgetTotals();
            counted = sandbox.now();
        }

        private void pass(Duration time) {
            if (counted.plus(Duration.ofMinutes(30)).isBefore(sandbox.now().plus(time))) {
                forgetTotals();
            }
            sandbox.advance(time);
        }

        private void insert() {
            pass(Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 200_000 : 1500)));
            int number = ++versions;
            String code = scene.has(Happens.REUSED_CODES) && !freeCodes.isEmpty() && random.nextBoolean()
                    ? freeCodes.remove(0)
                    : "c" + number;
            Map<String, Object> record = new HashMap<>(
                    Map.of("external_id", code, "code", code, "transaction_id", "t" + number, "webhook_url",
                            "https://" + code + ".example", "payment_status", "failed",
                            "external_subscription_id", "s",
                            "name", "v" + number, "number", "v" + number, "invoice_display_name", "v" + number));
            Instant now = sandbox.now();
            if (scene.has(Happens.VISIBLE_LATE) && random.nextInt(3) == 0) {
                record.put("created_at", now.minusSeconds(random.nextInt(20)).toString());
            }
            if (scene.has(Happens.BACK_DATED)) {
                Instant then = now.minus(Duration.ofDays(random.nextInt(4) == 0 ? random.nextInt(400) - 5 : 0));
                record.put("issuing_date", LocalDate.ofInstant(then, ZoneOffset.UTC).toString());
                record.put("subscription_at", then.toString());
                record.put("timestamp", then.toString());
            }
            Map<String, Object> stored = sandbox.add(scene.resource, record);
            String id = (String) stored.get("lago_id");
            codes.put(id, code);
            living.add(id);
            latest.put(id, version(stored));
        }

        private void update() {
            pass(Duration.ofSeconds(1));
            List<String> shown = living.stream().filter(id -> !hidden.contains(id)).toList();
            if (shown.isEmpty()) {
                return;
            }
            String id = shown.get(random.nextInt(shown.size()));
            int number = ++versions;
            latest.put(id, version(sandbox.update(scene.resource, id,
                    Map.of("name", "v" + number, "number", "v" + number, "invoice_display_name", "v" + number))));
        }

        private String version(Map<?, ?> record) {
            if (scene.mode.equals("new")) {
                return String.valueOf(record.get("lago_id"));
            }
            return record.get("lago_id") + " " + (record.get("name") != null && !scene.resource.equals("invoices")
                    ? record.get("name")
                    : record.get("number"));
        }

        private void check() {
            Set<String> once = new HashSet<>();
            List<String> twice = processed.stream().filter(version -> !once.add(version)).toList();
            Set<String> lost = new TreeSet<>(latest.values());
            lost.removeAll(once);
            assertThat(lost).as("never processed, of " + latest.size()).isEmpty();
            assertThat(twice).as("processed twice, of " + processed.size()).isEmpty();
            if (scene.findsDeletions()) {
                assertThat(removed).as("deleted at Lago, of " + removed.size()).containsAll(deleted);
                assertThat(deleted).doesNotHaveDuplicates();
                Set<String> missed = new TreeSet<>(removed);
                missed.retainAll(delivered);
                // what has left the filter is not watched
                missed.removeAll(wereHidden);
                missed.removeAll(deletedInTime);
                assertThat(missed).as("deletions that the next complete poll has not delivered, of " + removed.size())
                        .isEmpty();
                assertThat(deletedInTime).as("deletions that came later").containsAll(deleted);
            }
        }
    }
}
