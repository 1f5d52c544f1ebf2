package io.github.camellago.upsert;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.camellago.operation.Comparison;

/**
 * Finds the fields of a body that Lago would ignore without an error: Lago neither shows them nor are they known to be taken. A misspelled
 * field would otherwise never be applied.
 */
final class IgnoredFields {

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

    private IgnoredFields() {}

    /** The paths of fields that were sent, that Lago does not show and that it is not known to take. */
    static List<String> of(String root, Comparison comparison) {
        Set<String> taken = TAKEN.getOrDefault(root, Set.of());
        return comparison.notCompared().stream().filter(path -> !taken.contains(KEY.matcher(path).replaceAll(""))).toList();
    }
}
