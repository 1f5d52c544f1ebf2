package io.github.camellago.events;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEvent;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.ReconciledEvent;
import io.github.camellago.api.ReconciledEvent.Difference;
import io.github.camellago.api.ReconciledEvent.Status;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The operation reconcile: what is stored, missing or different, and the repair of what is missing. */
class EventsReconcileTest extends ReconcileTestSupport {

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
}
