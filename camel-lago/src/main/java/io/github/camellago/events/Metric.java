package io.github.camellago.events;

import java.util.Map;
import java.util.Set;

/**
 * The requirements of a billable metric for an event.
 *
 * @param field       the property that it aggregates, or null if an event needs none
 * @param numeric     whether the property must be a number
 * @param aggregation the aggregation_type
 */
record Metric(String field, boolean numeric, String aggregation) {

    private static final Set<String> NUMERIC = Set.of("sum_agg", "max_agg", "latest_agg", "weighted_sum_agg");
    private static final Set<String> WITHOUT_PROPERTY = Set.of("count_agg", "custom_agg");

    static Metric of(Map<?, ?> record) {
        String aggregation = String.valueOf(record.get("aggregation_type"));
        // Lago computes the property if there is an expression
        boolean computed = record.get("expression") instanceof String expression && !expression.isBlank();
        boolean needed = !computed && !WITHOUT_PROPERTY.contains(aggregation)
                && record.get("field_name") instanceof String field && !field.isEmpty();
        return new Metric(needed ? (String) record.get("field_name") : null, NUMERIC.contains(aggregation), aggregation);
    }
}
