package io.github.camellago.test.domain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Billable metrics. Deleting a metric deletes its charges.
 */
final class BillableMetrics extends Crud {

    BillableMetrics(Context context) {
        super(context, "billable_metrics");
    }

    @Override
    void register() {
        super.register();
        on("POST", "/billable_metrics", this::create);
        on("DELETE", "/billable_metrics/{code}", this::delete);
    }

    @Override
    void validate(Validation validation, Map<String, Object> given, Map<String, Object> whole) {
        String aggregation = String.valueOf(whole.get("aggregation_type"));
        if (!List.of("count_agg", "null").contains(aggregation)) {
            validation.mandatory(whole, "field_name");
        }
        boolean recurring = Boolean.parseBoolean(String.valueOf(whole.get("recurring")));
        if (recurring && List.of("count_agg", "max_agg", "latest_agg").contains(aggregation)) {
            validation.add("recurring", "not_compatible_with_aggregation_type");
        }
        if (given.get("expression") instanceof String expression && !expression.isBlank() && !Expression.isValid(expression)) {
            validation.add("expression", "invalid_expression");
        }
    }

    /** Most fields of a metric that a plan charges for stay. */
    @Override
    Map<String, Object> update(Map<String, Object> metric, Map<String, Object> given) {
        boolean charged = context.table("plans").all().stream().flatMap(plan -> Json.asObjects(plan.get("charges")).stream())
                .anyMatch(charge -> metric.get("lago_id").equals(charge.get("lago_billable_metric_id")));
        Map<String, Object> changes = new LinkedHashMap<>(given);
        if (charged) {
            changes.keySet().retainAll(List.of("name", "description", "filters"));
        }
        return super.update(metric, changes);
    }

    @Override
    Reply delete(Call call) {
        Object metric = find(call).get("lago_id");
        for (Map<String, Object> plan : List.copyOf(context.table("plans").all())) {
            List<Map<String, Object>> charges = Json.asObjects(plan.get("charges"));
            List<Map<String, Object>> left = charges.stream()
                    .filter(charge -> !metric.equals(charge.get("lago_billable_metric_id"))).toList();
            if (left.size() < charges.size()) {
                context.table("plans").update((String) plan.get("lago_id"), Json.object("charges", left));
            }
        }
        return super.delete(call);
    }
}
