package io.github.camellago.test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(LagoSandboxExtension.class)
class SubscriptionsTest {

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void prepare() {
        api = new Api(sandbox);
        plan("small", 1_000, "monthly");
        plan("large", 5_000, "monthly");
        api.create("customers", "customer", Map.of("external_id", "acme"));
    }

    private void plan(String code, int cents, String interval) {
        api.create("plans", "plan",
                Map.of("code", code, "name", code, "interval", interval, "amount_cents", cents, "amount_currency",
                        "EUR", "pay_in_advance", false));
    }

    private Api.Answer subscribe(String customer, String plan) {
        return api.post("/subscriptions", Map.of("subscription",
                Map.of("external_customer_id", customer, "plan_code", plan, "external_id", "sub")));
    }

    @Test
    void repeatedCreateWithTheSamePlanReturnsTheExistingSubscription() {
        Api.Answer first = subscribe("acme", "small");
        Api.Answer again = subscribe("acme", "small");
        assertThat(first.at("subscription.status")).isEqualTo("active");
        assertThat(again.at("subscription.lago_id")).isEqualTo(first.at("subscription.lago_id"));
        assertThat(sandbox.records("subscriptions")).hasSize(1);
    }

    @Test
    void upgradesToAMoreExpensivePlanAtOnce() {
        Api.Answer old = subscribe("acme", "small");
        Api.Answer upgraded = subscribe("acme", "large");
        assertThat(upgraded.at("subscription.plan_code")).isEqualTo("large");
        assertThat(upgraded.at("subscription.previous_plan_code")).isEqualTo("small");
        assertThat(upgraded.at("subscription.lago_id")).isNotEqualTo(old.at("subscription.lago_id"));
        assertThat(api.get("/subscriptions/sub").at("subscription.plan_code")).isEqualTo("large");
        assertThat(api.get("/subscriptions/sub?status=terminated").at("subscription.plan_code")).isEqualTo("small");
    }

    @Test
    void downgradesToACheaperPlanAtTheEndOfThePeriod() {
        subscribe("acme", "large");
        Api.Answer downgraded = subscribe("acme", "small");
        assertThat(downgraded.at("subscription.plan_code")).isEqualTo("large");
        assertThat(downgraded.at("subscription.next_plan_code")).isEqualTo("small");
        assertThat(downgraded.at("subscription.downgrade_plan_date")).matches("\\d{4}-\\d\\d-01");
        assertThat(api.get("/subscriptions/sub?status=pending").at("subscription.plan_code")).isEqualTo("small");
    }

    private Api.Answer subscribe(Map<String, ?> more) {
        Map<String, Object> subscription = new HashMap<>(
                Map.of("external_customer_id", "acme", "plan_code", "small", "external_id", "sub"));
        subscription.putAll(more);
        return api.post("/subscriptions", Map.of("subscription", subscription));
    }

    @Test
    void stripsIds() {
        assertThat(subscribe(Map.of("external_id", " sub\n", "external_customer_id", " acme ")).at("subscription.external_id"))
                .isEqualTo("sub");
        assertThat(subscribe(Map.of()).at("subscription.external_customer_id")).isEqualTo("acme");
        assertThat(sandbox.records("subscriptions")).hasSize(1);
    }

    @Test
    void aSubscriptionWithOverridesHasAPlanOfItsOwn() {
        subscribe(Map.of("plan_overrides", Map.of("amount_cents", 7)));
        assertThat(api.ok("PUT", "/plans/small", Map.of("plan", Map.of("interval", "yearly"))).at("plan.interval"))
                .isEqualTo("yearly");
        assertThat(api.get("/subscriptions/sub").at("subscription.plan.interval")).isEqualTo("monthly");
    }

    @Test
    void aRepeatedCreateWithOverridesIsAnUpgrade() {
        Map<String, Object> overrides = Map.of("plan_overrides", Map.of("amount_cents", 7));
        subscribe(overrides);
        assertThat(subscribe(overrides).at("subscription.previous_plan_code")).isEqualTo("small");
        assertThat(sandbox.records("subscriptions")).extracting(one -> one.get("status"))
                .containsExactlyInAnyOrder("active", "terminated");
    }

    @Test
    void aRepeatedCreateWithOverridesOfAPendingSubscriptionLosesThem() {
        Map<String, Object> later = Map.of("plan_overrides", Map.of("amount_cents", 7), "subscription_at",
                sandbox.now().plus(Duration.ofDays(40)).toString());
        assertThat(subscribe(later).number("subscription.plan.amount_cents")).isEqualTo("7");
        assertThat(subscribe(later).number("subscription.plan.amount_cents")).isNotEqualTo("7");
        assertThat(sandbox.records("subscriptions")).hasSize(1);
    }

    @Test
    void anotherPriceUpgradesOrCancelsScheduledChanges() {
        subscribe("acme", "large");
        subscribe("acme", "small");
        api.ok("PUT", "/plans/large", Map.of("plan", Map.of("amount_cents", 1)));
        assertThat(sandbox.records("subscriptions")).extracting(one -> one.get("status"))
                .containsExactlyInAnyOrder("active", "canceled");

        api.ok("PUT", "/plans/large", Map.of("plan", Map.of("amount_cents", 100_000)));
        subscribe("acme", "small");
        api.ok("PUT", "/plans/small", Map.of("plan", Map.of("amount_cents", 200_000)));
        assertThat(api.get("/subscriptions/sub").at("subscription.plan_code")).isEqualTo("small");
        assertThat(api.get("/subscriptions/sub?status=terminated").at("subscription.plan_code")).isEqualTo("large");
    }

