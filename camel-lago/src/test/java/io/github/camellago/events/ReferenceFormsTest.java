package io.github.camellago.events;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsReport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Checks and comparisons of events do not depend on the Java types of their values, nor on what changes at Lago meanwhile. */
class ReferenceFormsTest extends RouteTestSupport {

    private static final String RECONCILE = "lago:events?operation=reconcile";

    private enum Usage {
        gb
    }

    @BeforeEach
    void addReferences() {
        sandbox.add("billable_metrics", Map.of("code", "calls", "aggregation_type", "count_agg"));
        sandbox.add("billable_metrics", Map.of("code", "storage", "aggregation_type", "sum_agg", "field_name", "gb"));
        sandbox.add("subscriptions", Map.of("external_id", "sub-1", "status", "active"));
    }

    @Test
    void findsAPropertyWhoseKeyIsNoText() throws Exception {
        assertThat(checked(event("storage", "sub-1", 1_760_000_000L, new EnumMap<>(Map.of(Usage.gb, 5))))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void rejectsANumberThatJsonDoesNotHave(double value) throws Exception {
        assertThat(checked(event("storage", "sub-1", 1_760_000_000L, Map.of("gb", value)))).contains("not a number");
        assertThat(checked(event("storage", "sub-1", 1_760_000_000L, Map.of("gb", DoubleNode.valueOf(value)))))
                .contains("not a number");
    }

    @Test
    void theLastOfTwoCodesCounts() throws Exception {
        assertThat(
                checked("""
                        {"transaction_id":"t","code":"storage","properties":{"gb":"x"},"code":"calls","external_subscription_id":"sub-1",
                        "timestamp":1760000000}"""
                        .replace("\n", "")))
                .isEmpty();
        assertThat(
                checked("""
                        {"transaction_id":"t","code":"calls","properties":{"gb":"x"},"code":"storage","external_subscription_id":"sub-1",
                        "timestamp":1760000000}"""
                        .replace("\n", "")))
                .contains("not a number");
    }

    @Test
    void readsValuesThatAreJsonNodes() throws Exception {
        assertThat(checked(
                event(TextNode.valueOf("calls"), TextNode.valueOf("sub-1"), LongNode.valueOf(1_760_000_000L), Map.of())))
                .isEmpty();
        assertThat(checked(event("calls", "sub-1", LongNode.valueOf(1_760_000_000_000L), Map.of())))
                .contains("Divide milliseconds by 1000");
    }

    @Test
    void acceptsEventsOfASubscriptionThatWaitsForItsPayment() throws Exception {
        sandbox.add("subscriptions",
                Map.of("external_id", "gated", "status", "incomplete", "started_at", "2025-10-01T00:00:00Z"));

        assertThat(checked(event("calls", "gated", 1_760_000_000L, Map.of()))).isEmpty();
    }

    @Test
    void acceptsEventsOfASubscriptionThatBecomesActiveMeanwhile() throws Exception {
        String id = (String) sandbox.add("subscriptions", Map.of("external_id", "s", "status", "pending")).get("lago_id");
        sandbox.faults().on(request -> {
            if (request.path().endsWith("/subscriptions/s") && String.valueOf(request.query()).contains("pending")) {
                sandbox.update("subscriptions", id, Map.of("status", "active"));
            }
            return false;
        }).status(500);

        assertThat(checked(event("calls", "s", 1_760_000_000L, Map.of()))).isEmpty();
    }

    @Test
    void comparesAmountsAsNumbers() throws Exception {
        for (Object amount : List.of("100", "100.0", "12.50", "0.1", 100, new BigDecimal("12.50"), "1e2")) {
            sandbox.reset();
            Map<String, Object> event = event("calls", "sub-1", 1_760_000_000L, Map.of());
            event.put("precise_total_amount_cents", amount);
            sent("lago:events", event);

            Exchange compared = sent(RECONCILE, event);

            assertThat(compared.getMessage().getHeader("CamelLagoEventsStored")).as("%s", amount).isEqualTo(1L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-999999999", "0E-2147483640", "\"1e-400000000\""})
    @Timeout(60)
    void aTimestampWithEndlessDigitsTakesNoTime(String timestamp) {
        Exchange compared = send(RECONCILE,
                "{\"transaction_id\":\"t\",\"external_subscription_id\":\"sub-1\",\"code\":\"calls\",\"timestamp\":"
                        + timestamp + "}");

        assertThat(compared.getMessage().getHeader("CamelLagoEventsStored")).isNotEqualTo(1L);
    }

    private String checked(Object event) throws Exception {
        LagoEventsReport report = sent("lago:events?checkReferences=true&onRejected=report", event).getMessage()
                .getBody(LagoEventsReport.class);
        return report.rejected().isEmpty() ? "" : report.rejected().get(0).describe();
    }

    private static Map<String, Object> event(Object code, Object subscription, Object timestamp, Object properties) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("transaction_id", "t");
        event.put("external_subscription_id", subscription);
        event.put("code", code);
        event.put("timestamp", timestamp);
        event.put("properties", properties);
        return event;
    }
}
