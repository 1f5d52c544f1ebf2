package io.github.camellago.upsert;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Nothing is billed, ended or removed that the body does not ask for, and no difference is overlooked. */
class UpsertSafetyTest extends UpsertTestSupport {

    private static final Map<String, Object> TAX = Map.of("code", "vat", "name", "VAT", "rate", 20);
    private static final Map<String, Object> PLAN = Map.of("code", "basic", "name", "Basic", "interval", "monthly",
            "amount_cents", 1000, "amount_currency", "EUR", "pay_in_advance", false);
    private static final Map<String, Object> CALLS = Map.of("code", "calls", "billable_metric_code", "calls", "charge_model",
            "standard", "properties", Map.of("amount", "1"));
    private static final Map<String, Object> SUB = Map.of("external_id", "sub", "external_customer_id", "acme", "plan_code",
            "basic");

    @BeforeEach
    void objects() throws Exception {
        upsert("billable_metrics", Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg", "filters",
                List.of(Map.of("key", "parent_id", "values", List.of("a")),
                        Map.of("key", "region", "values", List.of("eu", "us")))));
        upsert("billable_metrics", Map.of("code", "storage", "name", "S", "aggregation_type", "count_agg"));
        upsert("plans", with(PLAN, "charges", List.of(CALLS)));
        upsert("plans", with(PLAN, "code", "pro", "amount_cents", 2000));
        upsert("plans", with(PLAN, "code", "small", "amount_cents", 10));
        upsert("customers", Map.of("external_id", "acme"));
    }

    private Exchange upserted(String resource, Object body) {
        return send("lago:" + resource + "?operation=upsert", body);
    }

    @Test
    void anAnswerWithoutTheListIsNoMissingSubscription() throws Exception {
        upsert("subscriptions", SUB);
        sandbox.faults().on("GET", "/subscriptions").nth(1).body("{}");
        upserted("subscriptions", with(SUB, "plan_code", "pro"));
        assertThat(one("subscriptions", "sub")).containsEntry("status", "active").containsEntry("plan_code", "basic");
    }

    @Test
    void whiteSpaceAroundAnExternalIdIsRefused() throws Exception {
        assertThat(upserted("subscriptions", with(SUB, "external_id", "sub\n")).getException()).isNotNull();
    }

    @Test
    void aSubscriptionWithOverridesIsSentOnce() {
        sandbox.faults().on("POST", "/subscriptions").nth(1).dropAfter();
        upserted("subscriptions", with(SUB, "plan_overrides", Map.of("amount_cents", 5)));
        assertThat(writtenPaths().stream().filter("POST subscriptions"::equals)).hasSize(1);
    }

    @Test
    void chargesAddedMeanwhileStay() throws Exception {
        String before = sent("lago:plans?operation=get&id=basic&bodyType=JSON", null).getMessage().getBody(String.class);
        upsert("plans",
                with(PLAN, "charges", List.of(CALLS, with(CALLS, "code", "storage", "billable_metric_code", "storage"))));
        sandbox.faults().on("GET", "/plans/*").nth(1).body("{\"plan\":" + before + "}");
        upsert("plans", with(PLAN, "charges", List.of(CALLS, with(CALLS, "code", "more"))));
        assertThat((List<?>) one("plans", "basic").get("charges")).extracting(c -> map(c).get("code"))
                .contains("calls", "storage", "more");
    }

    @Test
    void theBodyDoesNotChooseAnotherObjectThanThePath() throws Exception {
        upsert("taxes", with(TAX, "code", "other"));
        assertThat(send("lago:taxes/{code}?operation=upsert&path.code=vat", with(TAX, "code", "other", "rate", 5))
                .getException()).hasMessageContaining("The endpoint states the code vat");
        assertThat(one("taxes", "other").get("rate")).hasToString("20");
    }

    @Test
    void aFilterOfTheMessageDoesNotChooseAnotherSubscription() throws Exception {
        upsert("subscriptions", SUB);
        sent("lago:subscriptions?operation=create", with(SUB, "plan_code", "small"));
        send("lago:subscriptions?operation=upsert", Map.of("external_id", "sub", "name", "New"),
                Map.of("CamelLagoFilter", "status=pending"));
        assertThat(sandbox.records("subscriptions")).filteredOn(s -> "New".equals(s.get("name")))
                .extracting(s -> s.get("status")).containsExactly("active");
    }

    @Test
    void aFilterKeepsItsKeys() throws Exception {
        upsert("plans", with(PLAN, "charges", List.of(with(CALLS, "filters", List.of(Map.of("values",
                Map.of("parent_id", List.of("a"), "region", List.of("eu")), "properties", Map.of("amount", "5")))))));
        assertThat(lastWrite().body()).contains("parent_id");
    }

    @Test
    void metadataWithAKeyNamedKeyStaysWhole() throws Exception {
        upsert("plans", with(PLAN, "metadata", Map.of("key", "k", "created_at", "2020")));
        assertThat(lastWrite().body()).contains("created_at");
    }

    @Test
    void overriddenPricesAreCompared() throws Exception {
        Object id = map(((List<?>) one("plans", "basic").get("charges")).get(0)).get("lago_id");
        upsert("subscriptions", SUB);
        assertThat(upserted("subscriptions", with(SUB, "plan_overrides",
                Map.of("charges", List.of(Map.of("id", id, "properties", Map.of("amount", "99")))))).getException())
                .isNotNull();
    }

    @Test
    void theUpdateAfterACreateHasNoOverrides() throws Exception {
        upsert("subscriptions", with(SUB, "on_termination_invoice", "skip", "plan_overrides", Map.of("amount_cents", 5)));
        assertThat(lastWrite().body()).doesNotContain("plan_overrides");
    }

    @Test
    void anotherObjectThanAskedForIsNotCompared() throws Exception {
        upsert("taxes", TAX);
        sandbox.faults().on("GET", "/taxes/*").every().body("{\"tax\":{\"code\":\"vat\",\"name\":\"VAT\",\"rate\":20}}");
        assertThat(upserted("taxes", with(TAX, "code", "vat.1")).getException()).hasMessageContaining("vat instead of vat.1");
        sandbox.faults().clear();
        sandbox.faults().on("GET", "/taxes/*").every().body("{\"tax\":{}}");
        assertThat(upserted("taxes", TAX).getException()).isNotNull();
    }

    @Test
    void taxesOfTheEuStay() throws Exception {
        for (String code : List.of("vat", "city", "lago_eu_de_standard")) {
            upsert("taxes", with(TAX, "code", code));
        }
        sent("lago:customers?operation=create",
                Map.of("external_id", "acme", "tax_codes", List.of("vat", "lago_eu_de_standard")));
        upsert("customers", Map.of("external_id", "acme", "tax_codes", List.of("vat", "city")));
        assertThat((List<?>) one("customers", "acme").get("taxes")).extracting(t -> map(t).get("code"))
                .contains("lago_eu_de_standard");
    }

    @Test
    void aThresholdThatIsNoLongerRecurringIsAChange() throws Exception {
        upsert("plans", with(PLAN, "usage_thresholds", List.of(Map.of("amount_cents", 200, "recurring", true))));
        assertThat(dryRun("plans", with(PLAN, "usage_thresholds", List.of(Map.of("amount_cents", 200)))))
                .containsEntry("result", "updated");
    }

    @Test
    void nullRemovesNothingFromListsOfObjects() throws Exception {
        Map<String, Object> plan = new HashMap<>(PLAN);
        plan.put("charges", null);
        assertThat(dryRun("plans", plan)).containsEntry("result", "unchanged").containsEntry("kept", List.of("charges[calls]"));
    }

    @Test
    void textsThatLookLikeNumbersDiffer() throws Exception {
        upsert("customers", Map.of("external_id", "acme", "zipcode", "01234"));
        assertThat(dryRun("customers", Map.of("external_id", "acme", "zipcode", 1234))).containsEntry("result", "updated");
        upsert("plans", with(PLAN, "metadata", Map.of("version", "1.10")));
        assertThat(dryRun("plans", with(PLAN, "metadata", Map.of("version", 1.1)))).containsEntry("result", "updated");
    }

    @Test
    void aFilterWithItsValuesInAnotherOrderStays() throws Exception {
        Map<String, Object> filter = Map.of("values", Map.of("region", List.of("eu", "us")), "properties",
                Map.of("amount", "5"));
        upsert("plans", with(PLAN, "charges", List.of(with(CALLS, "filters", List.of(filter)))));
        upsert("plans", with(PLAN, "charges", List.of(with(CALLS, "filters", List.of(
                with(filter, "values", Map.of("region", List.of("us", "eu")), "properties", Map.of("amount", "6")))))));
        assertThat(lastWrite().body()).contains("[\"eu\",\"us\"]");
    }

    @Test
    void wrongInputIsNamed() throws Exception {
        upsert("features", Map.of("code", "seats", "privileges", List.of(Map.of("code", "max", "value_type", "integer"))));
        for (Exchange exchange : Arrays.asList(upserted("taxes", "{\"tax\":[{\"code\":\"vat\"}]}"),
                upserted("plans/basic/entitlements", Map.of("seats", 10)))) {
            assertThat(exchange.getException()).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"plans,charges,x", "plans,usage_thresholds,", "plans,entitlements,seats", "billable_metrics,filters,x",
            "customers/acme/wallets,recurring_transaction_rules,"})
    void aListOfObjectsHasNothingElse(String resource, String list, String element) {
        Map<String, Object> body = with(PLAN, "external_customer_id", "acme");
        body.put(list, Collections.singletonList(element));
        int before = writtenPaths().size();

        assertThat(upserted(resource, body).getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(list);

        assertThat(writtenPaths()).hasSize(before);
    }
}
