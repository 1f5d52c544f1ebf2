package io.github.camellago.test;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** The product catalog: metrics, plans with charges, features, coupons. */
class ProductCatalogTest {

    @RegisterExtension
    static LagoSandboxExtension lago = new LagoSandboxExtension(
            LagoSandbox.builder().clock(Clock.fixed(Instant.parse("2026-03-15T12:00:00Z"), ZoneOffset.UTC)));

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void prepare() {
        api = new Api(sandbox);
        api.create("customers", "customer", Map.of("external_id", "acme"));
        api.create("add_ons", "add_on", Map.of("code", "seat", "name", "Seat", "amount_cents", 500, "amount_currency", "EUR"));
        api.create("billable_metrics", "billable_metric",
                Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg"));
        api.create("plans", "plan",
                Map.of("code", "p", "name", "P", "interval", "monthly", "amount_cents", 0, "amount_currency", "EUR",
                        "pay_in_advance", false, "charges",
                        List.of(Map.of("billable_metric_id", metricId(), "charge_model", "standard",
                                "properties", Map.of("amount", "1")))));
        api.create("subscriptions", "subscription",
                Map.of("external_customer_id", "acme", "plan_code", "p", "external_id", "sub"));
    }

    private Object metricId() {
        return sandbox.records("billable_metrics").get(0).get("lago_id");
    }

    @Test
    void rejectsADuplicateCode() {
        Map<String, Object> tax = Map.of("code", "vat", "name", "VAT", "rate", "20");
        api.create("taxes", "tax", tax);
        Api.Answer again = api.post("/taxes", Map.of("tax", tax));
        assertThat(again.status()).isEqualTo(422);
        assertThat(again.json().get("error_details").toString()).isEqualTo("{\"code\":[\"value_already_exist\"]}");
        assertThat(api.put("/taxes/vat", Map.of("tax", Map.of("rate", "10"))).at("tax.rate")).isEqualTo("10");
        api.create("taxes", "tax", Map.of("code", "gst", "name", "GST", "rate", "5"));
        assertThat(api.put("/taxes/gst", Map.of("tax", Map.of("code", "vat"))).status()).isEqualTo(422);
        assertThat(api.delete("/taxes/gst").at("tax.code")).isEqualTo("gst");
        assertThat(api.get("/taxes/gst").code()).isEqualTo("tax_not_found");
    }

    @Test
    void checksMandatoryFieldsAndEnums() {
        Api.Answer answer = api.post("/billable_metrics",
                Map.of("billable_metric", Map.of("code", "x", "aggregation_type", "guess")));
        assertThat(answer.at("error_details.name.0")).isEqualTo("value_is_mandatory");
        assertThat(answer.at("error_details.aggregation_type.0")).isEqualTo("value_is_invalid");
    }

    @Test
    void dropsUnknownFields() {
        Api.Answer created = api.create("customers", "customer", Map.of("external_id", "b", "nmae", "typo", "lago_id", "mine"));
        assertThat(created.json().get("customer").has("nmae")).isFalse();
        assertThat(created.at("customer.lago_id")).isNotEqualTo("mine");
    }

    @Test
    void terminatesTheSubscriptionsOfADeletedPlan() {
        assertThat(api.delete("/plans/p").status()).isEqualTo(200);
        assertThat(api.get("/plans/p").code()).isEqualTo("plan_not_found");
        assertThat(api.get("/subscriptions/sub").code()).isEqualTo("subscription_not_found");
        assertThat(api.get("/subscriptions/sub?status=terminated").status()).isEqualTo(200);
    }

    @Test
    void upsertsCustomers() {
        Api.Answer first = api.create("customers", "customer", Map.of("external_id", "b", "name", "B"));
        Api.Answer second = api.create("customers", "customer", Map.of("external_id", "b", "email", "b@b.example", "metadata",
                List.of(Map.of("key", "k", "value", "v", "display_in_invoice", true))));
        assertThat(second.at("customer.lago_id")).isEqualTo(first.at("customer.lago_id"));
        assertThat(second.at("customer.name")).isEqualTo("B");
        assertThat(second.at("customer.metadata.0.value")).isEqualTo("v");
        assertThat(api.get("/customers?metadata[k]=v").each("customers", "external_id")).containsExactly("b");
        assertThat(api.get("/customers/b/portal_url").at("customer.portal_url")).startsWith("http");
        assertThat(api.post("/customers/b/checkout_url").at("error_details.base.0")).isEqualTo("no_linked_payment_provider");
        api.create("customers", "customer",
                Map.of("external_id", "b", "billing_configuration", Map.of("payment_provider", "stripe")));
        assertThat(api.post("/customers/b/checkout_url").at("customer.checkout_url")).startsWith("http");
        assertThat(api.post("/customers", Map.of("customer", Map.of("external_id", "c", "currency", "euro"))).status())
                .isEqualTo(422);
    }

    @Test
    void managesChargesOfAPlan() {
        assertThat(api.get("/plans/p").at("plan.charges.0.billable_metric_code")).isEqualTo("calls");
        Api.Answer added = api.ok("POST", "/plans/p/charges",
                Map.of("charge", Map.of("billable_metric_id", metricId(), "code", "extra",
                        "charge_model", "package", "properties", Map.of("amount", "2", "package_size", 10))));
        assertThat(added.at("charge.code")).isEqualTo("extra");
        assertThat(api.get("/plans/p/charges").each("charges", "code")).containsExactly("extra", "calls");
        assertThat(api.put("/plans/p/charges/extra", Map.of("charge", Map.of("invoice_display_name", "Extra")))
                .at("charge.invoice_display_name")).isEqualTo("Extra");
        assertThat(api.get("/plans/p/charges/extra").at("charge.charge_model")).isEqualTo("package");
        assertThat(api.send("DELETE", "/plans/p/charges/extra", Map.of("charge", Map.of("cascade_updates", true))).status())
                .isEqualTo(200);
        assertThat(api.get("/plans/p/charges/extra").code()).isEqualTo("charge_not_found");
        assertThat(api.post("/plans/p/charges", Map.of("charge", Map.of("billable_metric_id", "x", "charge_model", "standard")))
                .code())
                .isEqualTo("billable_metric_not_found");
    }

    @Test
    void managesFiltersOfACharge() {
        String path = "/plans/p/charges/calls/filters";
        Api.Answer added = api.ok("POST", path,
                Map.of("filter", Map.of("values", Map.of("region", List.of("eu")), "properties", Map.of("amount", "3"))));
        String id = added.at("filter.lago_id");
        assertThat(added.at("filter.charge_code")).isEqualTo("calls");
        assertThat(api.put(path + "/" + id, Map.of("filter", Map.of("invoice_display_name", "EU")))
                .at("filter.invoice_display_name"))
                .isEqualTo("EU");
        assertThat(api.get(path).each("filters", "lago_id")).containsExactly(id);
        assertThat(api.get("/plans/p").at("plan.charges.0.filters.0.invoice_display_name")).isEqualTo("EU");
        assertThat(api.delete(path + "/" + id).status()).isEqualTo(200);
        assertThat(api.get(path + "/" + id).code()).isEqualTo("charge_filter_not_found");
        assertThat(api.post(path, Map.of("filter", Map.of("properties", Map.of()))).status()).isEqualTo(422);
    }

    @Test
    void listsPlansWithoutTheirFixedCharges() {
        api.post("/plans/p/fixed_charges",
                Map.of("fixed_charge", Map.of("add_on_id", sandbox.records("add_ons").get(0).get("lago_id"),
                        "code", "seat", "charge_model", "standard", "properties", Map.of("amount", "1"))));

        assertThat(api.get("/plans/p").json().at("/plan/fixed_charges")).hasSize(1);
        assertThat(api.get("/plans").json().at("/plans/0").has("fixed_charges")).isFalse();
        assertThat(api.get("/plans").json().at("/plans/0/charges")).hasSize(1);
    }

    @Test
    void createsFixedChargesForAddOns() {
        api.ok("POST", "/plans/p/fixed_charges",
                Map.of("fixed_charge", Map.of("add_on_code", "seat", "charge_model", "standard", "units",
                        3, "properties", Map.of("amount", "5"))));
        assertThat(api.get("/plans/p/fixed_charges").each("fixed_charges", "code")).containsExactly("seat");
        assertThat(
                api.put("/plans/p/fixed_charges/seat", Map.of("fixed_charge", Map.of("units", 4))).number("fixed_charge.units"))
                .isEqualTo("4");
        assertThat(api.get("/subscriptions/sub/fixed_charges/seat").number("fixed_charge.units")).isEqualTo("4");
        assertThat(api.delete("/plans/p/fixed_charges/seat").status()).isEqualTo(200);
        assertThat(api.get("/plans/p/fixed_charges/seat").code()).isEqualTo("fixed_charge_not_found");
    }

    @Test
    void overridesChargesForOneSubscription() {
        api.ok("PUT", "/subscriptions/sub/charges/calls", Map.of("charge", Map.of("properties", Map.of("amount", "9"))));
        assertThat(api.get("/subscriptions/sub/charges/calls").at("charge.properties.amount")).isEqualTo("9");
        assertThat(api.get("/plans/p/charges/calls").at("charge.properties.amount")).isEqualTo("1");
        assertThat(api.get("/subscriptions/sub/charges").each("charges", "code")).containsExactly("calls");
        api.ok("POST", "/subscriptions/sub/charges/calls/filters",
                Map.of("filter", Map.of("values", Map.of("r", List.of("x")), "properties", Map.of())));
        assertThat(api.get("/subscriptions/sub/charges/calls/filters").json().get("filters")).hasSize(1);
        assertThat(api.get("/plans/p/charges/calls/filters").json().get("filters")).isEmpty();
        api.ok("POST", "/events",
                Map.of("event", Map.of("transaction_id", "t", "external_subscription_id", "sub", "code", "calls")));
        assertThat(api.get("/customers/acme/current_usage?external_subscription_id=sub").number("customer_usage.amount_cents"))
                .isEqualTo("900");
    }

    @Test
    void replacesMergesAndDeletesMetadata() {
        assertThat(api.ok("POST", "/plans/p/metadata", Map.of("metadata", Map.of("a", "1", "b", "2"))).at("metadata.a"))
                .isEqualTo("1");
        assertThat(api.patch("/plans/p/metadata", Map.of("metadata", Map.of("b", "3", "c", "4"))).json().get("metadata")
                .toString())
                .contains("\"a\":\"1\"", "\"b\":\"3\"", "\"c\":\"4\"");
        assertThat(api.delete("/plans/p/metadata/a").json().get("metadata").has("a")).isFalse();
        assertThat(api.delete("/plans/p/metadata/a").status()).isEqualTo(200);
        assertThat(api.put("/plans/p/metadata", Map.of("metadata", Map.of("d", "5"))).json().get("metadata")).hasSize(3);
        assertThat(api.post("/plans/p/metadata", Map.of("metadata", Map.of("z", "1"))).json().get("metadata").toString())
                .isEqualTo("{\"z\":\"1\"}");
        assertThat(api.get("/plans/p").at("plan.metadata.z")).isEqualTo("1");
        assertThat(api.delete("/plans/p/metadata").json().get("metadata").isNull()).isTrue();
        assertThat(api.delete("/plans/p/metadata/z").code()).isEqualTo("metadata_not_found");
    }

    private void feature() {
        api.create("features", "feature", Map.of("code", "sso", "name", "SSO", "privileges",
                List.of(Map.of("code", "max", "value_type", "integer"), Map.of("code", "idp"))));
    }

    @Test
    void managesPrivilegesOfFeatures() {
        feature();
        Api.Answer updated = api.put("/features/sso", Map.of("feature", Map.of("privileges", List.of(Map.of("code", "new")))));
        assertThat(updated.json().at("/feature/privileges")).hasSize(3);
        assertThat(api.delete("/features/sso/privileges/new").json().at("/feature/privileges")).hasSize(2);
        assertThat(api.delete("/features/sso/privileges/new").code()).isEqualTo("privilege_not_found");
        assertThat(api.get("/features?search_term=SS").each("features", "code")).containsExactly("sso");
        assertThat(api.delete("/features/sso").status()).isEqualTo(200);
        assertThat(api.get("/features/sso").code()).isEqualTo("feature_not_found");
    }

    @Test
    void mergesEntitlementsOfPlansAndSubscriptions() {
        feature();
        String plan = "/plans/p/entitlements";
        Api.Answer granted = api.ok("POST", plan, Map.of("entitlements", Map.of("sso", Map.of("max", 5))));
        assertThat(granted.at("entitlements.0.privileges.0.value")).isEqualTo("5");
        assertThat(granted.json().has("meta")).isFalse();
        api.ok("PATCH", plan, Map.of("entitlements", Map.of("sso", Map.of("idp", "okta"))));
        assertThat(api.get(plan + "/sso").json().at("/entitlement/privileges")).hasSize(2);
        assertThat(api.patch(plan, Map.of("entitlements", Map.of("none", Map.of()))).code()).isEqualTo("feature_not_found");
        assertThat(api.patch(plan, Map.of("entitlements", Map.of("sso", Map.of("none", 1)))).code())
                .isEqualTo("privilege_not_found");

        String subscription = "/subscriptions/sub/entitlements";
        api.ok("PATCH", subscription, Map.of("entitlements", Map.of("sso", Map.of("max", 9))));
        Api.Answer merged = api.get(subscription);
        assertThat(merged.at("entitlements.0.privileges.0.value")).isEqualTo("9");
        assertThat(merged.at("entitlements.0.overrides.max")).isEqualTo("9");
        assertThat(api.get(plan).at("entitlements.0.privileges.0.value")).isEqualTo("5");
        assertThat(api.delete(subscription + "/sso/privileges/max").json().at("/entitlements/0/privileges")).hasSize(1);
        assertThat(api.delete(subscription + "/sso/privileges/max").json().at("/entitlements/0/privileges")).hasSize(1);
        assertThat(api.delete(subscription + "/sso/privileges/none").code()).isEqualTo("privilege_not_found");
        assertThat(api.delete(subscription + "/sso").json().get("entitlements")).isEmpty();
        assertThat(api.delete(subscription + "/sso").json().get("entitlements")).isEmpty();
        assertThat(api.delete(subscription + "/none").code()).isEqualTo("feature_not_found");
        assertThat(api.get(subscription).json().get("entitlements")).isEmpty();
        assertThat(api.delete(plan + "/sso/privileges/idp").json().at("/entitlement/privileges")).hasSize(1);
        assertThat(api.delete(plan + "/sso").status()).isEqualTo(200);
        assertThat(api.get(plan + "/sso").code()).isEqualTo("entitlement_not_found");
    }

    @Test
    void appliesReusableCouponsAgain() {
        api.create("coupons", "coupon", Map.of("code", "ten", "name", "Ten", "coupon_type", "fixed_amount", "amount_cents", 10,
                "amount_currency", "EUR", "frequency", "once", "expiration", "no_expiration", "applies_to",
                Map.of("plan_codes", List.of("p"))));
        assertThat(api.get("/coupons/ten").at("coupon.plan_codes.0")).isEqualTo("p");
        Map<String, Object> apply = Map.of("external_customer_id", "acme", "coupon_code", "ten");
        String id = api.create("applied_coupons", "applied_coupon", apply).at("applied_coupon.lago_id");
        api.create("applied_coupons", "applied_coupon", apply);
        assertThat(api.get("/applied_coupons?coupon_code[]=ten").json().get("applied_coupons")).hasSize(2);
        assertThat(api.delete("/customers/acme/applied_coupons/" + id).at("applied_coupon.status")).isEqualTo("terminated");
        assertThat(api.get("/customers/acme/applied_coupons?status=active").json().get("applied_coupons")).hasSize(1);
        assertThat(api.ok("PUT", "/coupons/ten", Map.of("coupon", Map.of("reusable", false))).at("coupon.reusable"))
                .isEqualTo("true");
        api.ok("DELETE", "/coupons/ten", null);
        assertThat(api.post("/applied_coupons", Map.of("applied_coupon", apply)).code()).isEqualTo("coupon_not_found");
    }

    @Test
    void appliesCouponsThatAreNotReusableOnce() {
        api.create("coupons", "coupon", Map.of("code", "once", "name", "Once", "coupon_type", "percentage", "percentage_rate",
                "10", "frequency", "once", "expiration", "no_expiration", "reusable", false));
        Map<String, Object> apply = Map.of("external_customer_id", "acme", "coupon_code", "once");
        api.create("applied_coupons", "applied_coupon", apply);
        assertThat(api.post("/applied_coupons", Map.of("applied_coupon", apply)).at("error_details.coupon.0"))
                .isEqualTo("coupon_is_not_reusable");
    }

    @Test
    void anUpdateOfACouponWithoutItsPlansRemovesThem() {
        api.create("coupons", "coupon", Map.of("code", "ten", "name", "Ten", "coupon_type", "percentage", "percentage_rate",
                "10", "frequency", "once", "expiration", "no_expiration", "applies_to", Map.of("plan_codes", List.of("p"))));
        Api.Answer updated = api.ok("PUT", "/coupons/ten", Map.of("coupon", Map.of("name", "10 %")));
        assertThat(updated.json().at("/coupon/plan_codes")).isEmpty();
        assertThat(updated.at("coupon.limited_plans")).isEqualTo("true");
    }

    @Test
    void amountsOfChargesAreTexts() {
        Api.Answer refused = api.post("/plans/p/charges",
                Map.of("charge", Map.of("billable_metric_id", metricId(), "charge_model",
                        "graduated", "properties",
                        Map.of("graduated_ranges", List.of(Map.of("from_value", 0, "flat_amount", 1))))));
        assertThat(refused.at("error_details.properties.0")).isEqualTo("invalid_amount");
    }

    @Test
    void chargesNameTheirMetricByIdOnly() {
        Map<String, Object> charge = Map.of("billable_metric_code", "calls", "charge_model", "standard");
        assertThat(api.post("/plans/p/charges", Map.of("charge", charge)).code()).isEqualTo("billable_metric_not_found");
        assertThat(api.put("/plans/p", Map.of("plan", Map.of("charges", List.of(charge)))).code())
                .isEqualTo("billable_metric_not_found");
        assertThat(api.put("/plans/p", Map.of("plan", Map.of("fixed_charges",
                List.of(Map.of("add_on_code", "seat", "charge_model", "standard", "units", 1))))).status()).isEqualTo(500);
    }

    @Test
    void anUpdateOfAPlanReplacesItsCharges() {
        api.create("plans", "plan", Map.of("code", "q", "name", "Q", "interval", "yearly", "amount_cents", 1, "amount_currency",
                "EUR", "pay_in_advance", false, "bill_charges_monthly", true, "charges",
                List.of(charge("a"), charge("b"))));
        Api.Answer before = api.get("/plans/q");
        assertThat(before.at("plan.bill_fixed_charges_monthly")).isEqualTo("false");
        Map<String, Object> kept = Map.of("id", before.at("plan.charges.1.lago_id"), "charge_model", "standard");
        Api.Answer after = api.ok("PUT", "/plans/q", Map.of("plan", Map.of("charges", List.of(kept, charge("c")))));
        assertThat(after.json().at("/plan/charges")).extracting(charge -> charge.get("code").asText())
                .containsExactly("b", "c");
        assertThat(after.at("plan.charges.0.lago_id")).isEqualTo(before.at("plan.charges.1.lago_id"));
        assertThat(after.at("plan.charges.0.properties.amount")).isEqualTo("0");
        assertThat(after.json().at("/plan/bill_charges_monthly").isNull()).isTrue();
        assertThat(api.put("/plans/q", Map.of("plan", Map.of("charges", List.of(charge("b"))))).at("error_details.code.0"))
                .isEqualTo("value_already_exist");
    }

    @Test
    void anUpdateOfAPlanWithSubscriptionsIgnoresMostFields() {
        Map<String, Object> charge = Map.of("id", api.get("/plans/p").at("plan.charges.0.lago_id"), "charge_model", "package",
                "pay_in_advance", true, "properties", Map.of("amount", "7"));
        Api.Answer after = api.ok("PUT", "/plans/p",
                Map.of("plan", Map.of("code", "other", "interval", "weekly", "name", "New", "charges", List.of(charge))));
        assertThat(after.at("plan.code")).isEqualTo("p");
        assertThat(after.at("plan.interval")).isEqualTo("monthly");
        assertThat(after.at("plan.name")).isEqualTo("New");
        assertThat(after.at("plan.charges.0.charge_model")).isEqualTo("standard");
        assertThat(after.at("plan.charges.0.properties.amount")).isEqualTo("7");
        api.ok("PUT", "/billable_metrics/calls", Map.of("billable_metric", Map.of("code", "other", "name", "New")));
        assertThat(api.get("/billable_metrics/calls").at("billable_metric.name")).isEqualTo("New");
    }

    private Map<String, Object> charge(String code) {
        return Map.of("code", code, "billable_metric_id", metricId(), "charge_model", "standard", "properties",
                Map.of("amount", "5"));
    }
}
