package io.github.camellago.upsert;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.client.Json;
import io.github.camellago.operation.Comparison;

/**
 * The body of an update. It has the fields that differ. Lago replaces most lists by those of the body and empties some fields that the body
 * does not have: the body therefore repeats what is to stay.
 */
final class UpdateBody {

    /** The fields that Lago accepts in the objects of its lists, besides their ids. */
    private static final Map<String, List<String>> LISTS = Map.of(
            "charges", List.of("code", "invoice_display_name", "charge_model", "pay_in_advance",
                    "prorated", "invoiceable", "regroup_paid_fees", "min_amount_cents", "accepts_target_wallet", "properties",
                    "applied_pricing_unit"),
            "fixed_charges", List.of("code", "invoice_display_name", "units", "charge_model", "pay_in_advance",
                    "prorated", "properties"),
            "filters", List.of("key", "values", "invoice_display_name", "properties"),
            "metadata", List.of("key", "value", "display_in_invoice"));

    /** Fields that say what a charge is for. Only a change of the target needs them. */
    private static final Set<String> TARGETS = Set.of("billable_metric_code", "add_on_code", "billable_metric_id", "add_on_id");
    /** Two names of one property. Lago shows both. */
    private static final List<String> GROUPS = List.of("pricing_group_keys", "grouped_by");

    /** Fields that an update does not have: entitlements have a call of their own, integrations are set by a create only. */
    private static final Set<String> SENT_OTHERWISE = Set.of(EntitlementMap.NAME, InputForm.INTEGRATIONS);
    /** The fields that Lago requires in each rule of a wallet. */
    private static final List<String> RULE = List.of("trigger", "interval", "method", "threshold_credits",
            "target_ongoing_balance");

    private static final String LIMITS = "applies_to";

    private UpdateBody() {}

    /** @param changed the fields that differ */
    static ObjectNode of(String root, ObjectNode has, ObjectNode sent, Set<String> changed) {
        ObjectNode body = has.objectNode();
        sent.properties().forEach(field -> {
            String name = field.getKey();
            if (changed.contains(name) || !has.has(name) && !SENT_OTHERWISE.contains(name)) {
                body.set(name, merged(name, has.path(name), field.getValue()));
            }
        });
        if (body.path("tax_codes") instanceof ArrayNode codes && has.has(InputForm.EU_CODES)) {
            body.set("tax_codes", codes.deepCopy().addAll((ArrayNode) has.get(InputForm.EU_CODES)));
        }
        switch (root) {
            // their update is a create, which finds them by this
            case "customer" -> body.set("external_id", sent.get("external_id"));
            case "charge", "fixed_charge" -> {
                body.setAll(element(root + 's', has, sent));
                body.remove("id");
            }
            case "coupon", "wallet" -> {
                body.remove(LIMITS);
                keep(body, LIMITS, limits(has.path(LIMITS), sent.path(LIMITS)));
            }
            case "plan" -> List.of("interval", "bill_charges_monthly", "bill_fixed_charges_monthly")
                    .forEach(name -> keep(body, name, sent.has(name) ? sent.get(name) : has.path(name)));
            default -> {
            }
        }
        return body;
    }

    /** Repeats what Lago would empty if the body did not have it. */
    private static void keep(ObjectNode body, String field, JsonNode value) {
        if (!body.has(field) && !value.isMissingNode() && !(value.isContainerNode() && value.isEmpty())) {
            body.set(field, value);
        }
    }

    /** The limits of a coupon or a wallet. Empty lists would limit a coupon to nothing. */
    private static JsonNode limits(JsonNode has, JsonNode sent) {
        ObjectNode limits = Json.mapper().createObjectNode();
        has.properties().stream().filter(field -> !field.getValue().isEmpty())
                .forEach(field -> limits.set(field.getKey(), field.getValue()));
        sent.properties().forEach(field -> limits.set(field.getKey(), field.getValue()));
        return limits;
    }

