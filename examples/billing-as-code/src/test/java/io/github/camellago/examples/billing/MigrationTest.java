package io.github.camellago.examples.billing;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.examples.billing.Options.Command;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Customers, wallets and subscriptions of one Lago to another. */
class MigrationTest extends TwoSandboxes {

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
}
