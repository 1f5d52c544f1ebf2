package io.github.camellago.upsert;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An object as Lago takes it. Lago shows some fields under other names than it takes them: {@code taxes} for {@code tax_codes}. In this
 * form, what Lago has and what a body says can be compared, and an object that was read from one Lago can be sent to another one.
 */
final class InputForm {

    /** Fields that only Lago sets, by the root key of the object. */
    private static final Map<String, Set<String>> READ_ONLY = Map.ofEntries(
            Map.entry("plan", Set.of("pending_deletion", "applicable_usage_thresholds")),
            Map.entry("coupon", Set.of("limited_plans", "limited_billable_metrics", "terminated_at")),
            Map.entry("customer", Set.of("sequential_id", "slug", "applicable_timezone", "applicable_invoice_custom_sections",
                    "error_details", "vies_check")),
            Map.entry("billing_entity", Set.of("is_default", "logo_url", "selected_invoice_custom_sections")),
            Map.entry("wallet", Set.of("status", "credits_balance", "credits_ongoing_balance", "credits_ongoing_usage_balance",
                    "balance_cents", "ongoing_balance_cents", "ongoing_usage_balance_cents", "consumed_credits",
                    "last_balance_sync_at", "last_consumed_credit_at", "terminated_at", "applied_invoice_custom_sections",
                    "external_customer_id")),
            Map.entry("subscription", Set.of("plan_amount_cents", "plan_amount_currency", "status", "started_at",
                    "trial_ended_at", "terminated_at", "canceled_at", "previous_plan_code", "next_plan_code",
                    "downgrade_plan_date", "current_billing_period_started_at", "current_billing_period_ending_at",
                    "cancellation_reason", "activated_at", "plan", "customer", "entitlements", "applicable_usage_thresholds",
                    "applied_invoice_custom_sections")),
            Map.entry("alert", Set.of("subscription_external_id", "external_subscription_id", "wallet_code", "direction",
                    "previous_value", "last_processed_at")));
    /** The same for the objects of lists and the objects within an object, by the name of the field. */
    private static final Map<String, Set<String>> READ_ONLY_WITHIN = Map.of(
            "filters", Set.of("charge_code"),
            "minimum_commitment", Set.of("plan_code", "interval", "commitment_type"),
            "recurring_transaction_rules", Set.of("status", "applied_invoice_custom_sections"));
    private static final Set<String> ALWAYS_READ_ONLY = Set.of("created_at", "updated_at", "parent_id", "customers_count",
            "plans_count", "charges_count", "add_ons_count", "commitments_count", "active_subscriptions_count",
            "draft_invoices_count");
    /** Fields of a billing entity that Lago takes within {@code billing_configuration}. */
    private static final List<String> BILLING_CONFIGURATION = List.of("invoice_footer", "document_locale",
            "invoice_grace_period", "subscription_invoice_issuing_date_anchor",
            "subscription_invoice_issuing_date_adjustment");

    /** The customers of other systems. Lago would unlink those that a change does not have. */
    static final String INTEGRATIONS = "integration_customers";
    /** Lists of objects. Lago would take a list with anything else for a list without these objects. */
    private static final Set<String> OBJECTS = Set.of("charges", "fixed_charges", "filters", "usage_thresholds", "thresholds",
            "recurring_transaction_rules", "privileges");
    /** Taxes that Lago gives to customers in the EU by itself. */
    private static final String EU_TAXES = "lago_eu_";
    /** Where the form of a record keeps them. A change of the other taxes has to repeat them. */
    static final String EU_CODES = "eu_tax_codes";

    private InputForm() {}

    /**
     * What a body says, without what only Lago sets. If the object was read from Lago, its ids are left out: they may be another Lago's.
     *
     * @param root the root key of the object
     */
    static ObjectNode ofBody(String root, ObjectNode body) {
        ObjectNode form = body.deepCopy();
        READ_ONLY.getOrDefault(root, Set.of()).forEach(form::remove);
        if (form.has("lago_id")) {
            removeOfOneLago(form);
        }
        rename(root, form);
        clean(form, true);
        return form;
    }

