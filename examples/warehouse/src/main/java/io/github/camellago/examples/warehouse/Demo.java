package io.github.camellago.examples.warehouse;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.camellago.test.LagoSandbox;

/** A company's data in the sandbox, and what changes there meanwhile. */
final class Demo {

    private static final Map<String, Integer> PLANS = Map.of("basic", 4_900, "business", 49_000, "enterprise", 1_200_000);
    /** Lists with records that nothing else refers to, which are deleted. */
    private static final List<String> UNUSED = List.of("coupons", "add_ons", "billable_metrics", "plans");

    private final LagoSandbox sandbox;
    private final Random random;

    Demo(LagoSandbox sandbox, long seed) {
        this.sandbox = sandbox;
        this.random = new Random(seed);
    }

    /** Adds plans, customers with subscriptions, so many invoices, and usage. */
    void fill(int customers, int invoices) {
        PLANS.forEach((code, cents) -> sandbox.add("plans", Map.of("code", code, "name", code, "interval",
                code.equals("enterprise") ? "yearly" : "monthly", "amount_cents", cents, "amount_currency", "EUR")));
        for (String list : UNUSED) {
            for (int i = 0; i < 20; i++) {
                sandbox.add(list, Map.of("code", "unused-" + i, "name", "Number " + i));
            }
        }
        for (int i = 0; i < customers; i++) {
            addCustomer("customer-" + i);
        }
        for (int left = invoices; left > 0; left -= 10_000) {
            List<Map<String, Object>> some = new ArrayList<>();
            for (int i = 0; i < Math.min(left, 10_000); i++) {
                some.add(invoice("customer-" + random.nextInt(customers), time(random.nextInt(365))));
            }
            sandbox.addAll("invoices", some);
        }
        List<Map<String, Object>> events = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            boolean storage = random.nextInt(4) == 0;
            events.add(Map.of("transaction_id", "usage-" + i, "code", storage ? "storage_gb" : "api_calls",
                    "external_subscription_id", "sub-customer-" + random.nextInt(customers), "timestamp",
                    time(random.nextInt(30)),
                    "properties", storage ? Map.of("gb", 1 + random.nextInt(9)) : Map.of()));
        }
        sandbox.addAll("events", events);
    }

    private void addCustomer(String id) {
        sandbox.add("customers",
                Map.of("external_id", id, "name", "Company " + id.substring(id.indexOf('-') + 1), "currency", "EUR"));
        Map<String, Object> subscription = new HashMap<>(
                Map.of("external_id", "sub-" + id, "external_customer_id", id, "plan_code",
                        List.copyOf(PLANS.keySet()).get(random.nextInt(PLANS.size())), "status", "active", "started_at",
                        time(40 + random.nextInt(360))));
        if (random.nextInt(6) == 0) {
            subscription.putAll(Map.of("status", "terminated", "terminated_at", time(random.nextInt(40))));
        }
        sandbox.add("subscriptions", subscription);
    }

    private Map<String, Object> invoice(String customer, String created) {
        int cents = 1_000 + random.nextInt(200_000);
        boolean unpaid = random.nextInt(10) == 0;
        Map<String, Object> invoice = new HashMap<>();
        invoice.put("number", "LAG-" + Long.toString(random.nextLong() >>> 1, 36));
        invoice.put("status", random.nextInt(20) == 0 ? "draft" : "finalized");
        invoice.put("invoice_type", "subscription");
        invoice.put("payment_status", unpaid ? "pending" : "succeeded");
        invoice.put("currency", "EUR");
        invoice.put("taxes_amount_cents", cents / 5);
        invoice.put("total_amount_cents", cents + cents / 5);
        invoice.put("total_due_amount_cents", unpaid ? cents + cents / 5 : 0);
        invoice.put("external_customer_id", customer);
        invoice.put("created_at", created);
        invoice.put("issuing_date", created.substring(0, 10));
        return invoice;
    }

    private String time(int daysAgo) {
        return sandbox.now().minus(Duration.ofDays(daysAgo)).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Adds, changes and deletes some records. */
    void change(int count) {
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(5)) {
                case 0 -> addCustomer("customer-" + Long.toString(random.nextLong() >>> 1, 36));
                case 1 -> sandbox.addAll("invoices", List.of(invoice("customer-" + random.nextInt(6), time(0))));
                case 2 -> update("invoices", Map.of("payment_status", "succeeded", "total_due_amount_cents", 0));
                case 3 -> update(List.of("subscriptions", "plans", "coupons").get(random.nextInt(3)),
                        Map.of("name", "Renamed " + random.nextInt()));
                default -> delete();
            }
        }
    }

    private void update(String list, Map<String, Object> changes) {
        sandbox.update(list, any(list), changes);
    }

    private void delete() {
        switch (random.nextInt(3)) {
            case 0 -> sandbox.remove("invoices", any("invoices"));
            case 1 -> {
                // Lago ends the subscriptions of a deleted customer
                Map<String, Object> customer = sandbox.records("customers").get(0);
                sandbox.records("subscriptions").stream()
                        .filter(s -> customer.get("external_id").equals(s.get("external_customer_id")))
                        .forEach(s -> sandbox.remove("subscriptions", (String) s.get("lago_id")));
                sandbox.remove("customers", (String) customer.get("lago_id"));
            }
            default -> {
                String list = UNUSED.get(random.nextInt(UNUSED.size()));
                sandbox.records(list).stream().filter(r -> r.get("code").toString().startsWith("unused")).findAny()
                        .ifPresent(r -> sandbox.remove(list, (String) r.get("lago_id")));
            }
        }
    }

    private String any(String list) {
        List<Map<String, Object>> records = sandbox.records(list);
        return (String) records.get(random.nextInt(records.size())).get("lago_id");
    }
}
