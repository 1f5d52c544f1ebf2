package io.github.camellago.test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Products, their filters, rate cards and rates, and the rate cards of plans: version 2 of the API. */
class ProductsTest {

    private LagoSandbox sandbox;
    private Api api;

    @BeforeEach
    void start() {
        sandbox = LagoSandbox.start();
        api = new Api(sandbox, null, "v2");
        sandbox.add("billable_metrics", Map.of("code", "calls", "aggregation_type", "sum_agg", "field_name", "n", "filters",
                List.of(Map.of("key", "region", "values", List.of("eu", "us")))));
        api.create("product_categories", "product_category", Map.of("code", "compute", "name", "Compute"));
        api.create("products", "product", Map.of("code", " api ", "name", "API", "product_type", "usage",
                "billable_metric_code", "calls", "product_category_code", "compute"));
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private Api.Answer rateCard(String code, Map<String, Object> more) {
        Map<String, Object> card = new HashMap<>(
                Map.of("product_code", "api", "code", code, "name", "Card", "currency", "EUR"));
        card.putAll(more);
        return api.post("/rate_cards", Map.of("rate_card", card));
    }

    private static Map<String, Object> rate(String code, String from) {
        return Map.of("code", code, "effective_from", from, "rate_model", "standard", "billing_interval_unit", "month",
                "rate_properties", Map.of("amount", "1.5"));
    }

    private static String reason(Api.Answer answer, String field) {
        return answer.json().at("/error_details").path(field).path(0).asText();
    }

    @Test
    void servesProductsBelowVersion2Only() {
        assertThat(api.get("/products/api").at("product.billable_metric_code")).isEqualTo("calls");
        assertThat(new Api(sandbox).get("/products").code()).isEqualTo("resource_not_found");
        assertThat(api.get("/customers").code()).isEqualTo("resource_not_found");
        assertThat(new Api(sandbox).get("/api_logs?api_version=v2").json().get("api_logs")).hasSize(2);
    }

    @Test
    void validatesProducts() {
        assertThat(reason(api.post("/products", Map.of("product", Map.of("code", "api", "name", "x", "product_type", "fixed"))),
                "code")).isEqualTo("value_already_exist");
        Api.Answer invalid = api.post("/products", Map.of("product", Map.of("description", "x")));
        assertThat(reason(invalid, "name")).isEqualTo("value_is_mandatory");
        assertThat(reason(invalid, "code")).isEqualTo("value_is_mandatory");
        assertThat(reason(invalid, "product_type")).isEqualTo("value_is_invalid");
        assertThat(reason(api.post("/products", Map.of("product", Map.of("code", "x", "name", "x", "product_type", "usage"))),
                "billable_metric_code")).isEqualTo("value_is_mandatory");
        assertThat(reason(api.post("/products", Map.of("product", Map.of("code", "x", "name", "x", "product_type", "fixed",
                "billable_metric_code", "calls"))), "billable_metric_code")).isEqualTo("value_must_be_blank");
        assertThat(api.post("/products", Map.of("product", Map.of("billable_metric_code", "none"))).code())
                .isEqualTo("billable_metric_not_found");
        assertThat(api.put("/products/api", Map.of("product", Map.of("product_category_code", "none"))).code())
                .isEqualTo("product_category_not_found");
    }

    @Test
    void filtersProductsByTypeAndCategory() {
        api.create("products", "product", Map.of("code", "setup", "name", "Setup", "product_type", "fixed"));

        assertThat(api.get("/products").each("products", "code")).containsExactlyInAnyOrder("api", "setup");
        assertThat(api.get("/products?product_type=fixed").each("products", "code")).containsExactly("setup");
        assertThat(api.get("/products?product_category_code[]=compute").each("products", "code")).containsExactly("api");
        assertThat(api.get("/products?product_category_code=compute&without_product_category=true").each("products", "code"))
                .containsExactlyInAnyOrder("api", "setup");
        assertThat(api.get("/products?without_product_category=true").each("products", "code")).containsExactly("setup");
        assertThat(api.get("/products?search_term=SET").each("products", "code")).containsExactly("setup");
        assertThat(reason(api.get("/products?product_type=x"), "product_type")).isEqualTo("value_is_invalid");
        assertThat(api.get("/products?product_category_code[]=none").code()).isEqualTo("product_category_not_found");
    }

    @Test
    void keepsProductsOfARenamedCategoryAndDeletesThoseOfADeletedOne() {
        api.ok("PUT", "/product_categories/compute", Map.of("product_category", Map.of("code", "cpu")));
        assertThat(api.get("/products/api").at("product.product_category_code")).isEqualTo("cpu");
        assertThat(api.get("/product_categories/cpu").at("product_category.products_count")).isEqualTo("1");
        api.ok("DELETE", "/product_categories/cpu", null);
        assertThat(api.get("/products/api").code()).isEqualTo("product_not_found");
    }

    @Test
    void validatesTheValuesOfProductFilters() {
        String path = "/products/api/filters";
        api.ok("POST", path, filter("eu", Map.of("key", "region", "value", "eu")));
        assertThat(api.get(path).at("filters.0.values.0.value")).isEqualTo("eu");
        assertThat(api.get("/products/api").at("product.filters_count")).isEqualTo("1");
        assertThat(reason(api.post(path, filter("eu2", Map.of("key", "region", "value", "eu"))), "values"))
                .isEqualTo("value_already_exist");
        assertThat(reason(api.post(path, filter("x", Map.of("key", "region", "value", "mars"))), "values.value"))
                .isEqualTo("value_is_invalid");
        assertThat(reason(api.post(path, filter("x", Map.of("key", "zone"))), "values.key")).isEqualTo("value_is_invalid");
        assertThat(reason(api.post(path, Map.of("filter", Map.of("code", "x", "name", "x"))), "values"))
                .isEqualTo("value_is_mandatory");
        assertThat(
                reason(api.post(path, filter("x", Map.of("key", "region"), Map.of("key", "region", "value", "us"))), "values"))
                .isEqualTo("key_only_conflicts_with_values");
        assertThat(reason(api.post(path, filter("eu", Map.of("key", "region", "value", "us"))), "code"))
                .isEqualTo("value_already_exist");
        api.create("products", "product", Map.of("code", "setup", "name", "Setup", "product_type", "fixed"));
        assertThat(reason(api.post("/products/setup/filters", filter("eu", Map.of("key", "region"))), "product"))
                .isEqualTo("not_allowed_for_product_type");
        assertThat(api.delete(path + "/eu").at("filter.values.0.key")).isEqualTo("region");
        assertThat(api.get(path + "/eu").code()).isEqualTo("product_filter_not_found");
    }

    @SafeVarargs
    private static Map<String, Object> filter(String code, Map<String, String>... values) {
        return Map.of("filter", Map.of("code", code, "name", code, "values", List.of(values)));
    }

    @Test
    void validatesRateCards() {
        assertThat(rateCard("ok", Map.of()).at("rate_card.billing_timing")).isEqualTo("arrears");
        assertThat(reason(rateCard("ok", Map.of()), "code")).isEqualTo("value_already_exist");
        assertThat(rateCard("x", Map.of("product_code", "none")).code()).isEqualTo("product_not_found");
        assertThat(rateCard("x", Map.of("product_filter_code", "none")).code()).isEqualTo("product_filter_not_found");
        assertThat(reason(rateCard("x", Map.of("currency", "XXY")), "currency")).isEqualTo("value_is_invalid");
        assertThat(reason(rateCard("x", Map.of("display_on_invoice", false)), "display_on_invoice"))
                .isEqualTo("not_allowed_for_billing_timing");
        assertThat(reason(rateCard("x", Map.of("proration", "yes")), "proration")).isEqualTo("value_is_invalid");
        assertThat(reason(rateCard("x", Map.of("proration", true)), "proration")).isEqualTo("requires_recurring_metric");
        assertThat(reason(rateCard("x", Map.of("rates", List.of(Map.of("code", "r")))), "rates.effective_from"))
                .isEqualTo("value_is_mandatory");
        assertThat(api.get("/rate_cards").each("rate_cards", "code")).containsExactly("ok");
        String product = api.get("/products/api").at("product.lago_id");
        assertThat(api.get("/rate_cards?product_id=" + product + "&product_code=api&code=ok").json().get("rate_cards"))
                .hasSize(1);
        assertThat(api.get("/rate_cards?product_id=none").json().get("rate_cards")).isEmpty();
    }

    @Test
    void activatesRatesInTurn() {
        String day = sandbox.now().toString().substring(0, 10);
        rateCard("card", Map.of("rates", List.of(rate("old", "2020-01-01T10:00:00Z"), rate("now", day))));
        String path = "/rate_cards/card/rates";

        assertThat(api.get("/rate_cards/card").at("rate_card.active_rate.code")).isEqualTo("now");
        assertThat(api.get("/rate_cards").json().at("/rate_cards/0").has("active_rate")).isFalse();
        assertThat(api.get(path).each("rates", "status")).containsExactly("active", "terminated");
        assertThat(api.get(path + "/old").at("rate.effective_from")).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(reason(api.post(path, Map.of("rate", rate("x", "2021-01-01"))), "effective_from"))
                .isEqualTo("must_be_after_active_rate");
        assertThat(reason(api.post(path, Map.of("rate", rate("x", day))), "effective_from")).isEqualTo("value_already_exist");
        assertThat(reason(api.post(path, Map.of("rate", rate("x", "someday"))), "effective_from"))
                .isEqualTo("value_is_invalid");
        assertThat(reason(api.put(path + "/now", Map.of("rate", Map.of("rate_model", "volume"))), "rate_model"))
                .isEqualTo("not_editable_on_active_rate");
        assertThat(reason(api.put(path + "/old", Map.of("rate", Map.of("code", "older"))), "status"))
                .isEqualTo("terminated_rate_not_editable");
        assertThat(reason(api.delete(path + "/now"), "status")).isEqualTo("only_pending_rates_can_be_deleted");
        String later = sandbox.now().plus(Duration.ofDays(40)).toString();
        assertThat(api.ok("POST", path, Map.of("rate", rate("next", later))).at("rate.status")).isEqualTo("pending");
        assertThat(api.ok("PUT", path + "/next", Map.of("rate", Map.of("rate_model", "graduated"))).at("rate.rate_model"))
                .isEqualTo("graduated");
        assertThat(reason(api.put("/rate_cards/card", Map.of("rate_card", Map.of("currency", "USD"))), "currency"))
                .isEqualTo("not_editable_with_rates");
        assertThat(api.delete(path + "/next").status()).isEqualTo(200);
        assertThat(api.get(path + "/next").code()).isEqualTo("rate_card_rate_not_found");
    }

    @Test
    void appliesRateCardsToPlansWithoutSubscriptions() {
        sandbox.add("plans", Map.of("code", "pro", "amount_currency", "EUR"));
        sandbox.add("plans", Map.of("code", "usd", "amount_currency", "USD"));
        rateCard("card", Map.of());
        rateCard("other", Map.of());
        String path = "/plans/pro/applied_rate_cards";
        Map<String, Object> body = Map.of("applied_rate_card", Map.of("rate_card_code", "card", "units", 2));

        Api.Answer applied = api.ok("POST", path, body);
        assertThat(applied.at("applied_rate_card.plan_code")).isEqualTo("pro");
        assertThat(applied.at("applied_rate_card.rate_phases_count")).isEqualTo("1");
        assertThat(reason(api.post(path, Map.of("applied_rate_card", Map.of("rate_card_code", "other"))), "rate_card"))
                .isEqualTo("product_already_priced");
        assertThat(reason(api.post("/plans/usd/applied_rate_cards", body), "currency")).isEqualTo("currency_does_not_match");
        assertThat(api.get("/plans/none/applied_rate_cards").code()).isEqualTo("plan_not_found");
        assertThat(api.get(path).each("applied_rate_cards", "rate_card_code")).containsExactly("card");
        assertThat(reason(api.put(path + "/card", Map.of("applied_rate_card", Map.of("units", -1))), "units"))
                .isEqualTo("value_is_out_of_range");
        for (String used : List.of("/product_categories/compute", "/products/api", "/rate_cards/card")) {
            assertThat(api.delete(used).response().body()).contains("attached_to_plan_or_subscription");
        }
        assertThat(reason(api.put("/products/api", Map.of("product", Map.of("code", "other"))), "code"))
                .isEqualTo("attached_to_plan_or_subscription");
        sandbox.add("subscriptions", Map.of("external_id", "sub", "plan_code", "pro"));
        assertThat(reason(api.delete(path + "/card"), "plan")).isEqualTo("plan_locked");
    }
}
