package io.github.camellago.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.camellago.LogCapture;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code checkReferences=true}: when names are looked up at Lago, and how long the answers are used. */
class ReferenceLookupsTest extends ReferencesTestSupport {

    @Test
    void looksUpEachNameOnce() throws Exception {
        report(IntStream.range(0, 2_000).mapToObj(i -> event("t-" + i, "calls", "sub-1")).iterator());
        report(event("u", "calls", "sub-1"));
        assertThat(lookups("billable_metrics")).isEqualTo(1);
        assertThat(lookups("subscriptions")).isEqualTo(1);
        assertThat(sandbox.eventCount()).isEqualTo(2_001);
    }

    @Test
    void readsAllPagesOfMetrics() throws Exception {
        for (int i = 0; i < 1_100; i++) {
            sandbox.add("billable_metrics", Map.of("code", "m-" + i, "aggregation_type", "count_agg"));
        }
        LagoEventsReport report = report(IntStream.range(0, 1_100).mapToObj(i -> event("t-" + i, "m-" + i, "sub-1")).toList());
        assertThat(report.accepted()).isEqualTo(1_100);
        assertThat(lookups("billable_metrics")).isEqualTo(3);
    }

    @Test
    void readsTheListOfManySubscriptions() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            sandbox.add("subscriptions", Map.of("external_id", "many-" + i, "status", i % 2 == 0 ? "active" : "pending"));
        }
        LagoEventsReport report = report(
                IntStream.range(0, 1_001).mapToObj(i -> event("t-" + i, "calls", "many-" + i)).iterator());
        assertThat(report.accepted()).isEqualTo(1_000);
        assertThat(report.rejected()).extracting(RejectedEvent::describe)
                .allMatch(reason -> reason.startsWith("external_subscription_id: not found at Lago"));
        assertThat(lookups("subscriptions")).isLessThan(60);
    }

    @Test
    void looksUpSubscriptionsOneByOneIfTheListIsLonger() throws Exception {
        sandbox.addAll("subscriptions", IntStream.range(0, 16_000)
                .mapToObj(i -> Map.of("external_id", "many-" + i, "status", "active")).toList());
        LagoEventsReport report = report(
                IntStream.range(0, 30).mapToObj(i -> event("t-" + i, "calls", "many-" + i)).toList());
        assertThat(report.accepted()).isEqualTo(30);
        assertThat(lookups("subscriptions")).isLessThanOrEqualTo(31);
    }

    @Test
    void looksAnUnknownNameUpAgainAfterAMinute() throws Exception {
        assertThat(reasons(event("t", "new", "new"))).isNotNull();
        long before = lookups("");
        sandbox.add("billable_metrics", Map.of("code", "new", "aggregation_type", "count_agg"));
        sandbox.add("subscriptions", Map.of("external_id", "new", "status", "active"));
        clock.addAndGet(59 * SECOND);
        assertThat(reasons(event("t", "new", "new"))).isNotNull();
        assertThat(lookups("")).isEqualTo(before);
        clock.addAndGet(1 * SECOND);
        assertThat(reasons(event("t", "new", "new"))).isNull();
    }

    /** Somebody may just have corrected at Lago what an event is about to be rejected for. */
    @Test
    void looksUpAgainWhatIsOlderThanAMinuteBeforeAnEventIsRejected() throws Exception {
        assertThat(reasons(event("a", "storage", "sub-1", Map.of("gb", 1)))).isNull();
        String metric = (String) sandbox.records("billable_metrics").stream().filter(m -> m.get("code").equals("storage"))
                .findFirst().orElseThrow().get("lago_id");
        sandbox.update("billable_metrics", metric, Map.of("field_name", "tb"));
        clock.addAndGet(61 * SECOND);
        assertThat(reasons(event("b", "storage", "sub-1", Map.of("tb", 1)))).isNull();
    }

    @Test
    void doesNotRelyOnWhatIsOlderThanTheMaximumAge() throws Exception {
        String uri = CHECKED + "&referencesMaxAge=2m";
        assertThat(sent(uri, event("a", "calls", "sub-1")).getMessage().getBody(LagoEventsReport.class).accepted())
                .isEqualTo(1);
        String subscription = (String) sandbox.records("subscriptions").get(0).get("lago_id");
        sandbox.update("subscriptions", subscription, Map.of("status", "terminated", "terminated_at", "2025-01-01T00:00:00Z"));
        clock.addAndGet(120 * SECOND);
        assertThat(sent(uri, event("b", "calls", "sub-1")).getMessage().getBody(LagoEventsReport.class).rejected()).hasSize(1);
    }

    @Test
    void looksUpWhatIsInUseInTheBackground() throws Exception {
        report(event("a", "calls", "sub-1"));
        clock.addAndGet(301 * SECOND);
        CountDownLatch answer = new CountDownLatch(1);
        sandbox.faults().on("GET", "/**").every().when(request -> held(answer)).delay(Duration.ZERO);
        report(event("b", "calls", "sub-1"));
        answer.countDown();
        await().untilAsserted(() -> assertThat(lookups("")).isEqualTo(4));
        clock.addAndGet(301 * SECOND);
        report(event("c", "calls", "sub-1"));
        await().untilAsserted(() -> assertThat(lookups("")).isEqualTo(6));
    }

    private static boolean held(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The interval of batches elapses meanwhile. */
    private void awaitStored(String... ids) {
        await().untilAsserted(() -> {
            clock.addAndGet(SECOND / 100);
            assertThat(stored()).containsExactly(ids);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {CHECKED, CHECKED + "&batchInterval=1", CHECKED + "&batchInterval=1&acknowledge=received"})
    void doesNotHoldUpEventsWhoseReferencesAreKnown(String uri) throws Exception {
        sent(uri, event("a", "calls", "sub-1"));
        sandbox.add("subscriptions", Map.of("external_id", "slow", "status", "active"));
        CountDownLatch answer = new CountDownLatch(1);
        sandbox.faults().on("GET", "/subscriptions/slow").every().when(request -> held(answer)).delay(Duration.ZERO);
        try {
            CompletableFuture<Exchange> list = template.asyncSend(uri, exchange -> exchange.getMessage().setBody(
                    List.of(event("b", "calls", "slow"), event("c", "calls", "sub-1"), event("d", "calls", "slow"))));
            awaitStored("a", "c");
            CompletableFuture<Exchange> one = template.asyncSend(uri,
                    exchange -> exchange.getMessage().setBody(event("e", "calls", "slow")));
            sent(uri, event("f", "calls", "sub-1"));
            awaitStored("a", "c", "f");
            assertThat(list).isNotDone();
            assertThat(one).isNotDone();
            answer.countDown();
            assertThat(list.get().getMessage().getBody(LagoEventsReport.class).accepted()).isEqualTo(3);
            assertThat(one.get().getException()).isNull();
        } finally {
            answer.countDown();
        }
        await().untilAsserted(() -> {
            clock.addAndGet(SECOND / 100);
            assertThat(stored()).hasSize(6);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 500, 503})
    void sendsUncheckedWithOneWarningWhileLagoCannotBeAsked(int status) throws Exception {
        var fault = status == 403
                ? sandbox.faults().on("GET", "/**").every().status(403).body(
                        "{\"status\":403,\"error\":\"Forbidden\",\"code\":\"read_action_not_allowed_for_subscription\"}")
                : sandbox.faults().on("GET", "/**").every().status(status);
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            for (int i = 0; i < 3; i++) {
                LagoEventsReport report = report(List.of(event("a" + i, "nope", "sub-1"), event("b" + i, "calls", "sub-2")));
                assertThat(report.accepted()).isEqualTo(2);
                clock.addAndGet(61 * SECOND);
            }
            assertThat(log.lines().stream().filter(line -> line.contains("Cannot look up billable metrics"))).hasSize(1);
            assertThat(log.lines().stream().filter(line -> line.contains("Cannot look up subscriptions"))).hasSize(1);
        }
        sandbox.faults().clear();
        await().untilAsserted(() -> {
            clock.addAndGet(61 * SECOND);
            assertThat(report(event("c", "nope", "sub-2")).rejected()).hasSize(1);
        });
    }

    /** A proxy's 404 is not Lago's word. */
    @Test
    void doesNotTakeTheAnswerOfAProxyForLagos() throws Exception {
        sandbox.faults().on("GET", "/subscriptions/*").every().html(404);
        assertThat(reasons(event("t", "calls", "sub-1"))).isNull();
    }

    @Test
    void forgetsWhatAnotherKeyHasFound() throws Exception {
        String[] permissions = {"event:write", "billable_metric:read", "subscription:read"};
        List<String> keys = new ArrayList<>(List.of(sandbox.createKey(permissions)));
        Supplier<String> current = () -> keys.get(keys.size() - 1);
        context.getRegistry().bind("keys", current);
        String uri = CHECKED + "&credentials=#keys";
        assertThat(sent(uri, event("a", "calls", "sub-1")).getMessage().getBody(LagoEventsReport.class).accepted())
                .isEqualTo(1);
        long before = lookups("");
        sandbox.revokeKey(keys.get(0));
        keys.add(sandbox.createKey(permissions));
        sent(uri, event("b", "calls", "sub-1"));
        sent(uri, event("c", "calls", "sub-1"));
        assertThat(lookups("")).isEqualTo(before + 2);
    }

    @Test
    void asksForTheNameAsItIs() throws Exception {
        sandbox.add("subscriptions", Map.of("external_id", "a.b/c d", "status", "active"));
        sandbox.add("subscriptions", Map.of("external_id", "a", "status", "active"));
        assertThat(reasons(event("t", "calls", "a.b/c d"))).isNull();
        assertThat(reasons(event("u", "calls", "a.b"))).isNotNull();
    }
}
