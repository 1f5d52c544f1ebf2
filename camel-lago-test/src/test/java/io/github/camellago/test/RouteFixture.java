package io.github.camellago.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.test.domain.Lago;
import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.Pager;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.SandboxClock;

/** A simulated Lago with one record of each kind, so that each route can succeed. Called without HTTP. */
final class RouteFixture {

    private static final JsonNode BODIES = bodies();

    /** The values of placeholders, by the end of the path up to them. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("activity_logs/{activity_id}", "{activity}"), Map.entry("add_ons/{code}", "setup"),
            Map.entry("api_logs/{request_id}", "{request}"), Map.entry("billable_metrics/{code}", "calls"),
            Map.entry("billing_entities/{code}", "default"), Map.entry("coupons/{code}", "ten"),
            Map.entry("credit_notes/{lago_id}", "{credit_note}"), Map.entry("customers/{external_customer_id}", "acme"),
            Map.entry("applied_coupons/{applied_coupon_id}", "{applied_coupon}"),
            Map.entry("payment_methods/{lago_id}", "{payment_method}"), Map.entry("wallets/{code}", "main"),
            Map.entry("wallets/{wallet_code}", "main"), Map.entry("alerts/{code}", "high"), Map.entry("metadata/{key}", "key"),
            Map.entry("events/{transaction_id}", "t1"), Map.entry("features/{code}", "seats"),
            Map.entry("privileges/{privilege_code}", "max"), Map.entry("fees/{lago_id}", "{free_fee}"),
            Map.entry("invoices/{lago_id}", "{invoice}"), Map.entry("order_forms/{lago_id}", "{order_form}"),
            Map.entry("orders/{lago_id}", "{order}"), Map.entry("payment_receipts/{lago_id}", "{receipt}"),
            Map.entry("payment_requests/{lago_id}", "{payment_request}"), Map.entry("payments/{lago_id}", "{payment}"),
            Map.entry("plans/{code}", "pro"), Map.entry("charges/{charge_code}", "per_call"),
            Map.entry("filters/{filter_id}", "{filter}"), Map.entry("entitlements/{feature_code}", "seats"),
            Map.entry("fixed_charges/{fixed_charge_code}", "fixed"), Map.entry("quote_versions/{lago_id}", "{quote_version}"),
            Map.entry("quotes/{lago_id}", "{quote}"), Map.entry("security_logs/{log_id}", "{security_log}"),
            Map.entry("subscriptions/{external_id}", "sub"), Map.entry("taxes/{code}", "vat"),
            Map.entry("wallet_transactions/{lago_id}", "{inbound}"), Map.entry("wallets/{lago_id}", "{wallet}"),
            Map.entry("webhook_endpoints/{lago_id}", "{webhook_endpoint}"), Map.entry("plans/{plan_code}", "unused"),
            Map.entry("applied_rate_cards/{code}", "card"), Map.entry("product_categories/{code}", "compute"),
            Map.entry("products/{code}", "free"), Map.entry("products/{product_code}", "api"),
            Map.entry("filters/{code}", "eu"),
            Map.entry("rate_cards/{code}", "other"), Map.entry("rate_cards/{rate_card_code}", "card"),
            Map.entry("rates/{code}", "next"));

    /** Calls that need a record in a different state. */
    private static final Map<String, String> OTHERS = Map.of(
            "PUT v1/invoices/{lago_id}/finalize", "{draft}", "PUT v1/invoices/{lago_id}/refresh", "{draft}",
            "DELETE v1/invoices/{lago_id}", "{draft}", "POST v1/invoices/{lago_id}/retry", "{failed}",
            "DELETE v1/plans/{code}", "unused",
            "GET v1/wallet_transactions/{lago_id}/fundings", "{outbound}",
            "POST v1/wallet_transactions/{lago_id}/payment_url", "{unpaid}",
            "DELETE v2/products/{code}", "api");

    final Lago lago;
    private final Map<String, String> ids = new HashMap<>();

    RouteFixture(boolean clickhouse) {
        lago = new Lago(new SandboxClock(Clock.systemUTC()),
                LagoSandbox.builder().clickhouse(clickhouse).securityLogs(true).variant(),
                new Pager(false), "http://localhost");
    }

