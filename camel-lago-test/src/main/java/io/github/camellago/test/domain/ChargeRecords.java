package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;

/**
 * Creates and changes the charges of a plan.
 */
final class ChargeRecords {

    private static final Set<String> MODELS = Set.of("standard", "graduated", "graduated_percentage", "package", "percentage",
            "volume",
            "dynamic", "custom");
    private static final Set<String> FIXED_MODELS = Set.of("standard", "graduated", "volume");
    private static final Set<String> AMOUNTS = Set.of("amount", "rate", "fixed_amount", "per_unit_amount", "flat_amount",
            "per_transaction_min_amount", "per_transaction_max_amount");
    private static final List<String> CHANGEABLE = List.of("invoice_display_name", "charge_model", "pay_in_advance",
            "invoiceable",
            "regroup_paid_fees", "prorated", "min_amount_cents", "properties", "applied_pricing_unit", "accepts_target_wallet",
            "units");

    private final Context context;

    ChargeRecords(Context context) {
        this.context = context;
    }

    /** A charge for a metric, which Lago takes by its id only. 404 if the metric does not exist, 422 if {@code siblings} contain the code. */
    Map<String, Object> charge(Map<String, Object> given, List<Object> siblings) {
        Map<String, Object> metric = given.get("billable_metric_id") == null
                ? null
                : context.table("billable_metrics").byId(given.get("billable_metric_id"));
        if (metric == null) {
            throw LagoError.notFound("billable_metric");
        }
        model(given, MODELS);
        return Json.object("lago_id", Ids.next(), "lago_billable_metric_id", metric.get("lago_id"), "billable_metric_code",
                metric.get("code"), "code", code(given, metric, siblings), "invoice_display_name",
                given.get("invoice_display_name"),
                "created_at", context.now(), "charge_model", given.get("charge_model"), "pay_in_advance",
                is(given, "pay_in_advance", false),
                "invoiceable", is(given, "invoiceable", true), "regroup_paid_fees", given.get("regroup_paid_fees"), "prorated",
                is(given, "prorated", false), "min_amount_cents", given.getOrDefault("min_amount_cents", 0), "properties",
                properties(given), "filters", filters(given.get("filters")), "taxes", taxes(given),
                "applied_pricing_unit", given.get("applied_pricing_unit"), "accepts_target_wallet",
                given.get("accepts_target_wallet"),
                "lago_parent_id", null);
    }

    /** A fixed charge for an add-on. */
    Map<String, Object> fixedCharge(Map<String, Object> given, List<Object> siblings) {
        Map<String, Object> addOn = given.get("add_on_id") != null
                ? context.table("add_ons").byId(given.get("add_on_id"))
                : context.table("add_ons").oneByKey(given.get("add_on_code"));
        if (addOn == null) {
            throw LagoError.notFound("add_on");
        }
        model(given, FIXED_MODELS);
        return Json.object("lago_id", Ids.next(), "lago_add_on_id", addOn.get("lago_id"), "add_on_code", addOn.get("code"),
                "code",
                code(given, addOn, siblings), "invoice_display_name",
                given.getOrDefault("invoice_display_name", addOn.get("name")),
                "created_at", context.now(), "charge_model", given.get("charge_model"), "pay_in_advance",
                is(given, "pay_in_advance", false),
                "prorated", is(given, "prorated", false), "properties", properties(given), "units",
                given.getOrDefault("units", 1), "lago_parent_id", null, "taxes", taxes(given));
    }

    /** The given properties, or defaults with which the charge costs nothing. */
    private static Object properties(Map<String, Object> given) {
        if (!Json.asObject(given.get("properties")).isEmpty()) {
            checkAmounts(Json.asObject(given.get("properties")));
            return given.get("properties");
        }
        Map<String, Object> range = Json.object("from_value", 0, "to_value", null, "per_unit_amount", "0", "flat_amount", "0");
        return switch (String.valueOf(given.get("charge_model"))) {
            case "standard" -> Json.object("amount", "0");
            case "graduated" -> Json.object("graduated_ranges", List.of(range));
            case "volume" -> Json.object("volume_ranges", List.of(range));
            case "package" -> Json.object("package_size", 1, "amount", "0", "free_units", 0);
            case "percentage" -> Json.object("rate", "0");
            case "graduated_percentage" -> Json.object("graduated_percentage_ranges", List.of(
                    Json.object("from_value", 0, "to_value", null, "rate", "0", "fixed_amount", "0", "flat_amount", "0")));
            default -> Map.of();
        };
    }

    /** Amounts and rates are texts, so that they lose no digits. */
    private static void checkAmounts(Map<String, Object> properties) {
        properties.forEach((field, value) -> {
            if (value instanceof Number && AMOUNTS.contains(field)) {
                throw LagoError.invalid("properties",
                        List.of("rate", "fixed_amount").contains(field) ? "invalid_" + field : "invalid_amount");
            }
            Json.asObjects(value).forEach(ChargeRecords::checkAmounts);
        });
    }

    /** A filter, as a charge contains it. */
    Map<String, Object> filter(Map<String, Object> given) {
        if (Json.asObject(given.get("values")).isEmpty()) {
            throw LagoError.invalid("values", "value_is_mandatory");
        }
        checkAmounts(Json.asObject(given.get("properties")));
        return Json.object("lago_id", Ids.next(), "invoice_display_name", given.get("invoice_display_name"), "properties",
                given.getOrDefault("properties", Map.of()), "values", given.get("values"));
    }

