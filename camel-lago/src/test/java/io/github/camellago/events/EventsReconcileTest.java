package io.github.camellago.events;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEvent;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.ReconciledEvent;
import io.github.camellago.api.ReconciledEvent.Difference;
import io.github.camellago.api.ReconciledEvent.Status;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.SandboxRequest;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The operation reconcile: what is stored, missing or different, and the repair of what is missing. */
class EventsReconcileTest extends RouteTestSupport {

    private static final String RECONCILE = "lago:events?operation=reconcile";
    private static final String REPAIR = RECONCILE + "&repair=true";
    private static final long START = 1_760_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void reportsStoredMissingAndDifferentEvents() throws Exception {
        sandbox.addAll("events",
                List.of(event("stored"), changed("timestamp", "timestamp", START + 1), changed("code", "code", "other"),
                        changed("property", "properties", Map.of("region", "us")),
                        changed("subscription", "external_subscription_id", "sub-2")));

        Exchange exchange = sent(RECONCILE, Stream.of("stored", "gone", "timestamp", "code", "property", "subscription")
                .map(RouteTestSupport::event).toList());

        assertCounts(exchange, 1, 1, 4);
        List<ReconciledEvent> events = body(exchange);
        assertThat(events).extracting(ReconciledEvent::index).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(events).extracting(ReconciledEvent::status).containsExactly(Status.MISSING, Status.DIFFERENT,
                Status.DIFFERENT,
                Status.DIFFERENT, Status.DIFFERENT);
        assertThat(events.get(0).event()).isEqualTo(event("gone"));
        assertThat(events.get(1).differences())
                .isEqualTo(Map.of("timestamp", new Difference(1760000000, "2025-10-09T08:53:21.000Z")));
        assertThat(events.get(2).differences()).isEqualTo(Map.of("code", new Difference("api_calls", "other")));
        assertThat(events.get(3).differences()).isEqualTo(Map.of("properties.region", new Difference("eu", "us")));
        assertThat(events.get(4).differences()).isEqualTo(Map.of("external_subscription_id", new Difference("sub-1", "sub-2")));
        assertThat(sandbox.requests()).allSatisfy(r -> assertThat(r.method()).isEqualTo("GET"));
        assertThat(sandbox.eventCount()).isEqualTo(5);
    }

    @Test
    void takesEachFormOfEventsThatCreateTakes() throws Exception {
        sent("lago:events", List.of(event("a"), event("b")));
        String a = JSON.writeValueAsString(event("a"));
        String b = JSON.writeValueAsString(event("b"));
        String c = JSON.writeValueAsString(event("c"));

        for (Object body : List.of(List.of(event("a"), event("b"), event("c")), Stream.of(event("a"), b, c),
                List.of(a, b, c).iterator(), "[" + a + "," + b + "," + c + "]", a + "\n" + b + "\n" + c,
                ("{\"events\":[" + a + "," + b + "," + c + "]}").getBytes(StandardCharsets.UTF_8),
                new ByteArrayInputStream((a + "\n" + b + "\n" + c).getBytes(StandardCharsets.UTF_8)),
                JSON.readTree("[" + a + "," + b + "," + c + "]"), new Object[]{event("a"), b, event("c")})) {
            assertCounts(sent(RECONCILE, body), 2, 1, 0);
        }
        assertCounts(sent(RECONCILE, event("a")), 1, 0, 0);
        assertCounts(sent(RECONCILE, new LagoEvent("a", "sub-1", "api_calls", java.time.Instant.ofEpochSecond(START),
                Map.of("region", "eu"))), 1, 0, 0);
        assertCounts(sent(RECONCILE, c), 0, 1, 0);
    }

