package io.github.camellago;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.test.LagoSandbox;

/**
 * A sandbox that holds something for each of Lago's operations to act on, filled without the component; and, beside it, what each
 * operation is called with: ids and codes full of characters that a path must not hold as they are.
 */
public final class World {

    public static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonNode BODIES = read("operations.json");

    /** The values of the placeholders, by the path up to them. For a lago_id, it is the made-up name of the record. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("activity_logs/{activity_id}", "{activity_log}"),
            Map.entry("add_ons/{code}", "set-up"),
            Map.entry("api_logs/{request_id}", "{api_log}"),
            Map.entry("billable_metrics/{code}", "api calls"),
            Map.entry("billing_entities/{code}", "default"),
            Map.entry("coupons/{code}", "welcome 10%"),
            Map.entry("credit_notes/{lago_id}", "{credit_note}"),
            Map.entry("credit_notes/{lago_id}/metadata/{key}", "cost center/é"),
            Map.entry("customers/{external_customer_id}", "acme/b c"),
            Map.entry("customers/{external_customer_id}/applied_coupons/{applied_coupon_id}", "{applied_coupon}"),
            Map.entry("customers/{external_customer_id}/payment_methods/{lago_id}", "{payment_method}"),
            Map.entry("customers/{external_customer_id}/wallets/{code}", "main#1"),
            Map.entry("customers/{external_customer_id}/wallets/{wallet_code}", "main#1"),
            Map.entry("customers/{external_customer_id}/wallets/{wallet_code}/alerts/{code}", "low&lower"),
            Map.entry("customers/{external_customer_id}/wallets/{wallet_code}/metadata/{key}", "cost center/é"),
            Map.entry("events/{transaction_id}", "tx/1+1"),
            Map.entry("features/{code}", "seats/x y"),
            Map.entry("features/{code}/privileges/{privilege_code}", "max one"),
            Map.entry("fees/{lago_id}", "{fee}"),
            Map.entry("invoices/{lago_id}", "{invoice}"),
            Map.entry("order_forms/{lago_id}", "{order_form}"),
            Map.entry("orders/{lago_id}", "{order}"),
            Map.entry("payment_receipts/{lago_id}", "{receipt}"),
            Map.entry("payment_requests/{lago_id}", "{payment_request}"),
            Map.entry("payments/{lago_id}", "{payment}"),
            Map.entry("plans/{code}", "plan/1 ?"),
            Map.entry("plans/{code}/charges/{charge_code}", "per/call"),
            Map.entry("plans/{code}/charges/{charge_code}/filters/{filter_id}", "{filter}"),
            Map.entry("plans/{code}/entitlements/{feature_code}", "seats/x y"),
            Map.entry("plans/{code}/entitlements/{feature_code}/privileges/{privilege_code}", "max one"),
            Map.entry("plans/{code}/fixed_charges/{fixed_charge_code}", "fix:1"),
            Map.entry("plans/{code}/metadata/{key}", "cost center/é"),
            Map.entry("quote_versions/{lago_id}", "{quote_version}"),
            Map.entry("quotes/{lago_id}", "{quote}"),
            Map.entry("security_logs/{log_id}", "log-1"),
            Map.entry("subscriptions/{external_id}", "sub/ü 1"),
            Map.entry("subscriptions/{external_id}/alerts/{code}", "high;er"),
            Map.entry("subscriptions/{external_id}/charges/{charge_code}", "per/call"),
            Map.entry("subscriptions/{external_id}/charges/{charge_code}/filters/{filter_id}", "{subscription_filter}"),
            Map.entry("subscriptions/{external_id}/entitlements/{feature_code}", "seats/x y"),
            Map.entry("subscriptions/{external_id}/entitlements/{feature_code}/privileges/{privilege_code}", "max one"),
            Map.entry("subscriptions/{external_id}/fixed_charges/{fixed_charge_code}", "fix:1"),
            Map.entry("taxes/{code}", "vat"),
            Map.entry("v2/plans/{plan_code}", "unused"),
            Map.entry("v2/plans/{plan_code}/applied_rate_cards/{code}", "card/é"),
            Map.entry("v2/product_categories/{code}", "compute&more"),
            Map.entry("v2/products/{code}", "api 1"),
            Map.entry("v2/products/{product_code}", "api 1"),
            Map.entry("v2/products/{product_code}/filters/{code}", "eu#1"),
            Map.entry("v2/rate_cards/{code}", "card/é"),
            Map.entry("v2/rate_cards/{rate_card_code}", "card/é"),
            Map.entry("v2/rate_cards/{rate_card_code}/rates/{code}", "next?"),
            Map.entry("wallet_transactions/{lago_id}", "{inbound}"),
            Map.entry("wallets/{lago_id}", "{wallet}"),
            Map.entry("wallets/{lago_id}/metadata/{key}", "cost center/é"),
            Map.entry("webhook_endpoints/{lago_id}", "{webhook_endpoint}"));

    /** Calls that need an object in another state than the rest. */
    private static final Map<String, String> OTHER_OBJECTS = Map.ofEntries(
            Map.entry("PUT invoices/{lago_id}/finalize", "{draft}"),
            Map.entry("PUT invoices/{lago_id}/refresh", "{draft}"),
            Map.entry("DELETE invoices/{lago_id}", "{draft}"),
            Map.entry("POST invoices/{lago_id}/retry", "{failed}"),
            Map.entry("DELETE plans/{code}", "unused"),
            Map.entry("DELETE taxes/{code}", "unused"),
            Map.entry("DELETE fees/{lago_id}", "{free_fee}"),
            Map.entry("PUT fees/{lago_id}", "{free_fee}"),
            Map.entry("GET wallet_transactions/{lago_id}/fundings", "{outbound}"),
            Map.entry("POST wallet_transactions/{lago_id}/payment_url", "{unpaid}"),
            Map.entry("DELETE v2/product_categories/{code}", "unused"),
            Map.entry("DELETE v2/products/{code}", "unused"),
            Map.entry("DELETE v2/rate_cards/{code}", "set up"));

