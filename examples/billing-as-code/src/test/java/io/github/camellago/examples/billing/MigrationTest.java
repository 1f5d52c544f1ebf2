package io.github.camellago.examples.billing;

import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.camellago.examples.billing.Options.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Customers, wallets and subscriptions of one Lago to another. */
class MigrationTest extends TwoSandboxes {

    @TempDir
    Path work;

    @Test
    void copiesCustomersWalletsAndSubscriptions() throws Exception {
        fill();
        long writesBefore = writes(from);

        assertThat(run(Command.MIGRATE, "--apply")).isZero();

        assertThat(output).contains("17 created, 0 updated, 0 unchanged",
                "  ! wallets/prepaid of umbrella is copied without its recurring_transaction_rules",
                "  ! subscriptions/sub-vandelay starts today");
        assertMigrated();
        assertThat(byKey(lago, "subscriptions", "external_id")).doesNotContainKey("sub-vandelay");
        assertThat(writes(from)).as("the source is only read").isEqualTo(writesBefore);

        long writes = writes(lago);
        assertThat(run(Command.MIGRATE, "--apply", "--detailed-exitcode")).isZero();
        assertThat(writes(lago)).isEqualTo(writes);
    }

    @Test
    void continuesAfterTheProcessWasKilled() throws Exception {
        fill();
        // killed while Lago's answer is on its way: the object exists, and nobody knows
        lago.faults().on("POST", "/customers/*/wallets").nth(3).delay(Duration.ofMinutes(2));
        killDuring("wallets", 3);
        lago.faults().on("POST", "/subscriptions").nth(2).delay(Duration.ofMinutes(2));
        killDuring("subscriptions", 2);
        lago.faults().clear();

        assertThat(run(Command.MIGRATE, "--apply")).isZero();

        assertThat(output).contains("+ 3 to create, ~ 0 to update, 14 unchanged");
        assertMigrated();
    }

    @Test
    void startsNoSubscriptionAgainThatHasEndedAtTheTarget() throws Exception {
        fill();
        run(Command.MIGRATE, "--apply");
        Map<String, Object> acme = byKey(lago, "subscriptions", "external_id").get("sub-acme");
        lago.update("subscriptions", (String) acme.get("lago_id"),
                Map.of("status", "terminated", "terminated_at", lago.now().toString()));

        assertThat(run(Command.MIGRATE, "--detailed-exitcode")).isZero();
        assertThat(output).contains("  ! subscriptions/sub-acme is left as it is: The subscription sub-acme is terminated.");
    }

    @Test
    void reportsSubscriptionsThatCannotBeCopied() throws Exception {
        fill();
        Map<String, Object> globex = byKey(from, "subscriptions", "external_id").get("sub-globex");
        from.update("subscriptions", (String) globex.get("lago_id"), Map.of("_plan", from.records("plans").get(0)));
        from.add("subscriptions", Map.of("external_id", "sub-acme", "external_customer_id", "acme", "plan_code", "business",
                "status", "pending", "previous_plan_code", "starter", "subscription_at",
                from.now().plus(Duration.ofDays(9)).toString()));

        assertThat(run(Command.MIGRATE)).isZero();

        assertThat(output).contains("  ! subscriptions/sub-acme is a change of plan that has not started yet",
                "  ! subscriptions/sub-globex has prices of its own (plan_overrides)", "  + subscriptions/sub-acme")
                .doesNotContain("  + subscriptions/sub-globex");
    }

    @Test
    void sendsTheUsageOfThePeriodAgain() throws Exception {
        fill();
        run(Command.MIGRATE, "--apply");
        List<Map<String, Object>> events = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            events.add(Map.of("transaction_id", "t" + i, "external_subscription_id", "sub-acme", "code", "storage_gb",
                    "timestamp", from.now().minusSeconds(60L * i).getEpochSecond() + ".25", "properties", Map.of("gb", "1.5")));
        }
        try (Runner runner = new Runner(options(Command.MIGRATE), Accounts.of(lago, from), Clock.systemUTC())) {
            runner.routes().sendBody("lagoFrom:events", events);
            String start = from.now().minus(Duration.ofDays(1)).toString();
            for (int i = 0; i < 2; i++) {
                Object usage = runner.routes().requestBody(
                        "lagoFrom:events?operation=list&streaming=true&filter.timestamp_from=" + start, (Object) null);
                runner.routes().sendBody("lago:events?unknownFields=drop", usage);
            }
        }

        assertThat(lago.events()).hasSize(150).extracting(e -> e.get("transaction_id") + " " + e.get("timestamp"))
                .containsExactlyInAnyOrderElementsOf(
                        from.events().stream().map(e -> e.get("transaction_id") + " " + e.get("timestamp")).toList());
    }

    private static void fill() throws Exception {
        Demo.fill(options(Command.FILES), lago, false);
        Demo.fill(options(Command.FILES), from, true);
    }

    private static void assertMigrated() {
        assertThat(byKey(lago, "customers", "external_id")).containsOnlyKeys("acme", "globex", "hooli", "initech", "umbrella",
                "vandelay");
        assertThat(byKey(lago, "customers", "external_id").get("acme").get("metadata").toString()).contains("value=crm-acme");
        assertThat(lago.records("wallets")).hasSize(6).allSatisfy(wallet -> assertThat(wallet)
                .containsEntry("credits_balance", "80.5").containsEntry("code", "prepaid"));
        Map<String, Map<String, Object>> sources = byKey(from, "subscriptions", "external_id");
        assertThat(lago.records("subscriptions")).hasSize(5)
                .allSatisfy(subscription -> assertThat(subscription).containsEntry("plan_code", "starter")
                        .containsEntry("billing_time", "anniversary").containsEntry("status", "active").containsEntry(
                                "subscription_at",
                                sources.get((String) subscription.get("external_id")).get("subscription_at")));
    }

    /** Runs the program in a process of its own, and kills it when Lago has got so many of its requests. */
    private void killDuring(String collection, int requests) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), BillingAsCode.class.getName(),
                "migrate",
                "--apply");
        builder.environment().putAll(Map.of("LAGO_API_KEY", lago.apiKey(), "LAGO_BASE_URL", lago.baseUrl(),
                "LAGO_FROM_API_KEY", from.apiKey(), "LAGO_FROM_BASE_URL", from.baseUrl()));
        File log = work.resolve(collection + ".log").toFile();
        Process process = builder.redirectErrorStream(true).redirectOutput(log).start();
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> lago.records(collection).size() == requests);
            assertThat(process.isAlive()).as("still waits for the answer: %s", log).isTrue();
        } finally {
            process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        }
    }
}
