package io.github.camellago.upsert;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.camellago.operation.Comparison;

/** Fields that Lago would not apply, without an error. */
final class UnappliedFields {

    /** Fields that Lago takes and does not show, by the root key of the object. Those of lists are without their key. */
    private static final Map<String, Set<String>> TAKEN = Map.of(
            "plan", Set.of("cascade_updates", "fixed_charges.apply_units_immediately", "usage_thresholds.id",
                    "minimum_commitment.id"),
            "charge", Set.of("cascade_updates"),
            "fixed_charge", Set.of("cascade_updates", "apply_units_immediately"),
            "customer", Set.of(InputForm.INTEGRATIONS, "invoice_custom_section_codes", "metadata.id",
                    "billing_configuration.sync", "billing_configuration.sync_with_provider",
                    "billing_configuration.provider_customer_id", "billing_configuration.provider_payment_methods"),
            "billing_entity", Set.of("logo", "invoice_custom_section_codes"),
            "wallet", Set.of("paid_credits", "granted_credits", "ignore_paid_top_up_limits_on_creation", "transaction_name",
                    "transaction_priority", "transaction_metadata", "billing_entity_id", "invoice_custom_section",
                    "recurring_transaction_rules.invoice_custom_section"),
            "subscription", Set.of("plan_overrides", "activation_rules", "billing_entity_code", "billing_entity_id",
                    "invoice_custom_section"));
    private static final Pattern KEY = Pattern.compile("\\[[^]]*]");
    /** Fields that Lago does not change while it changes others, by the root key of the object. */
    private static final Map<String, Set<String>> FIXED = Map.of("wallet", Set.of("rate_amount", "currency"), "alert",
            Set.of("alert_type"), "fixed_charge", Set.of("pay_in_advance", "prorated", "add_on_code", "add_on_id"));
    /** The same for objects of a plan with subscriptions. */
    private static final Map<String, Set<String>> FIXED_IF_USED = Map.of("plan",
            Set.of("interval", "pay_in_advance", "amount_currency", "trial_period", "bill_charges_monthly",
                    "bill_fixed_charges_monthly"),
            "charge", Set.of("charge_model", "pay_in_advance", "prorated", "invoiceable", "regroup_paid_fees",
                    "min_amount_cents", "billable_metric_code", "billable_metric_id"),
            "fixed_charge", Set.of("charge_model"));

    private UnappliedFields() {}

    /** The paths of fields that were sent, that Lago does not show and that it is not known to take: a misspelled field is never applied. */
    static List<String> ignored(String root, Comparison comparison) {
        Set<String> taken = TAKEN.getOrDefault(root, Set.of());
        return comparison.notCompared().stream().filter(path -> !taken.contains(KEY.matcher(path).replaceAll(""))).toList();
    }

    /** The paths of changes that Lago never makes. */
    static List<String> fixed(String root, Comparison comparison) {
        return fixed(root, comparison, FIXED);
    }

    /** The paths of changes that Lago does not make if the plan has subscriptions. A plan that becomes yearly would get the yearly price and stay monthly. */
    static List<String> fixedIfUsed(String root, Comparison comparison) {
        return fixed(root, comparison, FIXED_IF_USED);
    }

    private static List<String> fixed(String root, Comparison comparison, Map<String, Set<String>> fixed) {
        return comparison.changes().stream().map(Comparison.Change::path).filter(path -> {
            String owner = path.startsWith("charges[") ? "charge" : path.startsWith("fixed_charges[") ? "fixed_charge" : root;
            String field = owner.equals(root) ? path : path.substring(path.lastIndexOf("].") + 2);
            return fixed.getOrDefault(owner, Set.of()).contains(field);
        }).toList();
    }
}
