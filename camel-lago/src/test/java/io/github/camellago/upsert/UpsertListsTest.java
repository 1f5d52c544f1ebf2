package io.github.camellago.upsert;

import java.util.List;
import java.util.Map;

import io.github.camellago.api.LagoNotAllowedException;
import io.github.camellago.api.LagoNotAppliedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Upserts of objects in whose lists Lago replaces more than a body says. */
class UpsertListsTest extends UpsertTestSupport {

    @Test
    void anUpdateOfACouponKeepsItsLimits() throws Exception {
        Map<String, Object> plan = Map.of("code", "basic", "name", "Basic", "interval", "monthly", "amount_cents", 1000,
                "amount_currency", "EUR", "pay_in_advance", false);
        upsert("plans", plan);
        upsert("plans", with(plan, "code", "pro"));
        Map<String, Object> coupon = Map.of("code", "c", "name", "C", "coupon_type", "percentage", "percentage_rate", "10",
                "frequency", "once", "expiration", "no_expiration", "applies_to",
                Map.of("plan_codes", List.of("basic", "pro")));
        assertThat(upsert("coupons", coupon)).isEqualTo("created");
        assertThat(upsert("coupons", coupon)).isEqualTo("unchanged");

        assertThat(upsert("coupons", Map.of("code", "c", "name", "D"))).isEqualTo("updated");
        assertThat(one("coupons", "c")).containsEntry("plan_codes", List.of("basic", "pro"));

        Map<String, Object> less = with(coupon, "name", "D", "applies_to", Map.of("plan_codes", List.of("pro")));
        assertThat(changes(dryRun("coupons", less))).containsOnlyKeys("applies_to.plan_codes");
        assertThat(upsert("coupons", less)).isEqualTo("updated");
        assertThat(upsert("coupons", less)).isEqualTo("unchanged");

        upsert("billable_metrics", Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg"));
        Map<String, Object> metrics = Map.of("code", "c", "applies_to", Map.of("billable_metric_codes", List.of("calls")));
        assertThat(send("lago:coupons?operation=upsert", metrics).getException()).isInstanceOf(LagoNotAllowedException.class);
        assertThat(one("coupons", "c")).containsEntry("plan_codes", List.of("pro"));
        Map<String, Object> instead = Map.of("code", "c", "applies_to",
                Map.of("billable_metric_codes", List.of("calls"), "plan_codes", List.of()));
        assertThat(upsert("coupons", instead)).isEqualTo("updated");
        assertThat(upsert("coupons", instead)).isEqualTo("unchanged");
    }

    @Test
    void anAppliedCouponKeepsItsRate() throws Exception {
        Map<String, Object> coupon = Map.of("code", "c", "name", "C", "coupon_type", "percentage", "percentage_rate", "10",
                "frequency", "once", "expiration", "no_expiration");
        upsert("coupons", coupon);
        upsert("customers", Map.of("external_id", "acme"));
        sent("lago:applied_coupons", Map.of("external_customer_id", "acme", "coupon_code", "c"));

        assertThat(send("lago:coupons?operation=upsert", with(coupon, "percentage_rate", 20)).getException())
                .isInstanceOf(LagoNotAppliedException.class).hasMessageContaining("percentage_rate");
        assertThat(upsert("coupons", with(coupon, "name", "D"))).isEqualTo("updated");
    }

    @Test
    void filtersOfAMetricStay() throws Exception {
        Map<String, Object> metric = Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg", "filters",
                List.of(Map.of("key", "region", "values", List.of("eu", "us"))));
        upsert("billable_metrics", metric);

        Map<String, Object> other = with(metric, "filters", List.of(Map.of("key", "tier", "values", List.of("a"))));
        Map<String, Object> report = dryRun("billable_metrics", other);
        assertThat(changes(report)).containsOnlyKeys("filters[tier]");
        assertThat(report.get("kept")).isEqualTo(List.of("filters[region]"));
        assertThat(upsert("billable_metrics", other)).isEqualTo("updated");
        assertThat((List<?>) one("billable_metrics", "calls").get("filters")).hasSize(2);
        assertThat(upsert("billable_metrics", other)).isEqualTo("unchanged");
        assertThat(upsert("billable_metrics", metric)).isEqualTo("unchanged");
    }