    @Test
    void takesIdsOnly() throws Exception {
        UUID id = UUID.randomUUID();
        sent("lago:events", List.of(event("a"), event("77"), event(id.toString())));

        for (Object body : List.of(List.of("a", 77, id, "gone"), "[\"a\",77,\"" + id + "\",\"gone\"]",
                "a\n77\n" + id + "\ngone\n",
                List.of(Map.of("transaction_id", "a"), "{\"transaction_id\":\"77\"}", Map.of("transaction_id", id),
                        Map.of("transaction_id", "gone")),
                new ByteArrayInputStream(("a\r\n77\r\n" + id + "\r\ngone").getBytes(StandardCharsets.UTF_8)))) {
            Exchange exchange = sent(RECONCILE, body);

            assertCounts(exchange, 3, 1, 0);
            assertThat(body(exchange)).singleElement().satisfies(e -> assertThat(e.status()).isEqualTo(Status.MISSING));
        }
        assertCounts(sent(RECONCILE, "a"), 1, 0, 0);
        assertCounts(sent(RECONCILE, "gone"), 0, 1, 0);
    }

    @Test
    void rejectsWhatCannotBeLookedUp() throws Exception {
        Exchange exchange = sent(RECONCILE, List.of(Map.of("code", "api_calls", "external_subscription_id", "sub-1"),
                Map.of("transaction_id", "t", "code", "api_calls"), "{broken", Map.of("transaction_id", ".."),
                changed("t-2", "timestamp", START * 1000)));

        assertCounts(exchange, 0, 0, 0);
        assertThat(exchange.getMessage().getHeader("CamelLagoEventsRejected")).isEqualTo(5L);
        assertThat(body(exchange)).allSatisfy(e -> assertThat(e.status()).isEqualTo(Status.REJECTED));
        assertThat(body(exchange)).extracting(e -> e.reasons().keySet().iterator().next()).containsExactly("transaction_id",
                "external_subscription_id", "event", "transaction_id", "timestamp");
    }

    @Test
    void repairSendsOnlyMissingEvents() throws Exception {
        sandbox.addAll("events", List.of(event("stored"), changed("different", "code", "other")));

        Exchange exchange = sent(REPAIR, List.of(event("stored"), event("gone"), event("different"), "only-an-id"));

        assertCounts(exchange, 1, 2, 1);
        assertThat(exchange.getMessage().getHeader("CamelLagoEventsAccepted")).isEqualTo(1L);
        assertThat(exchange.getMessage().getHeader("CamelLagoEventsDuplicate")).isEqualTo(0L);
        assertThat(exchange.getMessage().getHeader("CamelLagoEventsRejected")).isEqualTo(0L);
        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id") + " " + e.get("code"))
                .containsExactlyInAnyOrder("stored api_calls", "gone api_calls", "different other");
        assertThat(sandbox.requests().stream().filter(r -> r.method().equals("POST"))).singleElement()
                .satisfies(r -> assertThat(r.body()).contains("gone").doesNotContain("stored", "different"));

        assertCounts(sent(REPAIR, List.of(event("stored"), event("gone"))), 2, 0, 0);
    }

    @Test
    void repairFailsIfLagoRejectsAMissingEvent() {
        Exchange exchange = send(REPAIR, List.of(event("good"), changed("bad", "timestamp", "yesterday")));

        assertThat(exchange.getException()).isInstanceOf(LagoEventsRejectedException.class)
                .satisfies(e -> assertThat(((LagoEventsRejectedException) e).getReport().rejected()).singleElement()
                        .satisfies(r -> assertThat(r.index()).isEqualTo(1)));
        assertCounts(exchange, 0, 2, 0);
        assertThat(body(exchange)).extracting(ReconciledEvent::status).containsExactly(Status.MISSING, Status.REJECTED);
        assertThat(sandbox.eventCount()).isEqualTo(1);
    }

