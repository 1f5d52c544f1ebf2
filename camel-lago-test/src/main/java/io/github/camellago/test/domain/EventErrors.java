package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.camellago.test.server.Json;

/**
 * The webhook {@code events.errors}: the transaction_ids of stored events that Lago cannot bill, by reason. Lago does not check the subscription, so an
 * event of an unknown subscription is never reported.
 */
final class EventErrors {

    private static final Set<String> NUMERIC = Set.of("sum_agg", "max_agg", "latest_agg", "weighted_sum_agg");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

    private final Context context;

    EventErrors(Context context) {
        this.context = context;
    }

    /** Sends the webhook if there is something to report. */
    void report(List<Map<String, Object>> stored) {
        List<Object> code = new ArrayList<>();
        List<Object> property = new ArrayList<>();
        List<Object> filter = new ArrayList<>();
        for (Map<String, Object> event : stored) {
            Object id = event.get("transaction_id");
            Map<String, Object> metric = context.table("billable_metrics").oneByKey(event.get("code"));
            Map<String, Object> properties = Json.asObject(event.get("properties"));
            if (metric == null) {
                code.add(id);
                continue;
            }
            if (lacksProperty(metric, properties)) {
                property.add(id);
            }
            if (hasInvalidFilterValue(metric, properties)) {
                filter.add(id);
            }
        }
        if (!code.isEmpty() || !property.isEmpty() || !filter.isEmpty()) {
            context.changed("events.errors", "events_errors", Json.object("invalid_code", distinct(code),
                    "missing_aggregation_property", distinct(property), "missing_group_key", null, "invalid_filter_values",
                    distinct(filter)));
        }
    }

    private static List<Object> distinct(List<Object> ids) {
        return ids.stream().distinct().toList();
    }

    /** Whether the property that the metric aggregates is missing, or is not the number that the aggregation needs. */
    private static boolean lacksProperty(Map<String, Object> metric, Map<String, Object> properties) {
        String aggregation = String.valueOf(metric.get("aggregation_type"));
        Object field = metric.get("field_name");
        Object value = field == null ? null : properties.get(field.toString());
        if (value == null) {
            return !aggregation.equals("count_agg");
        }
        return NUMERIC.contains(aggregation) && !(value instanceof Number) && !NUMBER.matcher(value.toString()).matches();
    }

    private static boolean hasInvalidFilterValue(Map<String, Object> metric, Map<String, Object> properties) {
        return Json.asObjects(metric.get("filters")).stream().anyMatch(filter -> {
            Object value = properties.get(String.valueOf(filter.get("key")));
            return value != null && !Json.asStrings(filter.get("values")).contains(value.toString());
        });
    }
}
