package io.github.camellago.events;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code checkReferences=true}: events that Lago would accept and not bill are rejected before they are sent. */
class CheckReferencesTest extends ReferencesTestSupport {

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
        await().untilAsserted(() -> {
            clock.addAndGet(SECOND);
            assertThat(sandbox.eventCount()).isEqualTo(14);
        });
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
    void checksWhatTheKeyMayRead() throws Exception {
        String key = sandbox.createKey("event:write", "billable_metric:read");
        String uri = CHECKED + "&apiKey=" + key;
        assertThat(sent(uri, event("a", "calls", "sub-2")).getMessage().getBody(LagoEventsReport.class).accepted())
                .isEqualTo(1);
        assertThat(sent(uri, event("b", "nope", "sub-2")).getMessage().getBody(LagoEventsReport.class).rejected()).hasSize(1);
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
