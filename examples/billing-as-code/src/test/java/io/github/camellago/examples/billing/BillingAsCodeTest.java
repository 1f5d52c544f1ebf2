package io.github.camellago.examples.billing;

import java.time.Clock;
import java.util.List;
import java.util.Map;

import io.github.camellago.examples.billing.Options.Command;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Files to a Lago, and the configuration of one Lago to another. */
class BillingAsCodeTest extends TwoSandboxes {

    @Test
    void appliesTheFilesAndChangesNothingTheSecondTime() throws Exception {
        assertThat(run(Command.FILES, "--apply")).isZero();

        assertThat(output).contains("  + taxes/vat_20", "+ 13 to create", "13 created", "13 unchanged");
        assertThat(plans()).containsOnlyKeys("starter", "business");
        assertThat(plans().get("business").toString()).contains("billable_metric_code=tokens", "add_on_code=support",
                "amount=0.0000002", "provider=okta");
        long writes = writes(lago);

        assertThat(run(Command.FILES, "--apply")).isZero();

        assertThat(output).contains("+ 0 to create, ~ 0 to update, 13 unchanged").doesNotContain("Applying");
        assertThat(writes(lago)).isEqualTo(writes);
    }

    @Test
    void writesNothingWithoutApply() throws Exception {
        assertThat(run(Command.FILES)).isZero();

        assertThat(output).contains("  + plans/starter", "Nothing was changed. Add --apply to change Lago.");
        assertThat(writes(lago)).isZero();
    }

    @Test
    void printsDriftWithBeforeAndAfterAndReportsItAsExitStatus() throws Exception {
        run(Command.FILES, "--apply");
        assertThat(run(Command.FILES, "--detailed-exitcode")).isZero();
        Demo.changeByHand(options(Command.FILES), lago);
        long writes = writes(lago);

        assertThat(run(Command.FILES, "--detailed-exitcode")).isEqualTo(2);

        assertThat(output.lines()).containsSubsequence(
                "  ~ billable_metrics/storage_gb",
                "      name: Storage (GB) -> Storage",
                "  ~ plans/starter",
                "      amount_cents: 5900 -> 4900",
                "      charges[api_calls].properties.amount: 0.60 -> 0.50",
                "  ? plans/starter charges[tokens]",
                "  + coupons/launch",
                "  ? plans/legacy",
                "+ 1 to create, ~ 2 to update, 10 unchanged, ? 2 only in Lago (never deleted)");
        assertThat(writes(lago)).isEqualTo(writes);

        assertThat(run(Command.FILES, "--apply")).isZero();
        assertThat(plans().get("starter")).containsEntry("amount_cents", 4900);
        assertThat(plans()).as("nothing is deleted").containsKey("legacy");
        assertThat(run(Command.FILES)).isZero();
        assertThat(run(Command.FILES, "--detailed-exitcode")).as("nobody defines the charge").isEqualTo(2);
        try (Runner runner = new Runner(options(Command.FILES), Accounts.of(lago, null), Clock.systemUTC())) {
            runner.routes().sendBody("lago:plans/starter/charges/tokens?operation=delete", null);
        }
        assertThat(run(Command.FILES, "--detailed-exitcode")).as("an undefined plan is no difference").isZero();
    }

    @Test
    void namesTheObjectThatFailedAndContinuesInTheNextRun() throws Exception {
        lago.faults().on("POST", "/plans").status(500);

        assertThatThrownBy(() -> run(Command.FILES, "--apply")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("500").hasMessageContaining("at or after plans/business");
        lago.faults().clear();

        assertThat(run(Command.FILES, "--apply")).isZero();
        assertThat(output).contains("4 created, 0 updated, 9 unchanged", "+ 0 to create, ~ 0 to update, 13 unchanged");
    }

    @Test
    void promotesTheConfigurationOfOneLagoToAnother() throws Exception {
        Demo.fill(options(Command.FILES), from, false);
        long writesBefore = writes(from);
        lago.add("plans", Map.of("code", "legacy", "name", "Legacy", "interval", "monthly"));

        assertThat(run(Command.PROMOTE, "--detailed-exitcode")).isEqualTo(2);
        assertThat(writes(lago)).isZero();
        assertThat(run(Command.PROMOTE, "--apply")).isZero();

        assertThat(output).contains("13 created, 0 updated, 0 unchanged", "? plans/legacy");
        assertThat(run(Command.PROMOTE, "--detailed-exitcode")).isZero();
        // what was promoted is what the files say, fixed charges included
        assertThat(run(Command.FILES, "--detailed-exitcode")).isZero();
        assertThat(plans().get("business").get("fixed_charges").toString()).contains("add_on_code=support");
        assertThat(writes(from)).as("the source is only read").isEqualTo(writesBefore);
    }

    @Test
    void promotesNoTerminatedCoupons() throws Exception {
        from.add("coupons", Map.of("code", "old", "name", "Old", "coupon_type", "percentage", "percentage_rate", "1",
                "frequency", "once", "expiration", "no_expiration", "terminated_at", "2025-01-01T00:00:00Z"));

        assertThat(run(Command.PROMOTE, "--apply")).isZero();

        assertThat(output).doesNotContain("coupons/old");
        assertThat(lago.records("coupons")).isEmpty();
    }

    @Test
    void refusesToCopyASandboxToARealLago() {
        assertThatThrownBy(() -> Accounts.of(Map.of("LAGO_API_KEY", "k"), true)).hasMessageContaining("LAGO_FROM_API_KEY");
        assertThatThrownBy(() -> Accounts.of(Map.of("LAGO_FROM_API_KEY", "k"), true)).hasMessageContaining("LAGO_API_KEY");
    }

    @Test
    void readsItsArguments() {
        assertThat(Options.of(new String[0], FOLDER)).isEqualTo(new Options(Command.FILES, FOLDER, false, false));
        assertThat(Options.of(new String[]{"promote", "--apply", "--detailed-exitcode", "--folder=prices"}, FOLDER))
                .isEqualTo(new Options(Command.PROMOTE, FOLDER.resolveSibling("prices"), true, true));
        for (String wrong : List.of("--aply", "Promote", "")) {
            assertThatThrownBy(() -> Options.of(new String[]{wrong}, FOLDER)).hasMessageContaining("Unknown argument " + wrong);
        }
    }

    @Test
    void aChangeThatLagoWouldMakeInPartIsReported() throws Exception {
        run(Command.FILES, "--apply");
        lago.add("customers", Map.of("external_id", "acme"));
        lago.add("subscriptions", Map.of("external_id", "sub", "external_customer_id", "acme", "plan_code", "starter"));
        Map<String, Object> starter = plans().get("starter");
        lago.update("plans", (String) starter.get("lago_id"), Map.of("interval", "quarterly", "amount_cents", 1));
        lago.update("taxes", (String) lago.records("taxes").get(0).get("lago_id"), Map.of("name", "Other"));

        assertThat(run(Command.FILES)).isZero();
        assertThat(run(Command.FILES, "--detailed-exitcode")).isEqualTo(2);
        assertThat(output).contains("  ! plans/starter is left as it is: The plan starter has subscriptions.",
                "! 1 left as they are");

        assertThat(run(Command.FILES, "--apply")).isEqualTo(1);
        assertThat(plans().get("starter")).containsEntry("amount_cents", 1).containsEntry("interval", "quarterly");
        assertThat(lago.records("taxes")).noneMatch(tax -> "Other".equals(tax.get("name")));
    }
}
