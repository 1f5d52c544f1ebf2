package io.github.camellago.poll;

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

import io.github.camellago.LagoConsumer;
import io.github.camellago.QuietExceptionHandler;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Consumer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
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
    private static LagoSandbox exact;
    private static LagoSandbox cached;

    /** What happens to a list besides that records come, change and go. */
    private enum Happens {
        /** records are dated otherwise than they were created */
        BACK_DATED,
        /** records become visible after others that were created later */
        VISIBLE_LATE,
        /** totals are up to half an hour old, as Lago's are for large lists */
        STALE_TOTALS
    }

    /** What is read, and what happens to it meanwhile besides updates and deletions. */
    enum Scene {
        CUSTOMERS_CHANGED("customers", "changed"), CUSTOMERS_CHANGED_STALE("customers", "changed",
                Happens.STALE_TOTALS), INVOICES_CHANGED("invoices", "changed", Happens.BACK_DATED), PLANS_CHANGED("plans",
                        "changed"), CUSTOMERS_NEW("customers", "new"), CUSTOMERS_NEW_VISIBLE_LATE("customers", "new",
                                Happens.VISIBLE_LATE), CUSTOMERS_NEW_STALE("customers", "new", Happens.VISIBLE_LATE,
                                        Happens.STALE_TOTALS), SUBSCRIPTIONS_NEW("subscriptions", "new",
                                                Happens.BACK_DATED), SUBSCRIPTIONS_NEW_STALE("subscriptions", "new",
                                                        Happens.BACK_DATED, Happens.STALE_TOTALS), FEES_NEW("fees", "new",
                                                                Happens.VISIBLE_LATE), FEES_NEW_STALE("fees", "new",
                                                                        Happens.VISIBLE_LATE,
                                                                        Happens.STALE_TOTALS), INVOICES_NEW("invoices", "new",
                                                                                Happens.BACK_DATED), INVOICES_NEW_STALE(
                                                                                        "invoices", "new", Happens.BACK_DATED,
                                                                                        Happens.VISIBLE_LATE,
                                                                                        Happens.STALE_TOTALS), EVENTS_NEW(
                                                                                                "events", "new",
                                                                                                Happens.BACK_DATED);

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
        long first = one != null ? one : System.nanoTime();
        System.out.println(scene + ": seeds from " + first + ", " + (one != null ? 1 : ROUNDS));
        for (long seed = first; seed < first + (one != null ? 1 : ROUNDS); seed++) {
            try {
                new Round(scene, seed).run();
            } catch (AssertionError e) {
                throw new AssertionError(scene + " with -Dlago.seed=" + seed + ": " + e.getMessage(), e);
            }
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
            try (DefaultCamelContext context = new DefaultCamelContext()) {
                context.addComponent("lago", RouteTestSupport.component(context, sandbox));
                context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(noErrorHandler());
                        from("lago:" + scene.resource + "?startScheduler=false&readMode=" + scene.mode + "&perPage=" + perPage
                                + "&prefetchPages=" + prefetch + "&exceptionHandler=#quiet").routeId("reading")
                                .process(exchange -> {
                                    synchronized (Round.this) {
                                        if (moving.get() && random.nextDouble() < failures) {
                                            throw new IllegalStateException("not now");
                                        }
                                        processed.add(version(exchange.getMessage().getBody(Map.class)));
                                    }
                                });
                    }
                });
                context.getRegistry().bind("quiet", new QuietExceptionHandler());
                context.start();
                Consumer consumer = context.getRoute("reading").getConsumer();
                int polls = 2 + random.nextInt(4);
                for (int i = 0; i < polls; i++) {
                    ((LagoConsumer) consumer).poll();
                }
                moving.set(false);
                forgetTotals();
                // back-dated records are found by a complete reading
                sandbox.advance(Duration.ofHours(1));
                for (int i = 0; i < 3; i++) {
                    ((LagoConsumer) consumer).poll();
                }
            }
            check();
        }

        private void move() {
            moves.incrementAndGet();
            int what = random.nextInt(10);
            if (what < 4 || living.isEmpty()) {
                insert();
            } else if (what < 7) {
                update();
            } else {
                String id = living.remove(random.nextInt(living.size()));
                latest.remove(id);
                sandbox.remove(scene.resource, id);
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
            Map<String, Object> record = new HashMap<>(
                    Map.of("external_id", "x" + number, "code", "c" + number, "transaction_id", "t" + number,
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
            living.add(id);
            latest.put(id, version(stored));
        }

        private void update() {
            pass(Duration.ofSeconds(1));
            String id = living.get(random.nextInt(living.size()));
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
        }
    }
}
