package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Pager;
import io.github.camellago.test.server.Reply;

/**
 * Events with the value for their billable metric. Only the ClickHouse store has them.
 */
final class EnrichedEvents {

    private final Context context;
    private final Events events;

    EnrichedEvents(Context context, Events events) {
        this.context = context;
        this.events = events;
    }

    void register() {
        events.on("GET", "/events_enriched", this::list);
    }

    private Reply list(Call call) {
        License.require(context.variant.clickhouse(), "endpoint_not_available");
        List<Map<String, Object>> enriched = events.table.lastStoredFirst().stream()
                .filter(event -> metric(event) != null)
                .filter(event -> context.table("subscriptions").oneByKey(event.get("external_subscription_id")) != null)
                .sorted(Comparator.comparing((Map<String, Object> event) -> (String) event.get("created_at")).reversed())
                .toList();
        Reply reply = context.pager.list(call, "events",
                Pager.matching(call, events.resource, events.sinceStart(call, enriched)), this::shown);
        return reply.withHeaders(Map.of("X-Lago-Endpoint-Status", "beta"));
    }

    private Map<String, Object> metric(Map<String, Object> event) {
        return context.table("billable_metrics").oneByKey(event.get("code"));
    }

    private Map<String, Object> shown(Map<String, Object> event) {
        Object field = metric(event).get("field_name");
        Object value = field == null ? "1" : Json.asObject(event.get("properties")).get(field);
        return Json.object("transaction_id", event.get("transaction_id"), "external_subscription_id",
                event.get("external_subscription_id"), "code", event.get("code"), "timestamp", event.get("timestamp"),
                "enriched_at", event.get("created_at").toString().replace("Z", ".000Z"), "value", Json.asText(value),
                "decimal_value", decimal(value), "precise_total_amount_cents",
                Json.asText(event.get("precise_total_amount_cents")), "properties", event.get("properties"));
    }

    private static String decimal(Object value) {
        try {
            return Amounts.text(new BigDecimal(String.valueOf(value)));
        } catch (NumberFormatException e) {
            return "0.0";
        }
    }
}
