package io.github.camellago.upsert;

import java.util.List;
import java.util.Map;

import io.github.camellago.LagoConstants;
import io.github.camellago.api.LagoNotAllowedException;
import io.github.camellago.api.LagoNotAppliedException;
import io.github.camellago.api.LagoNotFoundException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Each field of a body is applied, compared or refused. */
class UpsertInputTest extends UpsertTestSupport {

    private static final Map<String, Object> TAX = Map.of("code", "vat", "name", "VAT", "rate", 20);
    private static final Map<String, Object> CALLS = Map.of("code", "calls", "billable_metric_code", "calls", "charge_model",
            "standard", "properties", Map.of("amount", "1"));
    private static final Map<String, Object> PLAN = Map.of("code", "basic", "name", "Basic", "interval", "monthly",
            "amount_cents", 1000, "amount_currency", "EUR", "pay_in_advance", false, "charges", List.of(CALLS));
    private static final Map<String, Object> SUB = Map.of("external_id", "sub", "external_customer_id", "acme", "plan_code",
            "basic");
    private static final Map<String, Object> WALLET = Map.of("code", "main", "name", "Main", "rate_amount", "1.0", "currency",
            "EUR");

    @BeforeEach
    void objects() throws Exception {
        for (String metric : List.of("calls", "storage")) {
            upsert("billable_metrics", Map.of("code", metric, "name", metric, "aggregation_type", "count_agg"));
        }
        upsert("plans", PLAN);
        upsert("customers", Map.of("external_id", "acme"));
    }

    private Exchange upserted(String resource, Object body) {
        return send("lago:" + resource + "?operation=upsert", body);
    }