    @Test
    void metadataOfACustomerStays() throws Exception {
        upsert("customers", Map.of("external_id", "acme", "metadata",
                List.of(Map.of("key", "a", "value", "1", "display_in_invoice", true), Map.of("key", "b", "value", "2"))));
        List<?> before = (List<?>) one("customers", "acme").get("metadata");

        Map<String, Object> changed = Map.of("external_id", "acme", "metadata",
                List.of(Map.of("key", "b", "value", "3"), Map.of("key", "c", "value", "4")));
        assertThat(changes(dryRun("customers", changed))).containsOnlyKeys("metadata[b].value", "metadata[c]");
        assertThat(upsert("customers", changed)).isEqualTo("updated");

        List<?> after = (List<?>) one("customers", "acme").get("metadata");
        assertThat(after).extracting(entry -> map(entry).get("value")).containsExactly("1", "3", "4");
        assertThat(after).extracting(entry -> map(entry).get("display_in_invoice")).containsExactly(true, false, false);
        assertThat(map(after.get(0)).get("lago_id")).isEqualTo(map(before.get(0)).get("lago_id"));
        assertThat(upsert("customers", changed)).isEqualTo("unchanged");
    }

    @Test
    void linksOfACustomerToOtherSystemsStay() throws Exception {
        Map<String, Object> customer = Map.of("external_id", "acme", "billing_configuration",
                Map.of("payment_provider", "stripe", "document_locale", "de"), "integration_customers",
                List.of(Map.of("integration_type", "anrok", "external_customer_id", "1")));
        assertThat(upsert("customers", customer)).isEqualTo("created");
        assertThat(lastWrite().body()).contains("anrok");
        assertThat(upsert("customers", customer)).isEqualTo("unchanged");
        assertThat(upsert("customers", with(customer, "name", "Acme"))).isEqualTo("updated");
        assertThat(lastWrite().body()).doesNotContain("anrok");

        Map<String, Object> ofAnotherLago = Map.of("lago_id", "1a90", "external_id", "acme", "name", "Acme", "taxes", List.of(),
                "billing_configuration", with(Map.of("document_locale", "de"), "payment_provider", null),
                "integration_customers", List.of());
        assertThat(upsert("customers", ofAnotherLago)).isEqualTo("unchanged");
        assertThat(map(one("customers", "acme").get("billing_configuration"))).containsEntry("payment_provider", "stripe");
    }

    @Test
    void privilegesOfAFeatureStay() throws Exception {
        Map<String, Object> feature = Map.of("code", "seats", "privileges", List.of(
                Map.of("code", "size", "value_type", "select", "config", Map.of("select_options", List.of("s", "m")))));
        assertThat(upsert("features", feature)).isEqualTo("created");
        assertThat(upsert("features", feature)).isEqualTo("unchanged");

        Map<String, Object> other = Map.of("code", "seats", "privileges",
                List.of(Map.of("code", "max", "value_type", "integer")));
        assertThat(dryRun("features", other).get("kept")).isEqualTo(List.of("privileges[size]"));
        assertThat(upsert("features", other)).isEqualTo("updated");
        assertThat((List<?>) one("features", "seats").get("privileges")).hasSize(2);
        assertThat(upsert("features", other)).isEqualTo("unchanged");

        Map<String, Object> retyped = Map.of("code", "seats", "privileges",
                List.of(Map.of("code", "max", "value_type", "string")));
        assertThat(send("lago:features?operation=upsert", retyped).getException())
                .isInstanceOf(LagoNotAppliedException.class).hasMessageContaining("privileges[max].value_type");
    }