    private final LagoSandbox sandbox;
    private final Map<String, String> ids = new HashMap<>();

    public World(LagoSandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** The value of a placeholder in the path of a call. */
    public String value(String call, String pathUpToPlaceholder) {
        String value = OTHER_OBJECTS.get(call);
        if (value == null || !call.matches("\\w+ \\Q" + pathUpToPlaceholder + "\\E(/\\w+)?")) {
            value = VALUES.get(pathUpToPlaceholder);
        }
        if (value == null) {
            throw new IllegalStateException("Nothing stands for " + pathUpToPlaceholder);
        }
        return id(value);
    }

    /** The body of a call without its root key, or null. */
    public JsonNode body(String call) {
        if (!BODIES.has(call)) {
            return null;
        }
        String[] text = {BODIES.get(call).toString()};
        ids.forEach((name, id) -> text[0] = text[0].replace('{' + name + '}', id));
        return parse(text[0]);
    }

    /** The id of a record whose made-up name stands in braces; any other value as it is. */
    public String id(String value) {
        return value.startsWith("{") ? ids.get(value.substring(1, value.length() - 1)) : value;
    }

    /** Removes all records. */
    public World build() {
        sandbox.reset();
        ids.clear();
        String acme = "acme/b c";
        add("customers", "customer", Map.of("external_id", acme, "name", "Acme", "currency", "EUR", "email", "a@b.example",
                "billing_configuration", Map.of("payment_provider", "stripe")));
        add("taxes", "tax", Map.of("code", "vat", "name", "VAT", "rate", "20"));
        add("taxes", "unused_tax", Map.of("code", "unused", "name", "Unused", "rate", "20"));
        add("add_ons", "add_on", Map.of("code", "set-up", "name", "Set-up", "amount_cents", 1000, "amount_currency", "EUR"));
        add("billable_metrics", "metric", Map.of("code", "api calls", "name", "Calls", "aggregation_type", "count_agg"));
        add("billable_metrics", "instant", Map.of("code", "instant", "name", "Instant", "aggregation_type", "count_agg"));
        add("coupons", "coupon",
                Map.of("code", "welcome 10%", "name", "W", "coupon_type", "percentage", "percentage_rate", "10",
                        "frequency", "once", "expiration", "no_expiration"));
        catalog();
        post("subscriptions", "subscription",
                Map.of("external_customer_id", acme, "plan_code", "plan/1 ?", "external_id", "sub/ü 1"));
        subscription();
        add("events", "event",
                Map.of("transaction_id", "tx/1+1", "external_subscription_id", "sub/ü 1", "code", "api calls", "timestamp",
                        sandbox.now().getEpochSecond()));
        invoices(acme);
        wallets(acme);
        ids.put("applied_coupon", text(post("applied_coupons", "applied_coupon",
                Map.of("external_customer_id", acme, "coupon_code", "welcome 10%")), "lago_id"));
        add("payment_methods", "payment_method", Map.of("external_customer_id", acme));
        ids.put("webhook_endpoint",
                text(post("webhook_endpoints", "webhook_endpoint", Map.of("webhook_url", "http://127.0.0.1:9/hook")),
                        "lago_id"));
        quotes(acme);
        products();
        add("security_logs", "any", Map.of("log_id", "log-1", "log_type", "user", "log_event", "user.signed_up"));
        call("PUT", "billing_entities/default",
                Map.of("billing_entity", Map.of("email", "billing@example.com", "email_settings",
                        List.of("invoice.finalized", "credit_note.created", "payment_receipt.created"))));
        ids.put("activity_log", text(get("activity_logs").at("/activity_logs/0"), "activity_id"));
        ids.put("api_log", text(get("api_logs").at("/api_logs/0"), "request_id"));
        return this;
    }

    private void catalog() {
        post("features", "feature", Map.of("code", "seats/x y", "name", "Seats", "privileges",
                List.of(Map.of("code", "max one", "value_type", "integer"))));
        post("plans", "plan", Map.of("code", "plan/1 ?", "name", "Plan", "interval", "monthly", "amount_cents", 100,
                "amount_currency",
                "EUR", "pay_in_advance", false, "charges",
                List.of(charge("api calls", "per/call", false), charge("instant", "instant", true)), "fixed_charges",
                List.of(Map.of("code", "fix:1", "add_on_id", id("add_ons", "set-up"), "charge_model", "standard", "units", "1",
                        "properties",
                        Map.of("amount", "1"))),
                "metadata", Map.of("cost center/é", "1")));
        add("plans", "unused_plan",
                Map.of("code", "unused", "name", "Unused", "interval", "monthly", "amount_currency", "EUR"));
        ids.put("charge", text(get("plans/plan%2F1%20%3F/charges/per%2Fcall").get("charge"), "lago_id"));
        post("plans/plan%2F1%20%3F/entitlements", "entitlements", Map.of("seats/x y", Map.of("max one", 5)));
        ids.put("filter", text(post("plans/plan%2F1%20%3F/charges/per%2Fcall/filters", "filter", filter("eu")), "lago_id"));
    }

    private Object id(String collection, String code) {
        return sandbox.records(collection).stream().filter(one -> code.equals(one.get("code"))).findFirst().orElseThrow()
                .get("lago_id");
    }

    private Map<String, Object> charge(String metric, String code, boolean inAdvance) {
        return Map.of("billable_metric_id", id("billable_metrics", metric), "code", code, "charge_model",
                inAdvance ? "percentage" : "standard",
                "pay_in_advance", inAdvance, "properties", inAdvance ? Map.of("rate", "1") : Map.of("amount", "1"));
    }

    private static Map<String, Object> filter(String region) {
        return Map.of("values", Map.of("region", List.of(region)), "properties", Map.of("amount", "1"));
    }

    private void subscription() {
        String path = "subscriptions/sub%2F%C3%BC%201";
        post(path + "/alerts", "alert", Map.of("code", "high;er", "alert_type", "current_usage_amount", "thresholds",
                List.of(Map.of("value", "1"))));
        ids.put("subscription_filter", text(post(path + "/charges/per%2Fcall/filters", "filter", filter("ch")), "lago_id"));
        call("PATCH", path + "/entitlements", Map.of("entitlements", Map.of("seats/x y", Map.of("max one", 7))));
    }

    private void invoices(String acme) {
        Map<String, Object> order = Map.of("external_customer_id", acme, "currency", "EUR", "fees",
                List.of(Map.of("add_on_code", "set-up", "units", "1")));
        JsonNode invoice = post("invoices", "invoice", order);
        ids.put("invoice", text(invoice, "lago_id"));
        ids.put("fee", text(invoice.at("/fees/0"), "lago_id"));
        JsonNode overdue = post("invoices", "invoice", order);
        ids.put("overdue", text(overdue, "lago_id"));
        sandbox.update("invoices", ids.get("overdue"), Map.of("payment_overdue", true));
        add("invoices", "draft", Map.of("external_customer_id", acme, "status", "draft", "number", "D", "invoice_type",
                "subscription"));
        add("invoices", "failed", Map.of("external_customer_id", acme, "status", "failed", "number", "F"));
        add("fees", "free_fee", Map.of("external_customer_id", acme));
        ids.put("credit_note",
                text(post("credit_notes", "credit_note", Map.of("invoice_id", ids.get("invoice"), "reason", "other",
                        "credit_amount_cents", 10, "metadata", Map.of("cost center/é", "1"), "items",
                        List.of(Map.of("fee_id", ids.get("fee"), "amount_cents", 10)))), "lago_id"));
        sandbox.update("credit_notes", ids.get("credit_note"), Map.of("refund_status", "pending"));
        ids.put("payment", text(post("payments", "payment",
                Map.of("invoice_id", ids.get("invoice"), "amount_cents", 1, "reference", "r")), "lago_id"));
        ids.put("receipt", text(get("payment_receipts").at("/payment_receipts/0"), "lago_id"));
        ids.put("payment_request", text(post("payment_requests", "payment_request",
                Map.of("external_customer_id", acme, "email", "a@b.example", "lago_invoice_ids", List.of(ids.get("overdue")))),
                "lago_id"));
    }

    private void wallets(String acme) {
        JsonNode wallet = post("wallets", "wallet",
                Map.of("external_customer_id", acme, "code", "main#1", "rate_amount", "1", "currency",
                        "EUR", "granted_credits", "100", "metadata", Map.of("cost center/é", "1")));
        ids.put("wallet", text(wallet, "lago_id"));
        post("customers/acme%2Fb%20c/wallets/main%231/alerts", "alert", Map.of("code", "low&lower", "alert_type",
                "wallet_balance_amount", "thresholds", List.of(Map.of("value", "1"))));
        ids.put("unpaid", text(post("wallet_transactions", "wallet_transaction",
                Map.of("wallet_id", ids.get("wallet"), "paid_credits", "5")).get(0), "lago_id"));
        ids.put("outbound", text(post("wallet_transactions", "wallet_transaction",
                Map.of("wallet_id", ids.get("wallet"), "voided_credits", "5")).get(0), "lago_id"));
        ids.put("inbound",
                text(get("wallets/" + ids.get("wallet") + "/wallet_transactions?transaction_type=inbound&per_page=100")
                        .at("/wallet_transactions/0"), "lago_id"));
    }

    /** A quote whose version is a draft, an order form that is not signed, and an order that is not executed. */
    private void quotes(String acme) {
        ids.put("quote_version", quote(acme, "quote"));
        call("POST", "quote_versions/" + quote(acme, "signed_quote") + "/approve", Map.of());
        call("POST", "order_forms/" + text(get("order_forms").at("/order_forms/0"), "lago_id") + "/mark_as_signed", Map.of());
        ids.put("order", text(get("orders").at("/orders/0"), "lago_id"));
        call("POST", "quote_versions/" + quote(acme, "approved_quote") + "/approve", Map.of());
        for (JsonNode form : get("order_forms").get("order_forms")) {
            if (form.get("status").asText().equals("generated")) {
                ids.put("order_form", text(form, "lago_id"));
            }
        }
    }

    /** The id of the only version of a new quote. */
    private String quote(String acme, String name) {
        Map<String, Object> item = Map.of("id", ids.get("add_on"), "localId", "1", "type", "add_on", "payload",
                Map.of("code", "set-up", "units", 1, "unitAmountCents", 500, "totalAmountCents", 500));
        add("quotes", name, Map.of("external_customer_id", acme, "order_type", "one_off", "billing_items",
                Map.of("addOns", List.of(item))));
        return text(get("quotes/" + ids.get(name) + "/versions").at("/quote_versions/0"), "lago_id");
    }

    private void products() {
        post("v2/product_categories", "product_category", Map.of("code", "compute&more", "name", "Compute"));
        post("v2/product_categories", "product_category", Map.of("code", "unused", "name", "Unused"));
        add("billable_metrics", "sum", Map.of("code", "sum", "name", "Sum", "aggregation_type", "sum_agg", "field_name", "n",
                "filters", List.of(Map.of("key", "region", "values", List.of("eu", "us", "ap")))));
        post("v2/products", "product", Map.of("code", "api 1", "name", "API", "product_type", "usage", "billable_metric_code",
                "sum", "product_category_code", "compute&more"));
        post("v2/products", "product", Map.of("code", "support/1", "name", "Support", "product_type", "fixed"));
        post("v2/products", "product", Map.of("code", "unused", "name", "Unused", "product_type", "fixed"));
        post("v2/products", "product", Map.of("code", "setup", "name", "Set-up", "product_type", "fixed"));
        post("v2/products/api%201/filters", "filter", Map.of("code", "eu#1", "name", "EU", "values",
                List.of(Map.of("key", "region", "value", "eu"))));
        post("v2/rate_cards", "rate_card",
                Map.of("code", "card/é", "name", "Card", "product_code", "support/1", "currency", "EUR",
                        "rates", List.of(rate("now", sandbox.now().toString()), rate("next?", "2097-01-01"))));
        post("v2/rate_cards", "rate_card", Map.of("code", "set up", "name", "Set-up", "product_code", "setup", "currency",
                "EUR"));
        post("v2/plans/unused/applied_rate_cards", "applied_rate_card", Map.of("rate_card_code", "card/é", "units", 2));
    }

    private static Map<String, Object> rate(String code, String from) {
        return Map.of("code", code, "effective_from", from, "rate_model", "standard", "billing_interval_unit", "month",
                "rate_properties", Map.of("amount", "1"));
    }

    private void add(String collection, String name, Map<String, ?> record) {
        ids.put(name, String.valueOf(sandbox.add(collection, record).get("lago_id")));
    }

    private JsonNode post(String path, String root, Map<String, ?> object) {
        JsonNode answer = call("POST", path, Map.of(root, object));
        return answer.has(root) ? answer.get(root) : answer.elements().next();
    }

    public JsonNode get(String path) {
        return call("GET", path, null);
    }

    private JsonNode call(String method, String path, Object body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + api(path)))
                    .header("Authorization", "Bearer " + sandbox.apiKey())
                    .method(method,
                            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.writeValueAsString(body)));
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(method + " " + path + ": " + response.statusCode() + " " + response.body());
            }
            return parse(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A path of the catalog as it stands in a URL. */
    public static String api(String path) {
        return path.startsWith("v2/") ? "/api/" + path : "/api/v1/" + path;
    }

    public static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode object, String field) {
        if (!object.hasNonNull(field)) {
            throw new IllegalStateException("No " + field + " in " + object);
        }
        return object.get(field).asText();
    }

    private static JsonNode read(String resource) {
        try (InputStream in = World.class.getResourceAsStream(resource)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The placeholders of a path, each with the path up to it. */
    public static Map<String, String> placeholders(PathTemplate path) {
        Map<String, String> placeholders = new LinkedHashMap<>();
        StringBuilder upTo = new StringBuilder();
        for (String segment : path.segments()) {
            upTo.append(upTo.isEmpty() ? "" : "/").append(segment);
            if (segment.startsWith("{")) {
                placeholders.put(segment.substring(1, segment.length() - 1), upTo.toString());
            }
        }
        return placeholders;
    }
}