    /** Recreates all records. */
    RouteFixture build() {
        lago.reset();
        ids.clear();
        post("customers", "customer", Map.of("external_id", "acme", "name", "Acme", "currency", "EUR", "email", "a@example.com",
                "billing_configuration", Map.of("payment_provider", "stripe", "payment_provider_code", "stripe")));
        call("PUT", "v1", "/billing_entities/default", Map.of("billing_entity", Map.of("email", "b@example.com",
                "email_settings", List.of("invoice.finalized", "credit_note.created", "payment_receipt.created"))));
        post("taxes", "tax", Map.of("code", "vat", "name", "VAT", "rate", "20"));
        ids.put("add_on", id(post("add_ons", "add_on",
                Map.of("code", "setup", "name", "Setup", "amount_cents", 1000, "amount_currency", "EUR"))));
        ids.put("metric", id(post("billable_metrics", "billable_metric", Map.of("code", "calls", "name", "Calls",
                "aggregation_type", "count_agg",
                "filters", List.of(Map.of("key", "region", "values", List.of("eu", "us", "ch")))))));
        post("billable_metrics", "billable_metric",
                Map.of("code", "instant", "name", "Instant", "aggregation_type", "count_agg"));
        post("coupons", "coupon", Map.of("code", "ten", "name", "Ten", "coupon_type", "percentage", "percentage_rate", "10",
                "frequency", "once", "expiration", "no_expiration"));
        plans();
        subscription();
        invoices();
        wallet();
        quotes();
        products();
        ids.put("applied_coupon", id(post("applied_coupons", "applied_coupon",
                Map.of("external_customer_id", "acme", "coupon_code", "ten"))));
        ids.put("payment_method", add("payment_methods", Map.of("external_customer_id", "acme")));
        ids.put("webhook_endpoint",
                id(post("webhook_endpoints", "webhook_endpoint", Map.of("webhook_url", "https://example.com/hook"))));
        ids.put("activity", lago.records("activity_logs").get(0).get("activity_id").toString());
        lago.add("api_logs", Map.of("request_id", "r1", "logged_at", "2026-01-01T00:00:00Z"));
        ids.put("request", "r1");
        lago.add("security_logs", Map.of("log_id", "l1", "logged_at", "2026-01-01T00:00:00Z"));
        ids.put("security_log", "l1");
        return this;
    }

    private void plans() {
        post("features", "feature", Map.of("code", "seats", "name", "Seats", "privileges",
                List.of(Map.of("code", "max", "value_type", "integer"))));
        post("plans", "plan",
                Map.of("code", "pro", "name", "Pro", "interval", "monthly", "amount_cents", 100, "amount_currency",
                        "EUR", "pay_in_advance", false, "metadata", Map.of("key", "1"), "charges",
                        List.of(charge("calls", "per_call", false), charge("instant", "instant", true)), "fixed_charges",
                        List.of(Map.of("code", "fixed", "add_on_id", ids.get("add_on"), "charge_model", "standard", "units",
                                "1",
                                "properties",
                                Map.of("amount", "1")))));
        post("plans", "plan", Map.of("code", "unused", "name", "Unused", "interval", "monthly", "amount_cents", 1,
                "amount_currency", "EUR", "pay_in_advance", false));
        post("plans/pro/entitlements", "entitlements", Map.of("seats", Map.of("max", 5)));
        ids.put("plan_filter", id(post("plans/pro/charges/per_call/filters", "filter", filter("eu"))));
    }

    private Map<String, Object> charge(String metric, String code, boolean inAdvance) {
        Object id = lago.records("billable_metrics").stream().filter(one -> metric.equals(one.get("code"))).findFirst()
                .orElseThrow().get("lago_id");
        return Map.of("billable_metric_id", id, "code", code, "charge_model", inAdvance ? "percentage" : "standard",
                "pay_in_advance", inAdvance, "properties", inAdvance ? Map.of("rate", "1") : Map.of("amount", "1"));
    }

    private static Map<String, Object> filter(String region) {
        return Map.of("values", Map.of("region", List.of(region)), "properties", Map.of("amount", "1"));
    }

