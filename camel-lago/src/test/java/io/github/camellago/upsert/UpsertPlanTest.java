package io.github.camellago.upsert;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.api.LagoNotAllowedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Upserts of plans with their charges, thresholds, commitment and entitlements. */
class UpsertPlanTest extends UpsertTestSupport {

    private static final Map<String, Object> CALLS = Map.of("code", "calls", "billable_metric_code", "calls", "charge_model",
            "standard", "properties", Map.of("amount", "10"), "filters",
            List.of(Map.of("values", Map.of("region", List.of("eu", "us")), "properties", Map.of("amount", "12"))));
    private static final Map<String, Object> STORAGE = Map.of("code", "storage", "billable_metric_code", "storage",
            "charge_model", "graduated", "invoice_display_name", "Storage", "tax_codes", List.of("vat"), "properties",
            Map.of("graduated_ranges", List.of(
                    Map.of("from_value", 0, "to_value", 10, "per_unit_amount", "1", "flat_amount", "0"),
                    Map.of("from_value", 11, "per_unit_amount", "0.5", "flat_amount", "0"))));
    private static final Map<String, Object> PLAN = Map.of("code", "basic", "name", "Basic", "interval", "yearly",
            "amount_cents", 1000, "amount_currency", "EUR", "pay_in_advance", false, "bill_charges_monthly", true, "charges",
            List.of(CALLS, STORAGE), "fixed_charges",
            List.of(Map.of("code", "setup", "add_on_code", "setup", "charge_model", "standard", "units", 2, "properties",
                    Map.of("amount", "5"))));

