package io.github.camellago.examples.billing;

import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.LagoSandbox;
import org.apache.camel.ProducerTemplate;

/** Fills the sandboxes, so that there is something to see. */
final class Demo {

    private static final PrintStream QUIET = new PrintStream(OutputStream.nullOutputStream());

    private Demo() {}

    static void prepare(Options options, Accounts accounts) throws Exception {
        boolean migrate = options.command() == Options.Command.MIGRATE;
        fill(options, accounts.to(), false);
        if (accounts.from() != null) {
            fill(options, accounts.from(), migrate);
        }
        if (!migrate) {
            changeByHand(options, accounts.to());
        }
    }

    /** Applies the files, and adds customers. */
    static void fill(Options options, LagoSandbox sandbox, boolean customers) throws Exception {
        try (Runner runner = runner(options, sandbox)) {
            runner.run(false, QUIET);
            if (customers) {
                List.of("acme", "globex", "hooli", "initech", "umbrella")
                        .forEach(customer -> addCustomer(runner.routes(), customer, sandbox.now().minus(Duration.ofDays(40))));
                addCustomer(runner.routes(), "vandelay", sandbox.now());
            }
        }
    }

    private static void addCustomer(ProducerTemplate lago, String id, Instant start) {
        lago.sendBody("lago:customers", Map.of("external_id", id, "name", id + " Inc.", "currency", "EUR", "country", "DE",
                "metadata", List.of(Map.of("key", "crm", "value", "crm-" + id, "display_in_invoice", false))));
        Map<String, Object> wallet = new LinkedHashMap<>(
                Map.of("external_customer_id", id, "code", "prepaid", "name", "Prepaid",
                        "currency", "EUR", "rate_amount", "1", "granted_credits", "80.5"));
        if (id.equals("umbrella")) {
            wallet.put("recurring_transaction_rules",
                    List.of(Map.of("trigger", "interval", "interval", "monthly", "paid_credits", "50", "granted_credits",
                            "0")));
        }
        lago.sendBody("lago:wallets", wallet);
        lago.sendBody("lago:subscriptions", Map.of("external_customer_id", id, "external_id", "sub-" + id, "plan_code",
                "starter", "billing_time", "anniversary", "subscription_at", start.toString()));
    }

    /** Changes in a dashboard over time: prices are raised, a charge and a plan are added, a coupon is deleted. */
    static void changeByHand(Options options, LagoSandbox sandbox) throws Exception {
        try (Runner runner = runner(options, sandbox)) {
            ProducerTemplate lago = runner.routes();
            lago.sendBody("lago:billable_metrics/storage_gb?operation=update", Map.of("name", "Storage (GB)"));
            lago.sendBody("lago:plans/starter?operation=update", Map.of("amount_cents", 5_900));
            lago.sendBody("lago:plans/starter/charges/api_calls?operation=update",
                    Map.of("charge_model", "package", "properties",
                            Map.of("package_size", 1_000, "free_units", 10_000, "amount", "0.60")));
            lago.sendBody("lago:plans/starter/charges",
                    Map.of("billable_metric_id", metricId(sandbox, "tokens"), "code", "tokens",
                            "charge_model", "standard", "properties", Map.of("amount", "0.001")));
            lago.sendBody("lago:coupons/launch?operation=delete", null);
            lago.sendBody("lago:plans", Map.of("code", "legacy", "name", "Legacy", "interval", "monthly", "amount_cents", 1_900,
                    "amount_currency", "EUR", "pay_in_advance", false));
        }
    }

    private static Runner runner(Options options, LagoSandbox sandbox) throws Exception {
        return new Runner(new Options(Options.Command.FILES, options.folder(), true, false), Accounts.of(sandbox, null),
                Clock.systemUTC());
    }

    private static String metricId(LagoSandbox sandbox, String code) {
        return sandbox.records("billable_metrics").stream().filter(metric -> code.equals(metric.get("code"))).findFirst()
                .map(metric -> (String) metric.get("lago_id")).orElseThrow();
    }
}