    private void subscription() {
        post("subscriptions", "subscription", Map.of("external_customer_id", "acme", "plan_code", "pro", "external_id", "sub"));
        post("subscriptions/sub/alerts", "alert", Map.of("code", "high", "alert_type", "current_usage_amount", "thresholds",
                List.of(Map.of("value", "1"))));
        ids.put("subscription_filter", id(post("subscriptions/sub/charges/per_call/filters", "filter", filter("ch"))));
        call("PATCH", "v1", "/subscriptions/sub/entitlements", Map.of("entitlements", Map.of("seats", Map.of("max", 7))));
        post("events", "event", Map.of("transaction_id", "t1", "external_subscription_id", "sub", "code", "calls"));
    }

    private void invoices() {
        Map<String, Object> order = Map.of("external_customer_id", "acme", "currency", "EUR", "fees",
                List.of(Map.of("add_on_code", "setup", "units", "1")));
        JsonNode invoice = post("invoices", "invoice", order);
        ids.put("invoice", id(invoice));
        ids.put("fee", id(invoice.at("/fees/0")));
        ids.put("overdue", id(post("invoices", "invoice", order)));
        lago.update("invoices", ids.get("overdue"), Map.of("payment_overdue", true));
        for (String status : List.of("draft", "failed")) {
            ids.put(status, add("invoices", Map.of("external_customer_id", "acme", "status", status, "invoice_type",
                    "subscription")));
        }
        ids.put("free_fee", add("fees", Map.of("external_customer_id", "acme")));
        ids.put("credit_note",
                id(post("credit_notes", "credit_note", Map.of("invoice_id", ids.get("invoice"), "reason", "other",
                        "credit_amount_cents", 10, "metadata", Map.of("key", "1"), "items",
                        List.of(Map.of("fee_id", ids.get("fee"), "amount_cents", 10))))));
        lago.update("credit_notes", ids.get("credit_note"), Map.of("refund_status", "pending"));
        ids.put("payment", id(post("payments", "payment",
                Map.of("invoice_id", ids.get("invoice"), "amount_cents", 1, "reference", "r"))));
        ids.put("receipt", lago.records("payment_receipts").get(0).get("lago_id").toString());
        ids.put("payment_request", add("payment_requests", Map.of("customer", Map.of("external_id", "acme"))));
    }

    private void wallet() {
        JsonNode wallet = post("wallets", "wallet", Map.of("external_customer_id", "acme", "code", "main", "name", "Main",
                "rate_amount", "1", "currency", "EUR", "granted_credits", "100", "metadata", Map.of("key", "1")));
        ids.put("wallet", id(wallet));
        post("customers/acme/wallets/main/alerts", "alert", Map.of("code", "high", "alert_type", "wallet_balance_amount",
                "thresholds", List.of(Map.of("value", "1"))));
        ids.put("inbound", lago.records("wallet_transactions").get(0).get("lago_id").toString());
        ids.put("unpaid", id(post("wallet_transactions", "wallet_transaction",
                Map.of("wallet_id", ids.get("wallet"), "paid_credits", "5")).get(0)));
        ids.put("outbound", id(post("wallet_transactions", "wallet_transaction",
                Map.of("wallet_id", ids.get("wallet"), "voided_credits", "5")).get(0)));
    }

    private void quotes() {
        Map<String, Object> quote = Map.of("external_customer_id", "acme", "billing_items",
                Map.of("addOns", List.of(Map.of("id", ids.get("add_on"), "payload", Map.of("code", "setup", "units", 1)))));
        for (int i = 0; i < 2; i++) {
            quote(quote);
            call("POST", "v1", "/quote_versions/" + ids.get("quote_version") + "/approve", Map.of());
            ids.put("order_form", lago.records("order_forms").stream()
                    .filter(form -> ids.get("quote").equals(form.get("lago_quote_id"))).findFirst().orElseThrow()
                    .get("lago_id").toString());
            if (i == 0) {
                call("POST", "v1", "/order_forms/" + ids.get("order_form") + "/mark_as_signed", Map.of());
                ids.put("order", lago.records("orders").get(0).get("lago_id").toString());
            }
        }
        quote(quote);
    }