    /** {@code charge} with the changes of {@code given}. */
    Map<String, Object> changed(Map<String, Object> charge, Map<String, Object> given) {
        Map<String, Object> changed = new LinkedHashMap<>(charge);
        CHANGEABLE.forEach(field -> {
            if (given.containsKey(field) && charge.containsKey(field)) {
                changed.put(field, given.get(field));
            }
        });
        if (given.containsKey("filters")) {
            changed.put("filters", filters(given.get("filters")));
        }
        if (given.containsKey("tax_codes")) {
            changed.put("taxes", taxes(given));
        }
        return changed;
    }

    /**
     * A charge of a plan after an update. What the update does not have is emptied, save the filters, the taxes and the flags.
     *
     * @param used whether the plan has subscriptions, so that most fields stay
     */
    Map<String, Object> updated(Map<String, Object> charge, Map<String, Object> given, boolean used) {
        Map<String, Object> updated = new LinkedHashMap<>(charge);
        updated.put("invoice_display_name", given.get("invoice_display_name"));
        if (!used) {
            model(given, MODELS);
            updated.put("charge_model", given.get("charge_model"));
            updated.put("min_amount_cents", given.get("min_amount_cents") == null ? 0 : given.get("min_amount_cents"));
            List.of("pay_in_advance", "prorated", "invoiceable", "code").stream().filter(field -> given.get(field) != null)
                    .forEach(field -> updated.put(field, given.get(field)));
            Map<String, Object> metric = given.get("billable_metric_id") == null
                    ? null
                    : context.table("billable_metrics").byId(given.get("billable_metric_id"));
            if (metric != null) {
                updated.put("lago_billable_metric_id", metric.get("lago_id"));
                updated.put("billable_metric_code", metric.get("code"));
            }
            if (given.containsKey("regroup_paid_fees")) {
                updated.put("regroup_paid_fees", given.get("regroup_paid_fees"));
            }
        }
        updated.put("properties", properties(Json.with(given, "charge_model", updated.get("charge_model"))));
        if (given.get("accepts_target_wallet") != null) {
            updated.put("accepts_target_wallet", given.get("accepts_target_wallet"));
        }
        if (given.get("filters") != null) {
            updated.put("filters", filters(charge.get("filters"), given.get("filters")));
        }
        if (given.get("tax_codes") != null) {
            updated.put("taxes", taxes(given));
        }
        return updated;
    }

    /** A fixed charge of a plan after an update. */
    Map<String, Object> updatedFixed(Map<String, Object> charge, Map<String, Object> given, boolean used) {
        if (given.get("units") == null) {
            throw LagoError.invalid("units", "is not a number");
        }
        Map<String, Object> updated = new LinkedHashMap<>(charge);
        updated.put("invoice_display_name", given.get("invoice_display_name"));
        updated.put("units", given.get("units"));
        if (!used) {
            model(given, FIXED_MODELS);
            updated.put("charge_model", given.get("charge_model"));
            if (given.get("code") != null) {
                updated.put("code", given.get("code"));
            }
        }
        updated.put("properties", properties(Json.with(given, "charge_model", updated.get("charge_model"))));
        if (given.get("tax_codes") != null) {
            updated.put("taxes", taxes(given));
        }
        return updated;
    }

    /** The filters of an update. Those with the values of an existing one keep its id. */
    private List<Object> filters(Object existing, Object given) {
        List<Object> filters = new ArrayList<>();
        for (Map<String, Object> one : Json.asObjects(given)) {
            Object id = Json.asObjects(existing).stream().filter(known -> values(known).equals(values(one)))
                    .map(known -> known.get("lago_id")).findFirst().orElse(null);
            Map<String, Object> filter = filter(one);
            filters.add(id == null ? filter : Json.with(filter, "lago_id", id));
        }
        return filters;
    }

    private static Map<String, Object> values(Map<String, Object> filter) {
        return new TreeMap<>(Json.asObject(filter.get("values")));
    }

    private List<Object> filters(Object given) {
        List<Object> filters = new ArrayList<>();
        Json.asObjects(given).forEach(one -> filters.add(filter(one)));
        return filters;
    }

    private static String code(Map<String, Object> given, Map<String, Object> target, List<Object> siblings) {
        Set<Object> taken = new HashSet<>();
        siblings.forEach(sibling -> taken.add(Json.asObject(sibling).get("code")));
        if (given.get("code") != null) {
            if (taken.contains(given.get("code"))) {
                throw LagoError.invalid("code", "value_already_exist");
            }
            return (String) given.get("code");
        }
        String code = (String) target.get("code");
        for (int i = 2; taken.contains(code); i++) {
            code = target.get("code") + "_" + i;
        }
        return code;
    }

    private static void model(Map<String, Object> given, Set<String> known) {
        Object model = given.get("charge_model");
        if (model == null || !known.contains(model)) {
            throw LagoError.invalid("charge_model", model == null ? "value_is_mandatory" : "value_is_invalid");
        }
    }

    private static boolean is(Map<String, Object> given, String field, boolean otherwise) {
        return given.get(field) instanceof Boolean set ? set : otherwise;
    }

    private List<Map<String, Object>> taxes(Map<String, Object> given) {
        return Json.asStrings(given.get("tax_codes")).stream().map(code -> context.require("taxes", code)).toList();
    }
}
