package io.github.camellago.test.domain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Table;

/**
 * Adds records without validation and webhooks, with the resource's defaults and a link to their customer.
 */
final class Seeds {

    private static final List<String> OF_CUSTOMERS = List.of("subscriptions", "wallets", "payments", "applied_coupons", "fees");

    private final Context context;
    private final Customers customers;
    private final Events events;

    Seeds(Context context, Customers customers, Events events) {
        this.context = context;
        this.customers = customers;
        this.events = events;
    }

    Map<String, Object> add(String collection, Map<String, ?> given) {
        Table table = context.table(collection);
        Map<String, Object> record = new LinkedHashMap<>(table.resource().input());
        record.putAll(table.resource().computed());
        record.putAll(given);
        Map<String, Object> customer = context.table("customers").oneByKey(record.get("external_customer_id"));
        if (OF_CUSTOMERS.contains(collection) && customer != null && record.get("lago_customer_id") == null) {
            record.put("lago_customer_id", customer.get("lago_id"));
        }
        switch (collection) {
            case "customers" -> customers.complete(record, Map.of());
            case "subscriptions" -> subscription(record);
            case "invoices" -> invoice(record, customer);
            default -> {
            }
        }
        return switch (collection) {
            case "events" -> events.seed(record);
            case "quotes" -> ((Quotes) context.crud("quotes")).seed(record);
            default -> table.insert(record);
        };
    }

    private void subscription(Map<String, Object> record) {
        missing(record, "subscription_at", context.now());
        if ("active".equals(record.get("status"))) {
            missing(record, "started_at", record.get("subscription_at"));
        }
        Map<String, Object> plan = context.table("plans").oneByKey(record.get("plan_code"));
        if (plan != null) {
            record.put("plan_amount_cents", plan.get("amount_cents"));
            missing(record, "plan_amount_currency", plan.get("amount_currency"));
        }
    }

    /** An invoice may have its customer as {@code external_customer_id} or as the object {@code customer}. */
    private void invoice(Map<String, Object> record, Map<String, Object> named) {
        missing(record, "issuing_date", context.today());
        record.remove("external_customer_id");
        Map<String, Object> given = Json.asObject(record.get("customer"));
        Map<String, Object> known = named != null ? named : context.table("customers").oneByKey(given.get("external_id"));
        if (known != null) {
            Map<String, Object> whole = customers.embedded(known);
            whole.putAll(given);
            record.put("customer", whole);
        }
    }

    private static void missing(Map<String, Object> record, String field, Object value) {
        record.computeIfAbsent(field, f -> Objects.requireNonNullElse(value, ""));
    }
}