    /** What Lago has, with all its ids. */
    static ObjectNode ofRecord(String root, ObjectNode record) {
        ObjectNode form = record.deepCopy();
        rename(root, form);
        // they are of other systems, and shown in another form than they are sent
        form.remove(INTEGRATIONS);
        clean(form, false);
        return form;
    }

    /** Removes the fields that are valid only at the Lago that the record was read from: links to other systems, even if empty. */
    private static void removeOfOneLago(ObjectNode record) {
        record.remove(INTEGRATIONS);
        removePaymentMethod(record);
        record.path("recurring_transaction_rules").forEach(InputForm::removePaymentMethod);
        if (record.path("billing_configuration") instanceof ObjectNode configuration) {
            configuration.properties().removeIf(field -> field.getValue().isNull());
        }
    }

    private static void removePaymentMethod(JsonNode object) {
        if (object.path("payment_method") instanceof ObjectNode method) {
            method.remove("payment_method_id");
        }
    }

    private static void rename(String root, ObjectNode form) {
        switch (root) {
            case "plan" -> EntitlementMap.convert(form);
            case "coupon" -> gather(form, "applies_to", List.of("plan_codes", "billable_metric_codes"));
            case "billing_entity" -> gather(form, "billing_configuration", BILLING_CONFIGURATION);
            case "alert" -> {
                if (form.path("billable_metric").isObject()) {
                    form.set("billable_metric_code", form.remove("billable_metric").path("code"));
                } else if (form.path("billable_metric").isNull()) {
                    form.remove("billable_metric");
                }
            }
            default -> {
            }
        }
    }

    /** Puts fields into an object of their own, unless that object has them. */
    private static void gather(ObjectNode form, String name, List<String> fields) {
        for (String field : fields) {
            JsonNode value = form.remove(field);
            if (value != null) {
                ObjectNode inner = form.path(name).isObject() ? (ObjectNode) form.get(name) : form.putObject(name);
                if (!inner.has(field)) {
                    inner.set(field, value);
                }
            }
        }
    }

    private static void clean(ObjectNode object, boolean body) {
        if (object.path("taxes").isArray()) {
            ArrayNode codes = object.arrayNode();
            object.remove("taxes").forEach(tax -> {
                if (!tax.path("code").asText().startsWith(EU_TAXES)) {
                    codes.add(tax.path("code"));
                } else if (!body) {
                    object.withArray(EU_CODES).add(tax.path("code"));
                }
            });
            if (!object.has("tax_codes")) {
                object.set("tax_codes", codes);
            }
        }
        if (body) {
            removeOutput(object);
        }
        object.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isObject()) {
                inner(field.getKey(), (ObjectNode) value, body);
            } else if (value.isArray()) {
                value.forEach(one -> {
                    if (body && !one.isObject() && OBJECTS.contains(field.getKey())) {
                        throw new IllegalArgumentException(
                                "The field " + field.getKey() + " must be a list of objects, but has " + one);
                    }
                    if (one.isObject()) {
                        element(field.getKey(), (ObjectNode) one, body);
                    }
                });
            }
        });
    }

    private static void inner(String name, ObjectNode object, boolean body) {
        // their fields have names of the user's own
        if (Set.of("properties", "metadata", "values", EntitlementMap.NAME).contains(name)) {
            return;
        }
        element(name, object, body);
    }

    private static void element(String name, ObjectNode object, boolean body) {
        if (body) {
            READ_ONLY_WITHIN.getOrDefault(name, Set.of()).forEach(object::remove);
        }
        clean(object, body);
    }

    /** Removes what only answers of Lago have. */
    private static void removeOutput(ObjectNode object) {
        boolean read = object.has("lago_id");
        for (Iterator<String> names = object.fieldNames(); names.hasNext();) {
            String name = names.next();
            if (name.startsWith("lago_") || ALWAYS_READ_ONLY.contains(name) || read && isOtherId(name)) {
                names.remove();
            }
        }
    }

    private static boolean isOtherId(String name) {
        return name.equals("id") || name.equals("billable_metric_id") || name.equals("add_on_id");
    }
}
