package io.github.camellago.upsert;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.camellago.client.Json;

/**
 * An object as Lago takes it. Lago shows some fields under other names than it takes them: {@code taxes} for {@code tax_codes}. In this
 * form, what Lago has and what a body says can be compared, and an object that was read from one Lago can be sent to another one.
 */
final class InputForm {

    /** Fields that only Lago sets, by the root key of the object. An object that was read has them. */
    private static final Map<String, Set<String>> READ_ONLY = Map.ofEntries(
            Map.entry("plan", Set.of("pending_deletion", "applicable_usage_thresholds")),
            Map.entry("coupon", Set.of("limited_plans", "limited_billable_metrics", "terminated_at")),
            Map.entry("customer", Set.of("sequential_id", "slug", "applicable_timezone", "applicable_invoice_custom_sections",
                    "error_details", "vies_check")),
            Map.entry("billing_entity", Set.of("is_default", "logo_url", "selected_invoice_custom_sections")),
            Map.entry("wallet", Set.of("status", "credits_balance", "credits_ongoing_balance", "credits_ongoing_usage_balance",
                    "balance_cents", "ongoing_balance_cents", "ongoing_usage_balance_cents", "consumed_credits",
                    "last_balance_sync_at", "last_consumed_credit_at", "terminated_at", "applied_invoice_custom_sections")),
            Map.entry("subscription", Set.of("plan_amount_cents", "plan_amount_currency", "status", "started_at",
                    "trial_ended_at", "terminated_at", "canceled_at", "previous_plan_code", "next_plan_code",
                    "downgrade_plan_date", "current_billing_period_started_at", "current_billing_period_ending_at",
                    "cancellation_reason", "activated_at", "plan", "customer", "entitlements", "applicable_usage_thresholds",
                    "applied_invoice_custom_sections")),
            Map.entry("alert", Set.of("direction", "previous_value", "last_processed_at")),
            Map.entry("product_category", Set.of("products_count")), Map.entry("product", Set.of("filters_count")),
            Map.entry("rate_card", Set.of("rates_count", "active_rate")), Map.entry("rate", Set.of("status")),
            Map.entry("applied_rate_card", Set.of("rate_phases_count")));
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

    private static final String LAGO_ID = "lago_id";
    /** What charges are for. Lago shows these ids as {@code lago_billable_metric_id}, {@code lago_add_on_id}. */
    private static final List<String> TARGETS = List.of("billable_metric_id", "add_on_id");

    private static final Set<String> PRICES = Set.of("properties", "rate_properties");
    private static final Pattern AMOUNTS = Pattern.compile("(.*_)?(amount|rate)|free_units_per_total_aggregation");

    /** Where an object comes from. */
    private enum Source {
        LAGO, BODY,
        /** A body that was read from Lago, perhaps from another one. */
        READ_BODY
    }

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
     * The fields of a body. If the object was read from Lago, the fields that only Lago sets are left out, and its ids: they may be another Lago's.
     *
     * @param root the root key of the object
     */
    static ObjectNode ofBody(String root, ObjectNode body) {
        ObjectNode form = body.deepCopy();
        boolean read = form.has(LAGO_ID);
        if (read) {
            READ_ONLY.getOrDefault(root, Set.of()).forEach(form::remove);
            removeOfOneLago(form);
        }
        rename(root, form, true);
        clean(form, read ? Source.READ_BODY : Source.BODY);
        return form;
    }