    @Test
    void usageThresholdsReplaceThoseOfThePlan() {
        assertThat(subscribe(Map.of("usage_thresholds", List.of(Map.of("amount_cents", 5))))
                .number("subscription.applicable_usage_thresholds.0.amount_cents")).isEqualTo("5");
    }

    @Test
    void rejectsTheExternalIdOfAnotherCustomersSubscription() {
        subscribe("acme", "small");
        assertThat(subscribe("other", "small").at("error_details.external_id.0")).isEqualTo("value_already_exist");
    }

    @Test
    void createsAnUnknownCustomer() {
        assertThat(subscribe("new", "small").status()).isEqualTo(200);
        assertThat(api.get("/customers/new").at("customer.currency")).isEqualTo("EUR");
    }

    @Test
    void reportsMissingFields() {
        assertThat(subscribe("acme", "none").code()).isEqualTo("plan_not_found");
        Map<String, Object> nothing = Map.of("subscription", Map.of("plan_code", "small"));
        assertThat(api.post("/subscriptions", nothing).at("error_details.external_customer_id.0"))
                .isEqualTo("value_is_mandatory");
        Map<String, Object> customer = Map.of("subscription", Map.of("plan_code", "small", "external_customer_id", "acme"));
        assertThat(api.post("/subscriptions", customer).at("error_details.external_id.0")).isEqualTo("value_is_mandatory");
    }

    @Test
    void futureSubscriptionIsPendingAndCanBeCanceled() {
        Map<String, Object> later = new HashMap<>(
                Map.of("external_customer_id", "acme", "plan_code", "small", "external_id", "later",
                        "subscription_at", sandbox.now().plus(Duration.ofDays(3)).toString()));
        assertThat(api.create("subscriptions", "subscription", later).at("subscription.status")).isEqualTo("pending");
        assertThat(api.get("/subscriptions/later").code()).isEqualTo("subscription_not_found");
        assertThat(api.delete("/subscriptions/later?status=pending").at("subscription.status")).isEqualTo("canceled");
        subscribe("acme", "small");
        assertThat(api.delete("/subscriptions/sub").at("subscription.status")).isEqualTo("terminated");
        assertThat(api.delete("/subscriptions/sub").status()).isEqualTo(404);
        assertThat(subscribe("acme", "small").at("subscription.status")).isEqualTo("active");
    }

    @Test
    void listsActiveSubscriptionsByDefault() {
        subscribe("acme", "small");
        subscribe("acme", "large");
        assertThat(api.get("/subscriptions").each("subscriptions", "plan_code")).containsExactly("large");
        assertThat(api.get("/subscriptions?status[]=terminated").each("subscriptions", "plan_code")).containsExactly("small");
        assertThat(api.get("/customers/acme/subscriptions?status[]=active&status[]=terminated").json().get("subscriptions"))
                .hasSize(2);
        assertThat(api.get("/subscriptions?external_customer_id=x").json().get("subscriptions")).isEmpty();
    }

    @Test
    void updatesTheName() {
        subscribe("acme", "small");
        assertThat(api.put("/subscriptions/sub", Map.of("subscription", Map.of("name", "Ours", "plan_code", "large")))
                .at("subscription.name")).isEqualTo("Ours");
        assertThat(api.get("/subscriptions/sub").at("subscription.plan.code")).isEqualTo("small");
    }

    @Test
    void terminatesSubscriptionsOfADeletedCustomer() {
        subscribe("acme", "small");
        api.ok("DELETE", "/customers/acme", null);
        assertThat(api.get("/customers/acme").status()).isEqualTo(404);
        assertThat(sandbox.records("subscriptions").get(0)).containsEntry("status", "terminated");
    }

    @Test
    void createsAlertsOneByOneOrAsABatch() {
        subscribe("acme", "small");
        String path = "/subscriptions/sub/alerts";
        Map<String, Object> one = Map.of("code", "a", "alert_type", "current_usage_amount", "thresholds",
                List.of(Map.of("code", "warn", "value", "100")));
        assertThat(api.ok("POST", path, Map.of("alert", one)).at("alert.external_subscription_id")).isEqualTo("sub");
        assertThat(api.post(path, Map.of("alert", one)).at("error_details.code.0")).isEqualTo("value_already_exist");
        Map<String, Object> other = new HashMap<>(one);
        other.put("code", "b");
        other.put("alert_type", "lifetime_usage_amount");
        Api.Answer rejected = api.post(path, Map.of("alerts", List.of(other, one)));
        assertThat(rejected.at("error_details.1.params.code")).isEqualTo("a");
        assertThat(rejected.at("error_details.1.errors")).contains("value_already_exist");
        assertThat(sandbox.records("alerts")).hasSize(1);
        assertThat(api.ok("POST", path, Map.of("alerts", List.of(other))).json().get("alerts")).hasSize(1);
        assertThat(api.get(path + "?per_page=1&page=2").json().get("alerts")).hasSize(1);
        assertThat(api.put(path + "/b", Map.of("alert", Map.of("name", "B"))).at("alert.name")).isEqualTo("B");
        assertThat(api.get(path + "/b").at("alert.name")).isEqualTo("B");
        assertThat(api.delete(path + "/b").at("alert.code")).isEqualTo("b");
        assertThat(api.get(path + "/b").code()).isEqualTo("alert_not_found");
        Api.Answer all = api.delete(path);
        assertThat(all.status()).isEqualTo(200);
        assertThat(all.response().body()).isEmpty();
        assertThat(sandbox.records("alerts")).isEmpty();
    }
}
