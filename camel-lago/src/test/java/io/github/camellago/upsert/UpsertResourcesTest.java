package io.github.camellago.upsert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.catalog.Catalog;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The resources that have the operation. */
class UpsertResourcesTest extends UpsertTestSupport {

    @Test
    void eachResourceThatLagoKeysByCodeOrExternalIdHasIt() {
        List<String> having = Catalog.get().entries().stream()
                .filter(entry -> Upsert.with(Catalog.get().find(entry.path())).operation(Upsert.NAME) != null)
                .map(entry -> entry.path().toString()).toList();

        assertThat(having).containsExactly("add_ons", "billable_metrics", "billing_entities", "coupons", "customers",
                "customers/{external_customer_id}/wallets",
                "customers/{external_customer_id}/wallets/{wallet_code}/alerts", "features", "plans",
                "plans/{code}/charges", "plans/{code}/entitlements", "plans/{code}/fixed_charges", "subscriptions",
                "subscriptions/{external_id}/alerts", "subscriptions/{external_id}/entitlements", "taxes",
                "v2/plans/{plan_code}/applied_rate_cards", "v2/product_categories", "v2/products",
                "v2/products/{product_code}/filters", "v2/rate_cards", "v2/rate_cards/{rate_card_code}/rates");
    }

    @Test
    void upsertsTheProductCatalog() throws Exception {
        upsert("billable_metrics", Map.of("code", "sum", "name", "Sum", "aggregation_type", "sum_agg", "field_name", "n",
                "filters", List.of(Map.of("key", "region", "values", List.of("eu", "us")))));
        upsert("plans", Map.of("code", "basic", "name", "Basic", "interval", "monthly", "amount_cents", 0, "amount_currency",
                "EUR", "pay_in_advance", false));
        check("v2/product_categories", Map.of("code", "compute", "name", "Compute"), Map.of("name", "CPU"));
        check("v2/products", Map.of("code", "api", "name", "API", "product_type", "usage", "billable_metric_code", "sum",
                "product_category_code", "compute"), Map.of("name", "The API"));
        check("v2/products/api/filters", Map.of("code", "eu", "name", "EU", "values",
                List.of(Map.of("key", "region", "value", "eu"))), Map.of("name", "Europe"));
        check("v2/rate_cards", Map.of("code", "card", "name", "Card", "product_code", "api", "currency", "EUR"),
                Map.of("name", "The card"));
        check("v2/plans/basic/applied_rate_cards", Map.of("rate_card_code", "card", "units", 1), Map.of("units", "2"));
        check("v2/rate_cards/card/rates", Map.of("code", "now", "effective_from", "2097-01-01", "rate_model", "standard",
                "billing_interval_unit", "month", "rate_properties", Map.of("amount", "1")),
                Map.of("rate_properties", Map.of("amount", "2")));
    }

    private void check(String resource, Map<String, Object> body, Map<String, Object> change) throws Exception {
        assertThat(upsert(resource, body)).as(resource).isEqualTo("created");
        List<String> written = new ArrayList<>(writtenPaths());
        assertThat(upsert(resource, body)).as(resource).isEqualTo("unchanged");
        Map<String, Object> changed = with(body);
        changed.putAll(change);
        assertThat(upsert(resource, changed)).as(resource).isEqualTo("updated");
        assertThat(upsert(resource, changed)).as(resource).isEqualTo("unchanged");
        Map<String, Object> record = map(
                sent("lago:" + resource + "?operation=get&id=" + body.getOrDefault("code", body.get("rate_card_code")), null)
                        .getMessage().getBody());
        assertThat(upsert(resource, record)).as(resource).isEqualTo("unchanged");
        assertThat(writtenPaths()).hasSize(written.size() + 1);
    }
}
