package io.github.camellago.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Json;

/**
 * Demo data: three customers, two metrics, a plan, subscriptions with usage, invoices and a wallet. Created through the API, so that the
 * records are consistent.
 */
final class DemoSeed {

    private static final int EVENTS = 60;

    private final LagoSandbox sandbox;
    private final int maxBatchSize;

    private DemoSeed(LagoSandbox sandbox, int maxBatchSize) {
        this.sandbox = sandbox;
        this.maxBatchSize = maxBatchSize;
    }

    static void addTo(LagoSandbox sandbox, int maxBatchSize) {
        new DemoSeed(sandbox, maxBatchSize).addRecords();
    }

    private void addRecords() {
        create("taxes", "tax", Map.of("code", "vat", "name", "VAT", "rate", "20.0"));
        create("add_ons", "add_on",
                Map.of("code", "setup", "name", "Set-up fee", "amount_cents", 50_000, "amount_currency", "EUR",
                        "tax_codes", List.of("vat")));
        create("billable_metrics", "billable_metric",
                Map.of("code", "api_calls", "name", "API calls", "aggregation_type", "count_agg"));
        create("billable_metrics", "billable_metric",
                Map.of("code", "storage_gb", "name", "Storage", "aggregation_type", "sum_agg",
                        "field_name", "gb"));
        create("plans", "plan", Map.of("code", "startup", "name", "Startup", "interval", "monthly", "amount_cents", 4_900,
                "amount_currency", "EUR", "pay_in_advance", false, "charges", List.of(
                        Map.of("billable_metric_id", metric("api_calls"), "charge_model", "standard", "properties",
                                Map.of("amount", "0.05")),
                        Map.of("billable_metric_id", metric("storage_gb"), "charge_model", "graduated", "properties",
                                Map.of("graduated_ranges",
                                        List.of(Map.of("from_value", 0, "to_value", 10, "per_unit_amount", "0", "flat_amount",
                                                "0"),
                                                Json.object("from_value", 11, "to_value", null, "per_unit_amount", "0.2",
                                                        "flat_amount", "0")))))));
        customer("acme", "Acme Inc.", "FR");
        customer("globex", "Globex Corporation", "US");
        customer("initech", "Initech", "DE");
        for (String customer : List.of("acme", "globex")) {
            create("subscriptions", "subscription",
                    Map.of("external_customer_id", customer, "plan_code", "startup", "external_id",
                            "sub-" + customer, "subscription_at", sandbox.now().minus(Duration.ofDays(90)).toString()));
            events("sub-" + customer);
            create("invoices", "invoice", Map.of("external_customer_id", customer, "currency", "EUR", "fees",
                    List.of(Map.of("add_on_code", "setup", "units", "1"))));
        }
        create("wallets", "wallet",
                Map.of("external_customer_id", "acme", "name", "Credits", "rate_amount", "1.0", "currency", "EUR",
                        "granted_credits", "100"));
    }

    private Object metric(String code) {
        return sandbox.records("billable_metrics").stream().filter(metric -> code.equals(metric.get("code"))).findFirst()
                .orElseThrow().get("lago_id");
    }

    private void customer(String externalId, String name, String country) {
        create("customers", "customer",
                Map.of("external_id", externalId, "name", name, "email", "billing@" + externalId + ".example",
                        "country", country, "currency", "EUR"));
    }

    private void events(String subscription) {
        Instant now = sandbox.now();
        List<Object> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            boolean call = i % 3 != 0;
            events.add(Map.of("transaction_id", subscription + "-" + i, "external_subscription_id", subscription, "code",
                    call ? "api_calls" : "storage_gb", "timestamp", now.minusSeconds(i).getEpochSecond(), "properties",
                    call ? Map.of("region", "eu") : Map.of("gb", 2)));
        }
        for (int from = 0; from < EVENTS; from += maxBatchSize) {
            sandbox.call("POST", "/events/batch",
                    Map.of("events", events.subList(from, Math.min(EVENTS, from + maxBatchSize))));
        }
    }

    private void create(String collection, String root, Map<String, ?> object) {
        sandbox.call("POST", "/" + collection, Map.of(root, object));
    }
}
