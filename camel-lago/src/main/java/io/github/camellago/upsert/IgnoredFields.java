package io.github.camellago.upsert;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.camellago.operation.Comparison;

/**
 * Finds the fields of a body that Lago would ignore without an error: Lago neither shows them nor are they known to be taken. A misspelled
 * field would otherwise never be applied.
 */
final class IgnoredFields {

    /** Fields of any object that Lago takes and does not show. */
    private static final Set<String> TAKEN = Set.of("id", "cascade_updates", "apply_units_immediately",
            "invoice_custom_section", "invoice_custom_section_codes", "billing_entity_code", "billing_entity_id");
    /** The same by the root key of the object. */
    private static final Map<String, Set<String>> TAKEN_BY = Map.of(
            "customer", Set.of(InputForm.INTEGRATIONS, "sync", "sync_with_provider", "payment_provider_code",
                    "provider_customer_id", "provider_payment_methods", "invoice_grace_period"),
            "billing_entity", Set.of("logo"),
            "wallet", Set.of("paid_credits", "granted_credits", "ignore_paid_top_up_limits_on_creation", "transaction_name",
                    "transaction_priority", "transaction_metadata"),
            "subscription", Set.of("plan_overrides", "activation_rules"));

    private IgnoredFields() {}

    /** The paths of fields that were sent, that Lago does not show and that it is not known to take. */
    static List<String> of(String root, Comparison comparison) {
        return comparison.notCompared().stream()
                .filter(path -> !isTaken(path, TAKEN) && !isTaken(path, TAKEN_BY.getOrDefault(root, Set.of()))).toList();
    }

    private static boolean isTaken(String path, Set<String> taken) {
        return taken.contains(path.substring(path.lastIndexOf('.') + 1));
    }
}
