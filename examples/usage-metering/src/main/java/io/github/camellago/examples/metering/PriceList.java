package io.github.camellago.examples.metering;

import java.util.List;
import java.util.Map;

/** The metrics, the plan and the add-on, as Lago's API takes them. */
final class PriceList {

    static final String PLAN = "metering_plan";
    static final String ADD_ON = "metering_set_up";

    static final List<Map<String, Object>> METRICS = List.of(
            Map.of("code", "metering_api_calls", "name", "API calls", "aggregation_type", "sum_agg", "field_name", "quantity"),
            Map.of("code", "metering_storage_gb", "name", "Storage", "aggregation_type", "sum_agg", "field_name", "quantity"));

    private static final Map<String, String> PRICES = Map.of("metering_api_calls", "0.002", "metering_storage_gb", "0.05");

    private PriceList() {}

    /** A charge of the plan for a metric of Lago. */
    static Map<String, Object> charge(Map<?, ?> metric) {
        return Map.of("billable_metric_id", metric.get("lago_id"), "code", metric.get("code"), "charge_model", "standard",
                "properties", Map.of("amount", PRICES.get((String) metric.get("code"))));
    }

    static Map<String, Object> plan(List<?> charges) {
        return Map.of("code", PLAN, "name", "Usage metering", "interval", "monthly", "amount_cents", 0, "amount_currency",
                "EUR", "pay_in_advance", false, "charges", charges);
    }

    static Map<String, Object> addOn() {
        return Map.of("code", ADD_ON, "name", "Set-up fee", "amount_cents", 50_000, "amount_currency", "EUR");
    }
}