    @BeforeEach
    void metrics() throws Exception {
        upsert("taxes", Map.of("code", "vat", "name", "VAT", "rate", 20));
        upsert("billable_metrics", Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg", "filters",
                List.of(Map.of("key", "region", "values", List.of("eu", "us", "ap")))));
        upsert("billable_metrics",
                Map.of("code", "storage", "name", "Storage", "aggregation_type", "sum_agg", "field_name", "gb"));
        upsert("add_ons", Map.of("code", "setup", "name", "Setup", "amount_cents", 500, "amount_currency", "EUR"));
        upsert("features", Map.of("code", "seats", "privileges", List.of(Map.of("code", "max", "value_type", "integer"),
                Map.of("code", "min", "value_type", "integer"))));
        upsert("features", Map.of("code", "sso"));
    }

    @Test
    void createsThenChangesNothing() throws Exception {
        assertThat(dryRun("plans", PLAN)).containsEntry("result", "created");
        assertThat(upsert("plans", PLAN)).isEqualTo("created");
        assertThat(lastWrite().body()).contains("billable_metric_id").doesNotContain("billable_metric_code");
        long writes = writes();

        assertThat(upsert("plans", PLAN)).isEqualTo("unchanged");
        List<Object> reversed = List.of(with(STORAGE, "tax_codes", List.of("vat")),
                with(CALLS, "properties", Map.of("amount", 10.0), "filters", List.of(
                        Map.of("values", Map.of("region", List.of("us", "eu")), "properties", Map.of("amount", "12.00")))));
        assertThat(upsert("plans", with(PLAN, "charges", reversed))).isEqualTo("unchanged");
        assertThat(writes()).isEqualTo(writes);
    }

    @Test
    void amountsMayBeNumbers() throws Exception {
        Map<String, Object> storage = with(STORAGE, "properties", Map.of("graduated_ranges", List.of(
                Map.of("from_value", 0, "per_unit_amount", new BigDecimal("0.10"), "flat_amount", 1e1))));
        Map<String, Object> plan = with(PLAN, "charges", List.of(with(CALLS, "properties", Map.of("amount", 7), "filters",
                List.of(Map.of("values", Map.of("region", List.of("ap")), "properties", Map.of("amount", 0.5)))), storage));
        assertThat(upsert("plans", plan)).isEqualTo("created");
        assertThat(lastWrite().body()).contains("\"amount\":\"7\"", "\"amount\":\"0.5\"", "\"per_unit_amount\":\"0.10\"",
                "\"from_value\":0");
        assertThat(upsert("plans", plan)).isEqualTo("unchanged");
    }

    @Test
    void changesOneChargeAndKeepsAllElse() throws Exception {
        upsert("plans", PLAN);
        Map<String, Object> before = one("plans", "basic");
        Map<String, Object> changed = with(PLAN, "charges", List.of(with(CALLS, "properties", Map.of("amount", "11"))));

        Map<String, Object> report = dryRun("plans", changed);
        assertThat(changes(report)).containsExactly(Map.entry("charges[calls].properties.amount", List.of("10", "11")));
        assertThat(report.get("kept")).isEqualTo(List.of("charges[storage]"));

        assertThat(upsert("plans", changed)).isEqualTo("updated");
        Map<String, Object> after = one("plans", "basic");
        assertThat(charge(after, "storage")).isEqualTo(charge(before, "storage"));
        assertThat(charge(after, "calls"))
                .isEqualTo(with(charge(before, "calls"), "properties", Map.of("amount", "11")));
        assertThat(with(after, "charges", null)).isEqualTo(with(before, "charges", null));
        assertThat(upsert("plans", changed)).isEqualTo("unchanged");
    }

    @Test
    void changesTheAmountAndKeepsTheCharges() throws Exception {
        upsert("plans", PLAN);
        Map<String, Object> before = one("plans", "basic");

        assertThat(upsert("plans", Map.of("code", "basic", "amount_cents", 1200))).isEqualTo("updated");

        assertThat(one("plans", "basic")).isEqualTo(with(before, "amount_cents", 1200));
        assertThat(lastWrite().body()).doesNotContain("charges\":[");
    }

    @Test
    void addsAChargeAndAFilter() throws Exception {
        upsert("plans", with(PLAN, "charges", List.of(CALLS)));
        Object id = charge(one("plans", "basic"), "calls").get("lago_id");
        Map<String, Object> filter = Map.of("values", Map.of("region", List.of("ap")), "properties", Map.of("amount", "20"));
        Map<String, Object> changed = with(PLAN, "charges", List.of(with(CALLS, "filters", List.of(filter)), STORAGE));

        Map<String, Object> report = dryRun("plans", changed);
        assertThat(changes(report)).containsOnlyKeys("charges[calls].filters[region=ap]", "charges[storage]");
        assertThat(report.get("kept")).isEqualTo(List.of("charges[calls].filters[region=eu,us]"));
        assertThat(upsert("plans", changed)).isEqualTo("updated");

        Map<String, Object> plan = one("plans", "basic");
        assertThat(charge(plan, "calls").get("lago_id")).isEqualTo(id);
        assertThat((List<?>) charge(plan, "calls").get("filters")).hasSize(2);
        assertThat((List<?>) plan.get("charges")).hasSize(2);
        assertThat(upsert("plans", changed)).isEqualTo("unchanged");
    }

    @Test
    void findsChargesWithoutCodes() throws Exception {
        Map<String, Object> inAdvance = with(CALLS, "pay_in_advance", true);
        List<Object> charges = new ArrayList<>();
        List.of(CALLS, inAdvance, STORAGE).forEach(charge -> charges.add(without(charge, "code")));
        Map<String, Object> plan = with(PLAN, "charges", charges);

        assertThat(upsert("plans", plan)).isEqualTo("created");
        assertThat(codes()).containsExactly("calls", "calls_2", "storage");
        Collections.reverse(charges);
        assertThat(upsert("plans", plan)).isEqualTo("unchanged");

        Map<String, Object> storage = Map.of("billable_metric_code", "storage", "charge_model", "package", "properties",
                Map.of("amount", "3", "package_size", 10, "free_units", 0));
        assertThat(upsert("plans", with(PLAN, "charges", List.of(storage)))).isEqualTo("updated");
        assertThat(codes()).containsExactly("calls", "calls_2", "storage");
        assertThat(charge(one("plans", "basic"), "storage")).containsEntry("charge_model", "package");
        assertThat(upsert("plans", with(PLAN, "charges", List.of(storage)))).isEqualTo("unchanged");
    }

    @Test
    void rejectsASecondChargeForTheSameMetric() throws Exception {
        upsert("plans", PLAN);
        Map<String, Object> renamed = with(PLAN, "charges", List.of(with(CALLS, "code", "api_calls")));
        long writes = writes();

        assertThat(send("lago:plans?operation=upsert", renamed).getException()).isInstanceOf(LagoNotAllowedException.class)
                .hasMessageContaining("charges[calls]").hasMessageContaining("charges[api_calls]");
        assertThat(writes()).isEqualTo(writes);

        Map<String, Object> both = with(PLAN, "charges", List.of(CALLS, with(CALLS, "code", "api_calls")));
        assertThat(upsert("plans", both)).isEqualTo("updated");
        assertThat(codes()).containsExactly("calls", "storage", "api_calls");
    }

    @Test
    void rejectsChargesThatCannotBeDistinguished() throws Exception {
        upsert("plans", PLAN);
        Map<String, Object> before = one("plans", "basic");

        for (List<Object> charges : List.<List<Object>>of(List.of(CALLS, CALLS),
                List.of(Map.of("billable_metric_id", "1a90", "charge_model", "standard")))) {
            for (String dryRun : List.of("true", "false")) {
                assertThat(send("lago:plans?operation=upsert&dryRun=" + dryRun, with(PLAN, "charges", charges)).getException())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("The objects of charges in the body cannot be distinguished");
            }
        }
        assertThat(one("plans", "basic")).isEqualTo(before);
    }

    @Test
    void setsThresholdsCommitmentAndMetadata() throws Exception {
        Map<String, Object> plan = with(PLAN, "usage_thresholds",
                List.of(Map.of("amount_cents", 5000), Map.of("amount_cents", 900, "threshold_display_name", "First")),
                "minimum_commitment", Map.of("amount_cents", 100, "tax_codes", List.of("vat")), "metadata",
                Map.of("team", "a"), "tax_codes", List.of("vat"));
        assertThat(upsert("plans", plan)).isEqualTo("created");
        assertThat(upsert("plans", plan)).isEqualTo("unchanged");

        Map<String, Object> changed = with(plan, "usage_thresholds", List.of(Map.of("amount_cents", 900)),
                "minimum_commitment", Map.of("amount_cents", 200), "metadata", Map.of("owner", "b"));
        assertThat(changes(dryRun("plans", changed))).containsOnlyKeys("usage_thresholds", "minimum_commitment.amount_cents",
                "metadata.owner");
        assertThat(upsert("plans", changed)).isEqualTo("updated");
        assertThat(one("plans", "basic")).containsEntry("metadata", Map.of("team", "a", "owner", "b"));
        assertThat((List<?>) map(one("plans", "basic").get("minimum_commitment")).get("taxes")).hasSize(1);
        assertThat(upsert("plans", changed)).isEqualTo("unchanged");
        Map<String, Object> none = new LinkedHashMap<>(changed);
        none.put("minimum_commitment", null);
        assertThat(upsert("plans", none)).isEqualTo("updated");
        assertThat(one("plans", "basic").get("minimum_commitment")).isNull();
        assertThat(upsert("plans", none)).isEqualTo("unchanged");
    }

    @Test
    void setsEntitlementsOfAPlan() throws Exception {
        Map<String, Object> plan = with(PLAN, "entitlements", Map.of("seats", Map.of("max", 10), "sso", Map.of()));
        assertThat(upsert("plans", plan)).isEqualTo("created");
        assertThat(upsert("plans", plan)).isEqualTo("unchanged");

        Map<String, Object> changed = with(PLAN, "entitlements", Map.of("seats", Map.of("max", 20, "min", 1)));
        Map<String, Object> report = dryRun("plans", changed);
        assertThat(changes(report)).containsOnlyKeys("entitlements.seats.max", "entitlements.seats.min");
        assertThat(report.get("kept")).isEqualTo(List.of("entitlements.sso"));
        long writes = writes();
        assertThat(upsert("plans", changed)).isEqualTo("updated");
        assertThat(writes()).isEqualTo(writes + 1);
        assertThat(upsert("plans", changed)).isEqualTo("unchanged");

        String uri = "plans/basic/entitlements";
        assertThat(upsert(uri, Map.of("seats", Map.of("max", 20)))).isEqualTo("unchanged");
        assertThat(upsert(uri, Map.of("seats", Map.of("max", 30)))).isEqualTo("updated");
        List<?> read = sent("lago:" + uri + "?operation=list", null).getMessage().getBody(List.class);
        assertThat(read).hasSize(2);
        assertThat(result(sent("lago:" + uri + "?operation=upsert", read))).isEqualTo("unchanged");
    }

    @Test
    void upsertsChargesOfAPlan() throws Exception {
        upsert("plans", without(without(PLAN, "charges"), "fixed_charges"));

        assertThat(upsert("plans/basic/charges", CALLS)).isEqualTo("created");
        assertThat(upsert("plans/basic/charges", CALLS)).isEqualTo("unchanged");
        Map<String, Object> before = charge(one("plans", "basic"), "calls");
        assertThat(upsert("plans/basic/charges", Map.of("code", "calls", "invoice_display_name", "API"))).isEqualTo("updated");
        assertThat(charge(one("plans", "basic"), "calls")).isEqualTo(with(before, "invoice_display_name", "API"));

        Map<String, Object> fixed = map(((List<?>) PLAN.get("fixed_charges")).get(0));
        assertThat(upsert("plans/basic/fixed_charges", fixed)).isEqualTo("created");
        assertThat(upsert("plans/basic/fixed_charges", with(fixed, "units", "2.0"))).isEqualTo("unchanged");
        assertThat(upsert("plans/basic/fixed_charges", with(fixed, "units", 3))).isEqualTo("updated");
        assertThat(upsert("plans/basic/fixed_charges", with(fixed, "units", 3))).isEqualTo("unchanged");
    }

    @Test
    void aPlanThatWasReadCanBeSentToAnotherLago() throws Exception {
        upsert("plans", with(PLAN, "entitlements", Map.of("seats", Map.of("max", 10))));
        Map<String, Object> record = map(sent("lago:plans?operation=get&id=basic", null).getMessage().getBody());
        assertThat(upsert("plans", record)).isEqualTo("unchanged");

        sandbox.remove("plans", (String) record.get("lago_id"));
        for (String metric : List.of("calls", "storage")) {
            Map<String, Object> other = one("billable_metrics", metric);
            sandbox.remove("billable_metrics", (String) other.get("lago_id"));
            upsert("billable_metrics", other);
        }

        assertThat(upsert("plans", record)).isEqualTo("created");
        assertThat(upsert("plans", record)).isEqualTo("unchanged");
        assertThat(charge(one("plans", "basic"), "calls").get("lago_id"))
                .isNotEqualTo(charge(record, "calls").get("lago_id"));
    }

    @Test
    void refusesChangesOfAPlanWithSubscriptionsOfWhichLagoMakesAPart() throws Exception {
        upsert("plans", PLAN);
        sandbox.add("customers", Map.of("external_id", "acme"));
        sent("lago:subscriptions", Map.of("external_customer_id", "acme", "external_id", "sub", "plan_code", "basic"));
        Map<String, Object> before = one("plans", "basic");
        long writes = writes();

        Map<String, Object> price = Map.of("amount", "5", "package_size", 10, "free_units", 0);
        for (String dryRun : List.of("true", "false")) {
            String options = "?operation=upsert&dryRun=" + dryRun;
            assertThat(send("lago:plans" + options, Map.of("code", "basic", "interval", "monthly", "amount_cents", 12_000))
                    .getException()).isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("change interval then");
            assertThat(send("lago:plans" + options, with(PLAN, "charges",
                    List.of(with(CALLS, "charge_model", "package", "properties", price)))).getException())
                    .isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("charges[calls].charge_model");
            assertThat(send("lago:plans/basic/charges" + options,
                    with(CALLS, "billable_metric_code", "storage", "properties", Map.of("amount", "9"))).getException())
                    .isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("billable_metric_code");
            assertThat(send("lago:plans/basic/fixed_charges" + options,
                    Map.of("code", "setup", "charge_model", "volume", "units", 3)).getException())
                    .isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("charge_model");
            assertThat(send("lago:plans/basic/fixed_charges" + options,
                    Map.of("code", "setup", "pay_in_advance", true, "units", 3)).getException())
                    .isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("pay_in_advance");
        }
        assertThat(writes()).isEqualTo(writes);
        assertThat(one("plans", "basic")).isEqualTo(before);
        assertThat(upsert("plans", with(PLAN, "name", "New", "amount_cents", 1100))).isEqualTo("updated");
        assertThat(sandbox.records("subscriptions")).hasSize(1).allMatch(one -> "active".equals(one.get("status")));
    }

    private static Map<String, Object> charge(Map<String, Object> plan, String code) {
        return map(((List<?>) plan.get("charges")).stream().filter(charge -> code.equals(map(charge).get("code"))).findFirst()
                .orElseThrow());
    }

    private static List<Object> codes() {
        return ((List<?>) one("plans", "basic").get("charges")).stream().map(charge -> map(charge).get("code")).toList();
    }

    private static Map<String, Object> without(Map<String, Object> map, String field) {
        Map<String, Object> rest = with(map);
        rest.remove(field);
        return rest;
    }
}