    @Test
    void aFieldThatLagoDoesNotKnowIsRefused() throws Exception {
        upsert("taxes", TAX);
        long writes = writes();
        for (String dryRun : List.of("false", "true")) {
            assertThat(send("lago:taxes?operation=upsert&dryRun=" + dryRun, with(TAX, "rate", 21, "color", "red"))
                    .getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("color");
        }
        assertThat(upserted("plans", with(PLAN, "charges", List.of(with(CALLS, "display_name", "x")))).getException())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("charges[calls].display_name");
        assertThat(writes()).isEqualTo(writes);

        assertThat(upserted("taxes", with(TAX, "code", "new", "color", "red")).getException())
                .isInstanceOf(LagoNotAppliedException.class).hasMessageContaining("color");

        assertThat(upserted("customers", Map.of("external_id", "acme", "provider_customer_id", "cus_1")).getException())
                .hasMessageContaining("provider_customer_id");
        // perhaps of a newer Lago
        assertThat(upsert("taxes", with(TAX, "lago_id", "1a90", "color", "red"))).isEqualTo("unchanged");
        assertThat(result(sent("lago:taxes?operation=upsert&unknownFields=drop", with(TAX, "color", "red"))))
                .isEqualTo("unchanged");
    }

    @Test
    void fieldsThatLagoTakesAndDoesNotShowArePassed() throws Exception {
        upsert("plans", with(PLAN, "cascade_updates", true));
        assertThat(upsert("plans", with(PLAN, "cascade_updates", true))).isEqualTo("unchanged");
        assertThat(upsert("customers", Map.of("external_id", "acme", "billing_configuration",
                Map.of("payment_provider", "stripe", "sync_with_provider", true)))).isEqualTo("updated");
        assertThat(upsert("customers/acme/wallets", with(WALLET, "granted_credits", "10", "transaction_name", "Gift")))
                .isEqualTo("created");
    }

    @Test
    void aPropertyThatTheChargeDoesNotHaveIsADifference() throws Exception {
        Map<String, Object> grouped = with(PLAN, "charges",
                List.of(with(CALLS, "properties", Map.of("amount", "1", "pricing_group_keys", List.of("region")))));
        assertThat(changes(dryRun("plans", grouped))).containsOnlyKeys("charges[calls].properties.pricing_group_keys");
        assertThat(upsert("plans", grouped)).isEqualTo("updated");
        assertThat(upsert("plans", grouped)).isEqualTo("unchanged");

        Map<String, Object> range = Map.of("from_value", 0, "per_unit_amount", "1");
        Map<String, Object> graduated = with(PLAN, "charges", List.of(with(CALLS, "code", "g", "billable_metric_code",
                "storage", "charge_model", "graduated", "properties", Map.of("graduated_ranges", List.of(range)))));
        upsert("plans", graduated);
        Map<String, Object> flat = with(PLAN, "charges", List.of(with(CALLS, "code", "g", "billable_metric_code", "storage",
                "charge_model", "graduated", "properties",
                Map.of("graduated_ranges", List.of(with(range, "flat_amount", "5"))))));
        assertThat(upsert("plans", flat)).isEqualTo("updated");
        assertThat(changes(dryRun("plans", graduated)))
                .containsOnlyKeys("charges[g].properties.graduated_ranges[0].flat_amount");
    }

    @Test
    void aGroupHasOneName() throws Exception {
        Map<String, Object> charge = with(CALLS, "properties", Map.of("amount", "1", "pricing_group_keys", List.of("region")));
        upsert("plans", with(PLAN, "charges", List.of(charge)));
        Map<String, Object> renamed = with(CALLS, "properties", Map.of("grouped_by", List.of("tier")));
        upserted("plans", with(PLAN, "charges", List.of(renamed)));
        assertThat(lastWrite().body()).contains("grouped_by").doesNotContain("pricing_group_keys").contains("\"amount\":\"1\"");
    }

    @Test
    void anotherMetricOfAChargeIsADifference() throws Exception {
        Map<String, Object> byId = Map.of("code", "calls", "billable_metric_id",
                one("billable_metrics", "storage").get("lago_id"),
                "charge_model", "standard", "properties", Map.of("amount", "1"));
        Map<String, Object> plan = with(PLAN, "charges", List.of(byId));
        assertThat(changes(dryRun("plans", plan))).containsOnlyKeys("charges[calls].billable_metric_id");
        assertThat(changes(dryRun("plans/basic/charges", byId))).containsOnlyKeys("billable_metric_id");
        assertThat(upsert("plans", plan)).isEqualTo("updated");
        assertThat(upsert("plans", plan)).isEqualTo("unchanged");
        assertThat(upsert("plans/basic/charges", byId)).isEqualTo("unchanged");

        upsert("subscriptions", SUB);
        assertThat(upserted("plans", PLAN).getException()).isInstanceOf(LagoNotAllowedException.class)
                .hasMessageContaining("charges[calls].billable_metric_code");
    }

    @Test
    void anotherAddOnOfAFixedChargeIsADifference() throws Exception {
        for (String code : List.of("a", "b")) {
            upsert("add_ons", Map.of("code", code, "name", code, "amount_cents", 500, "amount_currency", "EUR"));
        }
        Map<String, Object> fixed = Map.of("code", "f", "add_on_id", one("add_ons", "a").get("lago_id"), "charge_model",
                "standard", "units", 1, "properties", Map.of("amount", "5"));
        assertThat(upsert("plans", with(PLAN, "fixed_charges", List.of(fixed)))).isEqualTo("updated");
        assertThat(upsert("plans/basic/fixed_charges", fixed)).isEqualTo("unchanged");

        assertThat(upserted("plans/basic/fixed_charges", with(fixed, "add_on_id", one("add_ons", "b").get("lago_id")))
                .getException()).isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("add_on_id");
    }

    @ParameterizedTest
    @CsvSource({"plans,charges", "plans,usage_thresholds", "plans,entitlements", "billable_metrics,filters"})
    void aListMustBeAList(String resource, String list) {
        assertThat(upserted(resource, with(PLAN, list, 5)).getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(list);
    }

    @Test
    void anotherParentThanThatOfThePathIsRefused() throws Exception {
        upsert("customers", Map.of("external_id", "other"));
        upsert("customers/acme/wallets", with(WALLET, "external_customer_id", "acme"));
        upsert("subscriptions", SUB);
        Map<String, Object> alert = Map.of("code", "high", "alert_type", "current_usage_amount", "thresholds",
                List.of(Map.of("value", "20")));
        assertThat(upsert("subscriptions/sub/alerts", with(alert, "external_subscription_id", "sub"))).isEqualTo("created");
        long writes = writes();

        assertThat(upserted("customers/acme/wallets", with(WALLET, "external_customer_id", "other")).getException())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("external_customer_id other");
        assertThat(upserted("customers/acme/wallets/main/alerts", with(alert, "wallet_code", "second")).getException())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("wallet_code second");
        assertThat(upserted("subscriptions/sub/alerts", with(alert, "external_subscription_id", "sub2")).getException())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("external_subscription_id sub2");
        assertThat(upserted("plans/basic/charges", with(CALLS, "plan_code", "pro")).getException())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("plan_code pro");
        assertThat(writes()).isEqualTo(writes);
    }

    @Test
    void entitlementsOfASubscriptionAreRefused() {
        assertThat(upserted("subscriptions", with(SUB, "entitlements", Map.of("seats", Map.of("max", 1)))).getException())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("entitlements");
        assertThat(sandbox.records("subscriptions")).isEmpty();
    }

    @Test
    void fieldsThatOnlyLagoSetsAreCompared() throws Exception {
        assertThat(upserted("customers/acme/wallets", with(WALLET, "credits_balance", "100")).getException())
                .isInstanceOf(LagoNotAppliedException.class).hasMessageContaining("credits_balance");
        assertThat(upsert("customers/acme/wallets", with(WALLET, "credits_balance", "0"))).isEqualTo("unchanged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plans/none/charges", "plans/none/fixed_charges", "plans/none/entitlements",
            "customers/none/wallets", "customers/acme/wallets/none/alerts", "subscriptions/none/alerts",
            "subscriptions/none/entitlements", "v2/products/none/filters", "v2/rate_cards/none/rates",
            "v2/plans/none/applied_rate_cards"})
    void aDryRunNeedsTheObjectThatAnObjectBelongsTo(String resource) {
        Exchange exchange = send("lago:" + resource + "?operation=upsert&dryRun=true",
                resource.endsWith("entitlements")
                        ? Map.of("f", Map.of())
                        : Map.of(resource.endsWith("rate_cards") ? "rate_card_code" : "code", "c"));
        assertThat(exchange.getException()).isInstanceOf(LagoNotFoundException.class);
        assertThat(result(exchange)).isNull();
    }

    @Test
    void aDryRunOfANewObjectOfAnExistingOneSucceeds() throws Exception {
        assertThat(dryRun("plans/basic/charges", with(CALLS, "code", "new"))).containsEntry("result", "created");
        assertThat(dryRun("customers/acme/wallets", WALLET)).containsEntry("result", "created");
    }

    @Test
    void theResultOfAnEarlierUpsertDoesNotStayAfterAFailure() throws Exception {
        Exchange exchange = sent("lago:taxes?operation=upsert", TAX);
        assertThat(result(exchange)).isEqualTo("created");

        Exchange failed = send("lago:taxes?operation=upsert", Map.of("code", "x"), exchange.getMessage().getHeaders());

        assertThat(failed.getException()).isNotNull();
        assertThat(failed.getMessage().getHeader(LagoConstants.RESULT)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"features,' seats'", "v2/products,'api '", "v2/product_categories,'\tc'", "v2/rate_cards,'c\n'"})
    void aCodeThatLagoWouldStripIsRefused(String resource, String code) {
        assertThat(upserted(resource, Map.of("code", code, "name", "N")).getException())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("white space");
    }

    @Test
    void taxesOfANewBillingEntityAreSet() throws Exception {
        upsert("taxes", TAX);
        Map<String, Object> entity = Map.of("code", "fr", "name", "FR", "tax_codes", List.of("vat"));
        assertThat(upsert("billing_entities", entity)).isEqualTo("created");
        assertThat((List<?>) one("billing_entities", "fr").get("taxes")).hasSize(1);
        assertThat(upsert("billing_entities", entity)).isEqualTo("unchanged");

        Map<String, Object> record = with(one("billing_entities", "fr"), "code", "de");
        assertThat(upsert("billing_entities", record)).isEqualTo("created");
        assertThat(upsert("billing_entities", record)).isEqualTo("unchanged");
    }

    @Test
    void countersOfAnotherLagoAreIgnored() throws Exception {
        Map<String, Object> category = Map.of("code", "compute", "name", "Compute");
        upsert("v2/product_categories", category);
        assertThat(upsert("v2/product_categories", with(category, "lago_id", "1a90", "products_count", 7)))
                .isEqualTo("unchanged");
    }
}