    @Test
    void comparesNumbersAsLagoStoresThem() throws Exception {
        sandbox.add("events", changed("t-1", "properties", Map.of("a", 5, "b", "5", "c", 5.50, "d", 0.1, "e", "x")));

        assertCounts(sent(RECONCILE, changed("t-1", "properties", Map.of("a", "5", "b", 5.0, "c", "5.5", "d",
                new java.math.BigDecimal("0.1000000000000000055"), "e", "x"))), 1, 0, 0);
        assertCounts(sent(RECONCILE, changed("t-1", "properties", Map.of("a", 6, "b", "5", "c", 5.5, "d", 0.1, "e", "x"))), 0,
                0, 1);
        assertCounts(sent(RECONCILE, changed("t-1", "properties", Map.of("a", 5, "b", "5", "c", 5.5, "d", 0.1, "e", "X"))), 0,
                0, 1);
        assertCounts(sent(RECONCILE, changed("t-1", "properties", Map.of("a", 5, "b", "5", "c", 5.5, "d", 0.1))), 0, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1760000000.123", "1760000000.123456", "2025-10-09T08:53:20.123Z"})
    void comparesTimestampsByTheMillisecond(String timestamp) throws Exception {
        sent("lago:events", changed("t-1", "timestamp", "1760000000.123456"));

        assertCounts(sent(RECONCILE, changed("t-1", "timestamp", timestamp)), 1, 0, 0);
        assertCounts(sent(RECONCILE, changed("t-1", "timestamp", "1760000000.2")), 0, 0, 1);
    }

    @Test
    void doesNotCompareTheTimestampOfAnEventWithoutOne() throws Exception {
        sent("lago:events", event("t-1"));
        Map<String, Object> bare = new HashMap<>(event("t-1"));
        bare.remove("timestamp");

        assertCounts(sent(RECONCILE, bare), 1, 0, 0);
    }

    @Test
    void aPropertyThatLagoComputesIsNotDifferent() throws Exception {
        sent("lago:billable_metrics",
                Map.of("code", "computed", "name", "Computed", "aggregation_type", "sum_agg", "field_name", "total",
                        "expression", "event.properties.a * 2"));
        Map<String, Object> event = new HashMap<>(changed("t-1", "properties", Map.of("a", 21)));
        event.put("code", "computed");
        sent("lago:events", event);
        assertThat(sandbox.events().get(0).get("properties").toString()).contains("total=42");

        assertCounts(sent(RECONCILE, event), 1, 0, 0);
        event.put("properties", Map.of("a", 22));
        assertThat(body(sent(RECONCILE, event))).singleElement()
                .satisfies(e -> assertThat(e.differences()).containsOnlyKeys("properties.a"));
    }

    @Test
    void oneIdMayStandForSeveralSubscriptions() throws Exception {
        Map<String, Object> other = changed("shared", "external_subscription_id", "sub-2");
        sandbox.add("events", event("shared"));
        sandbox.add("events", changed("shared", "external_subscription_id", "sub-3"));

        Exchange exchange = sent(REPAIR,
                List.of(event("shared"), other, changed("shared", "external_subscription_id", "sub-3")));

        assertCounts(exchange, 2, 1, 0);
        assertThat(exchange.getMessage().getHeader("CamelLagoEventsAccepted")).isEqualTo(1L);
        assertThat(sandbox.events()).hasSize(3);
    }

    @Test
    void readsTheListOfTheWindowInPlaceOfOneGetPerEvent() throws Exception {
        List<Map<String, Object>> events = events(4_500);
        sandbox.addAll("events", events);

        assertCounts(sent(RECONCILE, events.iterator()), 4_500, 0, 0);

        assertThat(sandbox.requests()).hasSizeLessThan(12).allSatisfy(r -> assertThat(r.path()).endsWith("/events"));
    }

    @Test
    void readsTheListsOfSubscriptionsOrSingleEventsIfTheWindowHasManyOthers() throws Exception {
        List<Map<String, Object>> events = events(40);
        sandbox.addAll("events", events);
        sandbox.addAll("events",
                IntStream.range(0, 8_000).mapToObj(i -> Map.of("transaction_id", "x-" + i, "external_subscription_id",
                        "others", "code", "api_calls", "timestamp", START + 39)).toList());

        assertCounts(sent(RECONCILE, events), 40, 0, 0);

        // a page of all, and of each of the four subscriptions
        assertThat(sandbox.requests()).hasSize(5);
        sandbox.addAll("events",
                IntStream.range(0, 60_000).mapToObj(i -> Map.of("transaction_id", "y-" + i, "external_subscription_id",
                        "sub-" + i % 4, "code", "code-" + i % 10, "timestamp", START + i % 40)).toList());
        long before = sandbox.requestCount();

        assertCounts(sent(RECONCILE, events), 40, 0, 0);

        assertThat(sandbox.requestCount() - before).isLessThanOrEqualTo(45);
    }

    @Test
    void aListThatMovesOrLosesAPageHidesNothing() throws Exception {
        List<Map<String, Object>> events = events(3_000);
        sandbox.addAll("events", events);
        sandbox.faults().on("GET", "/events").when(r -> isPage(r, 2)).times(1).dropAfter();
        sandbox.faults().on("GET", "/events").when(r -> isPage(r, 2)).times(1).body("{\"events\":[],\"meta\":{\"next_page\":3,"
                + "\"total_pages\":3,\"total_count\":3000}}");

        assertCounts(sent(REPAIR, events), 3_000, 0, 0);

        // an event of the first page is deleted before the second one is read, so that another event moves past the reader
        Object extra = sandbox.add("events", changed("extra", "timestamp", START + 1_999)).get("lago_id");
        sandbox.faults().on("GET", "/events").when(r -> isPage(r, 2) && sandbox.remove("events", extra.toString()) && false)
                .status(500);

        assertCounts(sent(REPAIR, events), 3_000, 0, 0);
        assertThat(sandbox.records("events")).noneMatch(e -> e.get("transaction_id").equals("extra"));
        assertThat(sandbox.requests()).anyMatch(r -> r.path().contains("/events/"));
        assertThat(sandbox.requests()).noneMatch(r -> r.method().equals("POST"));
        assertThat(sandbox.records("events")).hasSize(3_000);
    }

    private static boolean isPage(SandboxRequest request, int page) {
        return String.valueOf(request.query()).contains("page=" + page);
    }

    @Test
    void aRedeliveryContinuesAnIteratorWhereItFailed() throws Exception {
        List<Map<String, Object>> events = events(6_000);
        sandbox.addAll("events", events.subList(100, 6_000));
        sandbox.faults().on("GET", "/events").nth(4).times(3).status(503);
        sandbox.faults().on("POST", "/events/batch").times(3).html(502);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().maximumRedeliveries(20).redeliveryDelay(0));
                from("direct:redelivered").to(REPAIR + "&maxRetries=0");
            }
        });

        Exchange exchange = sent("direct:redelivered", events.iterator());

        assertCounts(exchange, 5_900, 100, 0);
        assertThat(exchange.getMessage().getHeader("CamelLagoEventsAccepted")).isEqualTo(100L);
        assertThat(sandbox.eventCount()).isEqualTo(6_000);
    }

    @Test
    void anIteratorThatFailedLeavesTheEventsThatAreNotCompared() throws Exception {
        List<Map<String, Object>> events = events(5_000);
        sandbox.addAll("events", events.subList(0, 4_999));
        sandbox.faults().on("GET", "/events").when(r -> sandbox.requestCount() > 3).every().status(503);

        Exchange failed = send(RECONCILE + "&maxRetries=0", events.iterator());

        assertThat(failed.getException()).isNotNull();
        Object left = failed.getMessage().getBody();
        long stored = failed.getMessage().getHeader("CamelLagoEventsStored", Long.class);
        sandbox.faults().clear();
        Exchange rest = sent(RECONCILE, left);
        assertThat(stored + rest.getMessage().getHeader("CamelLagoEventsStored", Long.class)).isEqualTo(4_999);
        assertThat(rest.getMessage().getHeader("CamelLagoEventsMissing")).isEqualTo(1L);
    }

    @Test
    void aNotFoundThatIsNotLagosFails() {
        sandbox.faults().on("GET", "/events/*").every().html(404);

        Exchange exchange = send(REPAIR + "&maxRetries=0", event("t-1"));

        assertThat(exchange.getException()).isInstanceOf(LagoTransportException.class);
        assertThat(sandbox.eventCount()).isZero();
    }

    @Test
    void aKeyThatMayNotReadFails() {
        Exchange exchange = send(RECONCILE + "&apiKey=" + sandbox.createKey("event:write"), event("t-1"));

        assertThat(exchange.getException()).isInstanceOf(LagoPermissionException.class);
    }

    @Test
    void theOperationMayComeFromAHeader() throws Exception {
        Exchange exchange = send("lago:events", event("t-1"), Map.of("CamelLagoOperation", "reconcile"));

        assertCounts(exchange, 0, 1, 0);
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("CamelLagoOperation");
        assertThat(sandbox.eventCount()).isZero();
    }

    @Test
    void onClickhouseValuesAreTextAndAnotherTimestampIsAnotherEvent() throws Exception {
        try (LagoSandbox clickhouse = LagoSandbox.builder().clickhouse(true).start()) {
            String server = "&baseUrl=" + clickhouse.baseUrl() + "&apiKey=" + clickhouse.apiKey();
            Map<String, Object> event = changed("t-1", "properties", Map.of("n", 5, "on", true, "list", List.of(1)));
            sent("lago:events?" + server.substring(1), List.of(event, event("t-2")));

            assertCounts(sent(REPAIR + server, List.of(event, event("t-2"))), 2, 0, 0);
            assertCounts(sent(REPAIR + server, changed("t-2", "timestamp", START + 60)), 0, 0, 1);
            // Lago answers one of them, and does not say whether it has the other at another time
            assertCounts(sent(REPAIR + server, List.of(event("t-2"), changed("t-2", "external_subscription_id", "sub-2"))), 1,
                    0, 1);
            assertThat(clickhouse.eventCount()).isEqualTo(2);
        }
    }

    @Test
    void theBodyIsJsonAndCanBeSplit() throws Exception {
        sandbox.add("events", changed("different", "properties", Map.of("region", "us")));
        Exchange exchange = sent(RECONCILE, List.of(event("different"), JSON.writeValueAsString(event("gone"))));

        JsonNode json = JSON.readTree(exchange.getMessage().getBody(String.class));

        assertThat(json).hasSize(2);
        assertThat(json.get(0)).isEqualTo(JSON.readTree("""
                {"index":0,"event":%s,"status":"different","differences":{"properties.region":{"given":"eu","stored":"us"}}}
                """.formatted(JSON.writeValueAsString(event("different")))));
        assertThat(json.get(1).get("status").asText()).isEqualTo("missing");
        assertThat(json.get(1).get("event").get("transaction_id").asText()).isEqualTo("gone");
        assertThat(context.getTypeConverter().convertTo(JsonNode.class, exchange.getMessage().getBody())).isEqualTo(json);
        assertThat(body(exchange).get(0).toJson()).isEqualTo(json.get(0).toString());
        ReconciledEvent read = JSON.readValue(json.get(0).toString(), ReconciledEvent.class);
        assertThat(read.differences()).isEqualTo(body(exchange).get(0).differences());
        assertThat(read.toJson()).isEqualTo(json.get(0).toString());
    }

    @Test
    void manyMissingEventsAreKeptInAFile() throws Exception {
        Exchange exchange = sent(RECONCILE, IntStream.range(0, 3_000).mapToObj(i -> "t-" + i).iterator());

        assertCounts(exchange, 0, 3_000, 0);
        assertThat(body(exchange)).hasSize(3_000);
        assertThat(body(exchange)).extracting(ReconciledEvent::event)
                .containsExactlyElementsOf(IntStream.range(0, 3_000).mapToObj(i -> (Object) ("t-" + i)).toList());
        assertThat(body(exchange).get(2_500).event()).isEqualTo("t-2500");
    }

    private static List<Map<String, Object>> events(int count) {
        List<Map<String, Object>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> event = new HashMap<>(event("t-" + i));
            event.put("external_subscription_id", "sub-" + i % 4);
            event.put("timestamp", START + i);
            events.add(event);
        }
        return events;
    }

    private static Map<String, Object> changed(String id, String field, Object value) {
        Map<String, Object> event = new HashMap<>(event(id));
        event.put(field, value);
        return event;
    }

    @SuppressWarnings("unchecked")
    private static List<ReconciledEvent> body(Exchange exchange) {
        return exchange.getMessage().getBody(List.class);
    }

    private static void assertCounts(Exchange exchange, long stored, long missing, long different) {
        Map<String, Object> headers = exchange.getMessage().getHeaders();
        assertThat(List.of(headers.get("CamelLagoEventsStored"), headers.get("CamelLagoEventsMissing"),
                headers.get("CamelLagoEventsDifferent"))).as("stored, missing, different: " + exchange.getMessage().getBody())
                .isEqualTo(List.of(stored, missing, different));
    }
}