    private void quote(Map<String, Object> quote) {
        ids.put("quote", add("quotes", quote));
        ids.put("quote_version", lago.records("quote_versions").stream()
                .filter(version -> ids.get("quote").equals(version.get("lago_quote_id"))).findFirst().orElseThrow()
                .get("lago_id").toString());
    }

    private void products() {
        v2("/product_categories", "product_category", Map.of("code", "compute", "name", "Compute"));
        v2("/products", "product",
                Map.of("code", "api", "name", "API", "product_type", "usage", "billable_metric_code", "calls"));
        v2("/products", "product", Map.of("code", "free", "name", "Free", "product_type", "fixed"));
        v2("/products/api/filters", "filter",
                Map.of("code", "eu", "name", "EU", "values", List.of(Map.of("key", "region", "value", "eu"))));
        v2("/rate_cards", "rate_card", Map.of("product_code", "free", "code", "card", "name", "Card", "currency", "EUR"));
        v2("/rate_cards", "rate_card", Map.of("product_code", "api", "code", "other", "name", "Other", "currency", "EUR"));
        v2("/rate_cards/card/rates", "rate", Map.of("code", "next", "effective_from", "2099-01-01", "rate_model", "standard",
                "rate_properties", Map.of("amount", "1"), "billing_interval_unit", "month"));
        v2("/plans/unused/applied_rate_cards", "applied_rate_card", Map.of("rate_card_code", "card"));
    }

    /** The path of a route with its placeholders filled. */
    String path(ServerRoute route) {
        StringBuilder path = new StringBuilder();
        String previous = "";
        for (String segment : route.path().substring(1).split("/")) {
            String value = segment.startsWith("{") ? value(route, previous + "/" + segment) : segment;
            path.append('/').append(value);
            previous = segment;
        }
        return path.toString();
    }

    private String value(ServerRoute route, String placeholder) {
        String other = OTHERS.get(route.toString());
        String value = other != null && route.path().matches(".*/\\Q" + placeholder + "\\E(/\\w+)?")
                ? other
                : VALUES.get(placeholder);
        if ("{filter}".equals(value)) {
            value = route.path().startsWith("/plans") ? "{plan_filter}" : "{subscription_filter}";
        }
        if (value == null) {
            throw new IllegalStateException("No value for " + placeholder);
        }
        return value.startsWith("{") ? ids.get(value.substring(1, value.length() - 1)) : value;
    }

    /** A body with which the route succeeds, or null. */
    Object body(ServerRoute route) {
        String root = route.rootInACall();
        JsonNode fields = BODIES.get(route.toString());
        if (fields == null) {
            return root == null || "DELETE".equals(route.method()) ? null : Map.of(root, Map.of("name", "Changed"));
        }
        String text = fields.toString();
        for (Map.Entry<String, String> id : ids.entrySet()) {
            text = text.replace('{' + id.getKey() + '}', id.getValue());
        }
        Object filled = Api.JSON.convertValue(parse(text), Object.class);
        return root == null ? filled : Map.of(root, filled);
    }

    Reply call(Call call, String version) {
        return lago.store().locked(() -> {
            var match = lago.router(version).match(call);
            return match.route().handler().handle(match.call());
        });
    }

    private JsonNode call(String method, String version, String path, Object body) {
        return parse(new String(call(Call.of(method, path, "", Json.bytes(body)), version).body()));
    }

    private JsonNode post(String path, String root, Map<String, ?> object) {
        JsonNode answer = call("POST", "v1", "/" + path, Map.of(root, object));
        return answer.has(root) ? answer.get(root) : answer.elements().next();
    }

    private void v2(String path, String root, Map<String, ?> object) {
        call("POST", "v2", path, Map.of(root, object));
    }

    private String add(String collection, Map<String, ?> record) {
        return lago.add(collection, record).get("lago_id").toString();
    }

    private static String id(JsonNode object) {
        return object.get("lago_id").asText();
    }

    static JsonNode parse(String json) {
        try {
            return Api.JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode bodies() {
        try (InputStream in = RouteFixture.class.getResourceAsStream("route-bodies.json")) {
            return Api.JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
