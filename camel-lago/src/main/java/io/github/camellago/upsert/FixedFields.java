package io.github.camellago.upsert;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.camellago.operation.Comparison;

/**
 * Fields that Lago does not change, without an error, while it changes prices of the same object. A plan that becomes yearly would get the
 * yearly price and stay monthly.
 */
final class FixedFields {

    /** By the root key of the object. */
    private static final Map<String, Set<String>> ALWAYS = Map.of("wallet", Set.of("rate_amount", "currency"), "alert",
            Set.of("alert_type"), "fixed_charge", Set.of("pay_in_advance", "prorated", "add_on_code", "add_on_id"));
    /** The same for objects of a plan with subscriptions. */
    private static final Map<String, Set<String>> IF_USED = Map.of("plan",
            Set.of("interval", "pay_in_advance", "amount_currency", "trial_period", "bill_charges_monthly",
                    "bill_fixed_charges_monthly"),
            "charge", Set.of("charge_model", "pay_in_advance", "prorated", "invoiceable", "regroup_paid_fees",
                    "min_amount_cents", "billable_metric_code", "billable_metric_id"),
            "fixed_charge", Set.of("charge_model"));

    private FixedFields() {}

    /** The paths of changes that Lago never makes. */
    static List<String> always(String root, Comparison comparison) {
        return of(root, comparison, ALWAYS);
    }

    /** The paths of changes that Lago does not make if the plan has subscriptions. */
    static List<String> ifUsed(String root, Comparison comparison) {
        return of(root, comparison, IF_USED);
    }

    private static List<String> of(String root, Comparison comparison, Map<String, Set<String>> fixed) {
        return comparison.changes().stream().map(Comparison.Change::path).filter(path -> {
            String owner = path.startsWith("charges[") ? "charge" : path.startsWith("fixed_charges[") ? "fixed_charge" : root;
            String field = owner.equals(root) ? path : path.substring(path.lastIndexOf("].") + 2);
            return fixed.getOrDefault(owner, Set.of()).contains(field);
        }).toList();
    }
}