    private static JsonNode merged(String name, JsonNode has, JsonNode sent) {
        if (name.equals("metadata") && has.isObject() && sent.isObject()) {
            return ((ObjectNode) has).deepCopy().setAll((ObjectNode) sent);
        }
        if (sent.isNull() && has.isArray()) {
            // Lago ignores null in place of a list
            return ((ArrayNode) has).arrayNode();
        }
        if (name.equals("minimum_commitment") && sent.isNull() && has.isObject()) {
            // Lago ignores null, and removes the commitment for an empty object
            return ((ObjectNode) has).objectNode();
        }
        if (name.equals("recurring_transaction_rules") && has.size() == sent.size()) {
            // a wallet has at most one, which Lago would replace if it had no id
            ArrayNode rules = sent.deepCopy();
            for (int i = 0; i < rules.size(); i++) {
                ObjectNode rule = (ObjectNode) rules.get(i);
                JsonNode known = has.get(i);
                rule.set("lago_id", known.get("lago_id"));
                RULE.forEach(field -> keep(rule, field, known.path(field)));
            }
            return rules;
        }
        return LISTS.containsKey(name) && has.isArray() && sent.isArray() ? mergedList(name, has, sent) : sent;
    }

    /** The elements at Lago, changed to those that were sent, followed by the new ones. */
    private static JsonNode mergedList(String list, JsonNode has, JsonNode sent) {
        Map<String, JsonNode> known = Comparison.byKey(list, has);
        Map<String, JsonNode> given = Comparison.byKey(list, sent);
        if (has.isEmpty()) {
            return sent;
        }
        if (known == null || given == null) {
            // sent without ids, they would replace all that Lago has
            throw new IllegalArgumentException("The objects of " + list + " " + (given == null ? "in the body" : "in Lago")
                    + " cannot be distinguished: each one needs a " + Comparison.keyNames(list) + " that no other one has");
        }
        ArrayNode merged = ((ArrayNode) sent).arrayNode();
        known.forEach((key, one) -> merged.add(element(list, (ObjectNode) one, (ObjectNode) given.get(key))));
        given.forEach((key, one) -> {
            if (!known.containsKey(key)) {
                merged.add(one);
            }
        });
        return merged;
    }

    /** An object of a list that Lago has, with all that Lago takes of it, and with what was sent over it. */
    static ObjectNode element(String list, ObjectNode has, ObjectNode sent) {
        ObjectNode element = has.objectNode();
        if (has.has("lago_id") && !list.equals("filters")) {
            element.set("id", has.get("lago_id"));
        }
        for (String field : LISTS.get(list)) {
            if (has.has(field)) {
                element.set(field, has.get(field));
            }
        }
        if (sent != null) {
            boolean sameModel = !sent.has("charge_model") || sent.get("charge_model").equals(has.get("charge_model"));
            sent.properties().forEach(field -> {
                JsonNode known = has.path(field.getKey());
                if (TARGETS.contains(field.getKey()) && known.equals(field.getValue())) {
                    return;
                }
                if (field.getValue().isNull() && LISTS.containsKey(field.getKey())) {
                    return;
                }
                if (field.getKey().equals("values") && known.isObject()) {
                    // they found the filter; in another order, Lago would take them for another filter
                    return;
                }
                if (field.getKey().equals("values") && known.isArray()) {
                    element.set(field.getKey(), union(known, field.getValue()));
                    return;
                }
                boolean properties = field.getKey().equals("properties") && known.isObject() && field.getValue().isObject();
                element.set(field.getKey(), properties && sameModel
                        ? properties((ObjectNode) known, (ObjectNode) field.getValue())
                        : merged(field.getKey(), known, field.getValue()));
            });
        }
        return element;
    }

    /** Lago would remove what charges say of the values that the body does not have. */
    private static JsonNode union(JsonNode has, JsonNode sent) {
        Set<JsonNode> all = new LinkedHashSet<>();
        has.forEach(all::add);
        sent.forEach(all::add);
        ArrayNode union = ((ArrayNode) has).arrayNode();
        return union.addAll(all);
    }

    private static ObjectNode properties(ObjectNode has, ObjectNode sent) {
        ObjectNode properties = has.deepCopy();
        if (GROUPS.stream().anyMatch(sent::has)) {
            // Lago would read the one that the body does not have
            properties.remove(GROUPS);
        }
        return properties.setAll(sent);
    }
}