    @Test
    void anUpdateOfAWalletKeepsItsLimitsAndRules() throws Exception {
        upsert("billable_metrics", Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg"));
        upsert("customers", Map.of("external_id", "acme"));
        Map<String, Object> wallet = Map.of("code", "main", "name", "Main", "rate_amount", "1.0", "currency", "EUR",
                "granted_credits", "100", "applies_to", Map.of("billable_metric_codes", List.of("calls")),
                "recurring_transaction_rules",
                List.of(Map.of("trigger", "interval", "interval", "monthly", "method", "fixed", "granted_credits", "5")));
        String uri = "customers/acme/wallets";
        assertThat(upsert(uri, wallet)).isEqualTo("created");
        assertThat(upsert(uri, wallet)).isEqualTo("unchanged");
        assertThat(dryRun(uri, wallet).get("notCompared")).isEqualTo(List.of("granted_credits"));
        Object rule = map(((List<?>) one("wallets", "main").get("recurring_transaction_rules")).get(0)).get("lago_id");

        assertThat(upsert(uri, Map.of("code", "main", "name", "First"))).isEqualTo("updated");
        assertThat(one("wallets", "main").get("applies_to"))
                .isEqualTo(Map.of("fee_types", List.of(), "billable_metric_codes", List.of("calls")));

        assertThat(upsert(uri, Map.of("code", "main", "applies_to", Map.of("fee_types", List.of("charge")))))
                .isEqualTo("updated");
        assertThat(one("wallets", "main").get("applies_to"))
                .isEqualTo(Map.of("fee_types", List.of("charge"), "billable_metric_codes", List.of("calls")));

        Map<String, Object> changed = with(wallet, "name", "First", "recurring_transaction_rules",
                List.of(Map.of("trigger", "interval", "interval", "monthly", "method", "fixed", "granted_credits", 6)));
        assertThat(changes(dryRun(uri, changed))).containsOnlyKeys("recurring_transaction_rules[0].granted_credits");
        assertThat(upsert(uri, changed)).isEqualTo("updated");
        assertThat(map(((List<?>) one("wallets", "main").get("recurring_transaction_rules")).get(0)))
                .containsEntry("lago_id", rule).containsEntry("interval", "monthly");
        assertThat(upsert(uri, changed)).isEqualTo("unchanged");
        assertThat(upsert(uri, with(changed, "recurring_transaction_rules", List.of()))).isEqualTo("unchanged");
        assertThat(upsert(uri, with(changed, "recurring_transaction_rules", List.of(Map.of("granted_credits", "7.0")))))
                .isEqualTo("updated");
        assertThat(lastWrite().body()).contains("\"trigger\":\"interval\"");
        assertThat(sandbox.records("wallet_transactions")).hasSize(1);

        assertThat(send("lago:" + uri + "?operation=upsert", with(wallet, "rate_amount", "2")).getException())
                .isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("rate_amount");
        sent("lago:" + uri + "?operation=delete&id=main", null);
        assertThat(send("lago:" + uri + "?operation=upsert", wallet).getException())
                .isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("terminated");
    }

    @Test
    void anActiveWalletMayHaveTheCodeOfATerminatedOne() throws Exception {
        upsert("customers", Map.of("external_id", "acme"));
        String uri = "customers/acme/wallets";
        Map<String, Object> wallet = Map.of("code", "main", "name", "Main", "rate_amount", "1.0", "currency", "EUR");
        upsert(uri, wallet);
        sent("lago:" + uri + "?operation=delete&id=main", null);
        sent("lago:" + uri, wallet);

        assertThat(upsert(uri, wallet)).isEqualTo("unchanged");
        assertThat(upsert(uri, with(wallet, "name", "Second"))).isEqualTo("updated");
        assertThat(upsert(uri, with(wallet, "name", "Second"))).isEqualTo("unchanged");

        assertThat(sandbox.records("wallets")).extracting(one -> one.get("name") + " " + one.get("status"))
                .containsExactlyInAnyOrder("Main terminated", "Second active");
    }

    @Test
    void valuesOfAFilterAndOptionsOfAPrivilegeStay() throws Exception {
        Map<String, Object> metric = Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg", "filters",
                List.of(Map.of("key", "region", "values", List.of("eu", "us"))));
        upsert("billable_metrics", metric);
        Map<String, Object> less = with(metric, "filters", List.of(Map.of("key", "region", "values", List.of("us", "us"))));
        assertThat(dryRun("billable_metrics", less)).containsEntry("result", "unchanged").containsEntry("kept",
                List.of("filters[region].values[eu]"));
        Map<String, Object> other = with(metric, "filters", List.of(Map.of("key", "region", "values", List.of("us", "ap"))));
        assertThat(upsert("billable_metrics", other)).isEqualTo("updated");
        assertThat(map(((List<?>) one("billable_metrics", "calls").get("filters")).get(0)).get("values"))
                .isEqualTo(List.of("eu", "us", "ap"));
        assertThat(upsert("billable_metrics", other)).isEqualTo("unchanged");

        Map<String, Object> feature = Map.of("code", "seats", "privileges", List.of(
                Map.of("code", "size", "value_type", "select", "config", Map.of("select_options", List.of("s", "m")))));
        upsert("features", feature);
        assertThat(upsert("features", Map.of("code", "seats", "privileges", List.of(Map.of("code", "size", "value_type",
                "select", "config", Map.of("select_options", List.of("m"))))))).isEqualTo("unchanged");
    }

    @Test
    void codesThatAreGivenTwiceAreThereOnce() throws Exception {
        upsert("taxes", Map.of("code", "vat", "name", "VAT", "rate", 20));
        Map<String, Object> addOn = Map.of("code", "setup", "name", "Setup", "amount_cents", 500, "amount_currency", "EUR",
                "tax_codes", List.of("vat"));
        upsert("add_ons", addOn);
        assertThat(upsert("add_ons", with(addOn, "tax_codes", List.of("vat", "vat")))).isEqualTo("unchanged");
    }
}
