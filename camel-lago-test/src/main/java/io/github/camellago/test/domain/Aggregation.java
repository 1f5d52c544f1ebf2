package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.SandboxClock;

/**
 * Aggregates events into the units of a metric.
 */
final class Aggregation {

    private Aggregation() {}

    /** The units of the metric for {@code events} of one period, newest first. */
    static BigDecimal units(Map<String, Object> metric, List<Map<String, Object>> events, Periods period) {
        String field = Json.asText(metric.get("field_name"));
        BigDecimal units = switch (String.valueOf(metric.get("aggregation_type"))) {
            case "sum_agg" -> events.stream().map(event -> value(event, field)).reduce(BigDecimal.ZERO, BigDecimal::add);
            case "max_agg" -> events.stream().map(event -> value(event, field)).reduce(BigDecimal::max).orElse(BigDecimal.ZERO);
            case "unique_count_agg" -> unique(events, field);
            case "latest_agg" -> events.isEmpty() ? BigDecimal.ZERO : value(events.get(0), field);
            case "weighted_sum_agg" -> weighted(events, field, period);
            default -> BigDecimal.valueOf(events.size());
        };
        return rounded(units, metric);
    }

    private static BigDecimal value(Map<String, Object> event, String field) {
        return Amounts.decimal(Json.asObject(event.get("properties")).get(field), BigDecimal.ZERO);
    }

    private static BigDecimal unique(List<Map<String, Object>> events, String field) {
        Set<Object> present = new HashSet<>();
        for (int i = events.size() - 1; i >= 0; i--) {
            Map<String, Object> properties = Json.asObject(events.get(i).get("properties"));
            Object value = properties.get(field);
            if ("remove".equals(properties.get("operation_type"))) {
                present.remove(String.valueOf(value));
            } else if (Objects.nonNull(value)) {
                present.add(String.valueOf(value));
            }
        }
        return BigDecimal.valueOf(present.size());
    }

    /** Weights the value of each event by the part of the period that remains at its time. */
    private static BigDecimal weighted(List<Map<String, Object>> events, String field, Periods period) {
        BigDecimal whole = BigDecimal.valueOf(Duration.between(period.from(), period.to().plusSeconds(1)).toSeconds());
        BigDecimal sum = BigDecimal.ZERO;
        for (Map<String, Object> event : events) {
            Duration left = Duration.between(SandboxClock.parse(event.get("timestamp")), period.to().plusSeconds(1));
            sum = sum.add(value(event, field).multiply(BigDecimal.valueOf(left.toSeconds())));
        }
        return sum.divide(whole, 5, RoundingMode.HALF_UP);
    }

    private static BigDecimal rounded(BigDecimal units, Map<String, Object> metric) {
        RoundingMode mode = switch (String.valueOf(metric.get("rounding_function"))) {
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            case "round" -> RoundingMode.HALF_UP;
            default -> null;
        };
        return mode == null ? units : units.setScale((int) Amounts.cents(metric.get("rounding_precision")), mode);
    }
}
