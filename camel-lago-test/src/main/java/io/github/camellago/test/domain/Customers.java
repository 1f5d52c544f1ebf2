package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Ids;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Validation;

/**
 * Customers. Create is an upsert by {@code external_id}. Lists below {@code /customers/{external_customer_id}/} show the records of the
 * collections for one customer.
 */
final class Customers extends Crud {

    private static final int MOST_METADATA = 5;
    private static final Map<String, List<String>> WITHIN = Map.of("billing_configuration",
            List.of("invoice_grace_period", "payment_provider", "payment_provider_code", "document_locale",
                    "subscription_invoice_issuing_date_anchor", "subscription_invoice_issuing_date_adjustment"),
            "shipping_address", List.of("address_line1", "address_line2", "city", "zipcode", "state", "country"));

    private int sequence;

    Customers(Context context) {
        super(context, "customers");
    }

    @Override
    void register() {
        super.register();
        on("POST", "/customers", this::create);
        on("DELETE", "/customers/{external_customer_id}", this::delete);
        on("GET", "/customers/{external_customer_id}/portal_url", call -> Reply.of("customer", Json.object("portal_url",
                context.baseUrl + "/customer-portal/" + find(call).get("lago_id"))));
        on("POST", "/customers/{external_customer_id}/checkout_url", this::checkoutUrl);
        nested("invoices", "customer.external_id");
        nested("credit_notes", "customer.external_id");
        nested("payment_requests", "customer.external_id");
        nested("payments", "external_customer_id");
        nested("applied_coupons", "external_customer_id");
    }

    void reset() {
        sequence = 0;
    }

    /** The customer with the external id. Created if it does not exist. */
    Map<String, Object> findOrCreate(Object externalId) {
        Map<String, Object> customer = table.oneByKey(externalId);
        return customer == null ? create(Json.object("external_id", externalId)) : customer;
    }

    @Override
    Reply create(Call call) {
        Map<String, Object> given = call.root("customer");
        Map<String, Object> known = given.get("external_id") == null ? null : table.oneByKey(given.get("external_id"));
        Map<String, Object> customer = known == null ? create(given) : update(known, given);
        context.changed(known == null ? "customer.created" : "customer.updated", "customer", customer);
        return reply(customer);
    }

    @Override
    void complete(Map<String, Object> record, Map<String, Object> given) {
        super.complete(record, given);
        if (given.get("country") instanceof String country) {
            record.put("country", country.toUpperCase(Locale.ROOT));
        }
        if (record.containsKey("sequential_id") && record.get("sequential_id") == null) {
            record.put("sequential_id", ++sequence);
            record.put("slug", "LAG-SBX-%03d".formatted(sequence));
        }
        if (given.get("timezone") != null) {
            record.put("applicable_timezone", given.get("timezone"));
        }
        if (given.containsKey("metadata")) {
            record.put("metadata", metadata(given));
        }
    }

    /** The objects within a customer have all their fields, also those without a value. */
    @Override
    Map<String, Object> shown(Map<String, Object> customer) {
        Map<String, Object> shown = super.shown(customer);
        WITHIN.forEach((name, fields) -> {
            Map<String, Object> whole = new LinkedHashMap<>();
            fields.forEach(field -> whole.put(field, null));
            whole.putAll(Json.asObject(customer.get(name)));
            shown.put(name, whole);
        });
        return shown;
    }

    /** An update changes single fields of the billing configuration and of the shipping address. */
    @Override
    Map<String, Object> update(Map<String, Object> customer, Map<String, Object> given) {
        Map<String, Object> changes = new LinkedHashMap<>(given);
        WITHIN.keySet().forEach(field -> changes.computeIfPresent(field, (name, value) -> {
            Map<String, Object> merged = new LinkedHashMap<>(Json.asObject(customer.get(name)));
            merged.putAll(Json.asObject(value));
            return merged;
        }));
        return super.update(customer, changes);
    }

    @Override
    void validate(Validation validation, Map<String, Object> given, Map<String, Object> whole) {
        List<Map<String, Object>> metadata = Json.asObjects(given.get("metadata"));
        if (metadata.size() > MOST_METADATA) {
            validation.add("metadata", "invalid_count");
        }
        for (Map<String, Object> entry : metadata) {
            validation.mandatory(entry, "key").mandatory(entry, "value").format(entry, "key", "at_most_20")
                    .format(entry, "value", "at_most_100");
        }
    }

    @Override
    Reply list(Call call) {
        String type = call.query("customer_type");
        if ("false".equals(call.query("has_customer_type")) && type != null && !type.isEmpty()) {
            throw LagoError.invalid("customer_type", "must be nil when has_customer_type is false");
        }
        return super.list(call);
    }

    private List<Object> metadata(Map<String, Object> given) {
        List<Object> entries = new ArrayList<>();
        for (Map<String, Object> entry : Json.asObjects(given.get("metadata"))) {
            entries.add(Json.object("lago_id", entry.get("id") == null ? Ids.next() : entry.get("id"), "key", entry.get("key"),
                    "value", entry.get("value"), "display_in_invoice", Boolean.TRUE.equals(entry.get("display_in_invoice")),
                    "created_at", context.now()));
        }
        return entries;
    }

    /** Ends the subscriptions of a deleted customer. */
    @Override
    void checkDelete(Map<String, Object> customer) {
        for (Map<String, Object> subscription : context.where("subscriptions", "lago_customer_id", customer.get("lago_id"))) {
            if (List.of("active", "pending").contains(subscription.get("status"))) {
                context.table("subscriptions").update((String) subscription.get("lago_id"),
                        Json.object("status", "terminated", "terminated_at", context.now()));
            }
        }
    }

    private Reply checkoutUrl(Call call) {
        Map<String, Object> customer = find(call);
        Object provider = Json.at(customer, "billing_configuration.payment_provider");
        if (provider == null) {
            throw LagoError.invalid("base", "no_linked_payment_provider");
        }
        return Reply.of("customer", Json.object("lago_customer_id", customer.get("lago_id"), "external_customer_id",
                customer.get("external_id"), "payment_provider", provider,
                "payment_provider_code",
                Json.asObject(customer.get("billing_configuration")).getOrDefault("payment_provider_code", "stripe_default"),
                "checkout_url",
                context.baseUrl + "/checkout/" + Ids.next()));
    }

    private void nested(String collection, String field) {
        Crud records = context.crud(collection);
        records.on("GET", "/customers/{external_customer_id}/" + collection, call -> {
            Object externalId = find(call).get("external_id");
            return records.list(ofPath(call),
                    records.table.all().stream().filter(record -> externalId.equals(Json.at(record, field))).toList());
        });
    }

    /** Lago names this placeholder {@code customer_external_id}, so a query parameter of that name is ignored, too. */
    private static Call ofPath(Call call) {
        if (!call.query().containsKey("customer_external_id")) {
            return call;
        }
        Map<String, List<String>> rest = new LinkedHashMap<>(call.query());
        rest.remove("customer_external_id");
        return new Call(call.method(), call.path(), rest, call.body(), call.params());
    }

    /** The customer as an invoice or a credit note contains it. */
    Map<String, Object> embedded(Map<String, Object> customer) {
        Map<String, Object> shown = new LinkedHashMap<>(shown(customer));
        List.of("taxes", "applicable_invoice_custom_sections").forEach(shown::remove);
        return shown;
    }
}