    /** The object at Lago, with all its ids. */
    static ObjectNode ofRecord(String root, ObjectNode record) {
        ObjectNode form = record.deepCopy();
        rename(root, form, false);
        // they are of other systems, and shown in another form than they are sent
        form.remove(INTEGRATIONS);
        clean(form, Source.LAGO);
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

    private static void rename(String root, ObjectNode form, boolean body) {
        switch (root) {
            case "plan" -> EntitlementMap.convert(form);
            case "coupon" -> gather(form, "applies_to", List.of("plan_codes", "billable_metric_codes"));
            case "billing_entity" -> {
                gather(form, "billing_configuration", BILLING_CONFIGURATION);
                if (!body && form.path("selected_invoice_custom_sections").isArray()) {
                    ArrayNode codes = form.putArray("invoice_custom_section_codes");
                    form.get("selected_invoice_custom_sections").forEach(section -> codes.add(section.path("code")));
                }
            }
            case "alert" -> {
                if (form.path("billable_metric").isObject()) {
                    form.set("billable_metric_code", form.remove("billable_metric").path("code"));
                } else if (form.path("billable_metric").isNull()) {
                    form.remove("billable_metric");
                    if (!body) {
                        form.putNull("billable_metric_code");
                    }
                }
            }
            case "subscription" -> {
                if (!body && form.path("applicable_usage_thresholds").isArray()) {
                    form.set("usage_thresholds", form.get("applicable_usage_thresholds"));
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

    private static void clean(ObjectNode object, Source source) {
        boolean body = source != Source.LAGO;
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
        } else {
            for (String target : TARGETS) {
                if (object.has("lago_" + target)) {
                    object.set(target, object.get("lago_" + target));
                }
            }
        }
        object.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (body && OBJECTS.contains(field.getKey()) && !value.isArray() && !value.isNull()) {
                throw new IllegalArgumentException(
                        "The field " + field.getKey() + " must be a list of objects, but is " + value);
            }
            if (value.isObject()) {
                inner(field.getKey(), (ObjectNode) value, source);
            } else if (value.isArray()) {
                value.forEach(one -> {
                    if (body && !one.isObject() && OBJECTS.contains(field.getKey())) {
                        throw new IllegalArgumentException(
                                "The field " + field.getKey() + " must be a list of objects, but has " + one);
                    }
                    if (one.isObject()) {
                        element(field.getKey(), (ObjectNode) one, source);
                    }
                });
            }
        });
    }

    private static void inner(String name, ObjectNode object, Source source) {
        if (source != Source.LAGO && PRICES.contains(name)) {
            parseCustomProperties(object);
            amountsAsTexts(object);
        }
        // their fields have names of the user's own
        if (!Set.of("properties", "rate_properties", "metadata", "values", EntitlementMap.NAME).contains(name)) {
            element(name, object, source);
        }
    }

    /** Lago takes them as a text, too, and shows an object. */
    private static void parseCustomProperties(ObjectNode properties) {
        if (properties.path("custom_properties").isTextual()) {
            try {
                properties.set("custom_properties", Json.mapper().readTree(properties.get("custom_properties").asText()));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("The field custom_properties must be an object, or a text with one", e);
            }
        }
    }

    /** Lago refuses numbers there, since they could have lost digits. */
    private static void amountsAsTexts(ObjectNode properties) {
        properties.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isNumber() && AMOUNTS.matcher(field.getKey()).matches()) {
                field.setValue(TextNode.valueOf(value.decimalValue().toPlainString()));
            }
            value.forEach(one -> {
                if (one instanceof ObjectNode range) {
                    amountsAsTexts(range);
                }
            });
        });
    }

    private static void element(String name, ObjectNode object, Source source) {
        Source of = source == Source.BODY && object.has(LAGO_ID) ? Source.READ_BODY : source;
        if (of == Source.READ_BODY) {
            READ_ONLY_WITHIN.getOrDefault(name, Set.of()).forEach(object::remove);
        }
        clean(object, of);
    }

    /** Removes what only answers of Lago have. */
    private static void removeOutput(ObjectNode object) {
        boolean read = object.has(LAGO_ID);
        for (Iterator<String> names = object.fieldNames(); names.hasNext();) {
            String name = names.next();
            if (name.startsWith("lago_") || ALWAYS_READ_ONLY.contains(name)
                    || read && (name.equals("id") || TARGETS.contains(name))) {
                names.remove();
            }
        }
    }
}
