package io.github.camellago.events;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.LagoComponent;
import io.github.camellago.LogCapture;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code checkReferences=true}: events that Lago would accept and not bill are rejected before they are sent. */
class CheckReferencesTest extends RouteTestSupport {

    private static final String CHECKED = "lago:events?checkReferences=true&onRejected=report";
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong();

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        clock(context.getComponent("lago", LagoComponent.class), clock::get);
        return context;
    }

    @BeforeEach
    void addReferences() {
        sandbox.add("billable_metrics", Map.of("code", "calls", "aggregation_type", "count_agg"));
        sandbox.add("billable_metrics", Map.of("code", "storage", "aggregation_type", "sum_agg", "field_name", "gb"));
        sandbox.add("subscriptions", Map.of("external_id", "sub-1", "status", "active"));
    }

    private static Map<String, Object> event(String id, String code, String subscription) {
        return event(id, code, subscription, Map.of());
    }

    private static Map<String, Object> event(String id, String code, String subscription, Map<String, Object> properties) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("transaction_id", id);
        event.put("external_subscription_id", subscription);
        event.put("code", code);
        event.put("timestamp", 1_760_000_000L);
        event.put("properties", properties);
        return event;
    }

    private LagoEventsReport report(Object body) throws Exception {
        return sent(CHECKED, body).getMessage().getBody(LagoEventsReport.class);
    }

    /** The reasons for the rejection of an event, or null if Lago has it. */
    private String reasons(Object event) throws Exception {
        LagoEventsReport report = report(event);
        return report.rejected().isEmpty() ? null : report.rejected().get(0).describe();
    }

    private static long lookups(String path) {
        return sandbox.requests().stream().filter(r -> r.method().equals("GET") && r.path().startsWith("/api/v1/" + path))
                .count();
    }

    private static List<Object> stored() {
        return sandbox.events().stream().map(event -> event.get("transaction_id")).sorted().toList();
    }

    @Test
    void rejectsAnUnknownCodeAndNamesTheNearest() throws Exception {
        assertThat(reasons(event("t", "storag", "sub-1"))).isEqualTo("code: not found at Lago. Nearest: storage, calls");
        assertThat(sandbox.eventCount()).isZero();
    }

    @Test
    void rejectsAnUnknownSubscriptionAndNamesOneThatDiffersByALetter() throws Exception {
        assertThat(reasons(event("t", "calls", "nobody's"))).isEqualTo("external_subscription_id: not found at Lago");
        assertThat(reasons(event("u", "calls", "sub-1"))).isNull();
        assertThat(reasons(event("v", "calls", "sub_1")))
                .isEqualTo("external_subscription_id: not found at Lago. Nearest: sub-1");
        assertThat(stored()).containsExactly("u");
    }

    @Test
    void givesAllReasons() throws Exception {
        assertThat(reasons(event("t", "nope", "nobody's"))).contains("code: not found at Lago",
                "external_subscription_id: not found at Lago");
    }

    @Test
    void failsTheExchangeByDefault() {
        Exchange exchange = send("lago:events?checkReferences=true", event("t", "nope", "sub-1"));
        assertThat(exchange.getException()).isInstanceOf(LagoEventsRejectedException.class)
                .hasMessageContaining("not found at Lago");
    }

    @Test
    void doesNotCheckUnlessAsked() throws Exception {
        sent("lago:events", event("t", "nope", "nobody's"));
        assertThat(sandbox.eventCount()).isEqualTo(1);
        assertThat(lookups("")).isZero();
    }

    private static Stream<Object> forms() throws Exception {
        List<Map<String, Object>> events = List.of(event("a", "calls", "sub-1"), event("b", "nope", "sub-1"),
                event("c", "calls", "sub-2"), event("d", "calls", "sub-1"));
        byte[] json = new ObjectMapper().writeValueAsBytes(events);
        StringBuilder lines = new StringBuilder();
        for (Map<String, Object> event : events) {
            lines.append(new ObjectMapper().writeValueAsString(event)).append('\n');
        }
        return Stream.of(events, events.iterator(), events.stream(), json, new String(json, StandardCharsets.UTF_8),
                new ByteArrayInputStream(json), lines.toString(), new ObjectMapper().readTree(json));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void checksEveryFormOfInput(Object body) throws Exception {
        LagoEventsReport report = report(body);
        assertThat(report.accepted()).isEqualTo(2);
        assertThat(report.rejected()).extracting(RejectedEvent::index).containsExactly(1L, 2L);
        assertThat(stored()).containsExactly("a", "d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "received"})
    void checksEventsOfSeveralMessages(String acknowledge) throws Exception {
        String uri = "lago:events?checkReferences=true&batchInterval=50&acknowledge=" + acknowledge;
        List<CompletableFuture<Exchange>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Map<String, Object> event = event("t-" + i, i % 5 == 4 ? "nope" : "calls", i % 10 == 0 ? "sub-2" : "sub-1");
            all.add(template.asyncSend(uri, exchange -> exchange.getMessage().setBody(event)));
        }
        for (int i = 0; i < 20; i++) {
            Exception failure = all.get(i).get().getException();
            if (i % 5 == 4 || i % 10 == 0) {
                assertThat(failure).isInstanceOf(LagoEventsRejectedException.class);
            } else {
                assertThat(failure).isNull();
            }
        }
        await().untilAsserted(() -> assertThat(sandbox.eventCount()).isEqualTo(14));
    }

    @ParameterizedTest
    @CsvSource({"1760000000,", "1760000000.999,", "1760000001,rejected", "2025-10-09T08:53:20.500Z,",
            "2025-10-09T08:53:21.000Z,rejected", ",rejected"})
    void rejectsEventsAfterTheEndOfTheirSubscription(String timestamp, String result) throws Exception {
        sandbox.add("subscriptions", Map.of("external_id", "old", "status", "terminated", "terminated_at",
                Instant.ofEpochSecond(1_760_000_000L).toString()));
        Map<String, Object> event = event("t", "calls", "old");
        event.put("timestamp", timestamp);
        assertThat(reasons(event)).isEqualTo(result == null
                ? null
                : "external_subscription_id: ended at Lago at 2025-10-09T08:53:20Z, before the event's timestamp");
    }

    @Test
    void anActiveOrPendingSubscriptionCountsBeforeOneThatHasEnded() throws Exception {
        for (String status : List.of("active", "pending")) {
            sandbox.add("subscriptions", Map.of("external_id", status, "status", "terminated", "terminated_at",
                    "2020-01-01T00:00:00Z"));
            sandbox.add("subscriptions", Map.of("external_id", status, "status", status));
            assertThat(reasons(event("t-" + status, "calls", status))).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"sum_agg,{},missing", "sum_agg,{\"gb\":null},missing",
            "sum_agg,{\"gb\":\"many\"},not a number", "sum_agg,{\"gb\":\"\"},not a number",
            "sum_agg,{\"gb\":true},not a number",
            "sum_agg,{\"gb\":\"1e3\"},not a number", "sum_agg,{\"gb\":\"1.\"},not a number", "sum_agg,{\"gb\":1},-",
            "sum_agg,{\"gb\":-1.5},-", "sum_agg,{\"gb\":\"-1.5\"},-", "max_agg,{\"gb\":\"x\"},not a number",
            "latest_agg,{\"gb\":\"x\"},not a number", "weighted_sum_agg,{\"gb\":\"x\"},not a number",
            "unique_count_agg,{\"gb\":\"x\"},-", "unique_count_agg,{},missing", "count_agg,{},-",
            "custom_agg,{},-"}, delimiterString = ",", quoteCharacter = '\'')
    void rejectsEventsWithoutWhatTheMetricAggregates(String aggregation, String properties, String problem) throws Exception {
        sandbox.add("billable_metrics", Map.of("code", "m", "aggregation_type", aggregation, "field_name", "gb"));
        String expected = problem == null
                ? null
                : "properties.gb: " + problem + ": the metric m aggregates it (" + aggregation + ")";
        Map<?, ?> map = new ObjectMapper().readValue(properties, Map.class);
        Map<String, Object> event = event("map", "m", "sub-1");
        event.put("properties", map);
        assertThat(reasons(event)).isEqualTo(expected);
        for (String json : List.of("{\"transaction_id\":\"code first\",\"code\":\"m\",\"properties\":%s,%s",
                "{\"transaction_id\":\"code last\",\"properties\":%s,\"code\":\"m\",%s")) {
            assertThat(reasons(json.formatted(properties, "\"external_subscription_id\":\"sub-1\",\"timestamp\":1760000000}")))
                    .isEqualTo(expected);
        }
    }

    @Test
    void needsNoPropertyThatLagoComputes() throws Exception {
        sandbox.add("billable_metrics", Map.of("code", "m", "aggregation_type", "sum_agg", "field_name", "gb", "expression",
                "event.properties.mb / 1000"));
        assertThat(reasons(event("t", "m", "sub-1", Map.of("mb", 500)))).isNull();
    }

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
        for (int i = 0; i < 250; i++) {
            sandbox.add("billable_metrics", Map.of("code", "m-" + i, "aggregation_type", "count_agg"));
        }
        LagoEventsReport report = report(IntStream.range(0, 250).mapToObj(i -> event("t-" + i, "m-" + i, "sub-1")).toList());
        assertThat(report.accepted()).isEqualTo(250);
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
        sandbox.addAll("subscriptions", IntStream.range(0, 5_000)
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
            await().untilAsserted(() -> assertThat(stored()).containsExactly("a", "c"));
            CompletableFuture<Exchange> one = template.asyncSend(uri,
                    exchange -> exchange.getMessage().setBody(event("e", "calls", "slow")));
            sent(uri, event("f", "calls", "sub-1"));
            await().untilAsserted(() -> assertThat(stored()).containsExactly("a", "c", "f"));
            assertThat(list).isNotDone();
            assertThat(one).isNotDone();
            answer.countDown();
            assertThat(list.get().getMessage().getBody(LagoEventsReport.class).accepted()).isEqualTo(3);
            assertThat(one.get().getException()).isNull();
        } finally {
            answer.countDown();
        }
        await().untilAsserted(() -> assertThat(stored()).hasSize(6));
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
    void checksWhatTheKeyMayRead() throws Exception {
        String key = sandbox.createKey("event:write", "billable_metric:read");
        String uri = CHECKED + "&apiKey=" + key;
        assertThat(sent(uri, event("a", "calls", "sub-2")).getMessage().getBody(LagoEventsReport.class).accepted())
                .isEqualTo(1);
        assertThat(sent(uri, event("b", "nope", "sub-2")).getMessage().getBody(LagoEventsReport.class).rejected()).hasSize(1);
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

    @Test
    void aRedeliveryChecksRejectedEventsAgain() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(deadLetterChannel("mock:dead").maximumRedeliveries(2).redeliveryDelay(1)
                        .onRedelivery(exchange -> {
                            sandbox.add("subscriptions", Map.of("external_id", "late", "status", "active"));
                            clock.addAndGet(61 * SECOND);
                        })).to("lago:events?checkReferences=true").to("mock:done");
            }
        });
        mock("done").expectedMessageCount(1);
        mock("dead").expectedMessageCount(0);
        template.sendBody("direct:in", List.of(event("a", "calls", "sub-1"), event("b", "calls", "late")));
        mock("done").assertIsSatisfied();
        assertThat(stored()).containsExactly("a", "b");
    }
}
