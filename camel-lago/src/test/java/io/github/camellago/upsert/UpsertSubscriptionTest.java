package io.github.camellago.upsert;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.camellago.api.LagoNotAllowedException;
import io.github.camellago.api.LagoNotAppliedException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Upserts of subscriptions, which never bill as a side effect. */
class UpsertSubscriptionTest extends UpsertTestSupport {

    private static final Map<String, Object> SUBSCRIPTION = Map.of("external_id", "sub", "external_customer_id", "acme",
            "plan_code", "basic", "name", "Sub");

    @BeforeEach
    void plans() throws Exception {
        Map<String, Object> plan = Map.of("code", "basic", "name", "Basic", "interval", "monthly", "amount_cents", 1000,
                "amount_currency", "EUR", "pay_in_advance", false);
        upsert("plans", plan);
        upsert("plans", with(plan, "code", "pro", "amount_cents", 2000));
        upsert("plans", with(plan, "code", "small", "amount_cents", 500));
        upsert("customers", Map.of("external_id", "acme"));
        upsert("customers", Map.of("external_id", "other"));
    }

    @Test
    void startsThenUpdatesThenChangesNothing() throws Exception {
        assertThat(dryRun("subscriptions", SUBSCRIPTION)).containsEntry("result", "created");
        assertThat(upsert("subscriptions", SUBSCRIPTION)).isEqualTo("created");
        assertThat(upsert("subscriptions", SUBSCRIPTION)).isEqualTo("unchanged");
        assertThat(upsert("subscriptions", with(SUBSCRIPTION, "name", "Other"))).isEqualTo("updated");
        assertThat(writtenPaths().get(writtenPaths().size() - 1)).isEqualTo("PUT subscriptions/sub");
        assertThat(upsert("subscriptions", with(SUBSCRIPTION, "name", "Other"))).isEqualTo("unchanged");
        assertThat(one("subscriptions", "sub")).containsEntry("name", "Other").containsEntry("status", "active");
    }

    @Test
    void refusesChangesThatBillOrThatLagoIgnores() throws Exception {
        upsert("subscriptions", SUBSCRIPTION);
        long writes = writes();

        for (Map.Entry<String, Object> change : Map.<String, Object>of("plan_code", "pro", "external_customer_id", "other",
                "billing_time", "anniversary", "subscription_at", "2020-01-01").entrySet()) {
            Map<String, Object> body = with(SUBSCRIPTION, change.getKey(), change.getValue());
            for (String dryRun : List.of("false", "true")) {
                assertThat(send("lago:subscriptions?operation=upsert&dryRun=" + dryRun, body).getException())
                        .as(change.getKey()).isInstanceOf(LagoNotAllowedException.class).hasMessageContaining(change.getKey());
            }
        }
        assertThat(send("lago:subscriptions?operation=upsert", with(SUBSCRIPTION, "plan_code", "small")).getException())
                .isInstanceOf(LagoNotAllowedException.class);
        assertThat(send("lago:subscriptions?operation=upsert",
                with(SUBSCRIPTION, "plan_overrides", Map.of("amount_cents", 1))).getException())
                .isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("plan_overrides.amount_cents");
        assertThat(writes()).isEqualTo(writes);
        assertThat(sandbox.records("subscriptions")).hasSize(1);
    }

    @Test
    void startsNoNewSubscriptionAfterOneThatHasEnded() throws Exception {
        upsert("subscriptions", SUBSCRIPTION);
        sent("lago:subscriptions?operation=delete&id=sub", null);

        assertThat(send("lago:subscriptions?operation=upsert", SUBSCRIPTION).getException())
                .isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("is terminated");
        assertThat(sandbox.records("subscriptions")).hasSize(1);

        sent("lago:subscriptions", SUBSCRIPTION);
        assertThat(upsert("subscriptions", SUBSCRIPTION)).isEqualTo("unchanged");
    }

    @Test
    void findsAPendingSubscription() throws Exception {
        Map<String, Object> later = with(SUBSCRIPTION, "subscription_at",
                sandbox.now().plus(Duration.ofDays(40)).toString());
        assertThat(upsert("subscriptions", later)).isEqualTo("created");
        assertThat(upsert("subscriptions", later)).isEqualTo("unchanged");
        assertThat(upsert("subscriptions", with(later, "name", "Later"))).isEqualTo("updated");
        assertThat(one("subscriptions", "sub")).containsEntry("status", "pending").containsEntry("name", "Later");
        assertThat(send("lago:subscriptions?operation=upsert", with(later, "plan_code", "pro")).getException())
                .isInstanceOf(LagoNotAllowedException.class);
    }

    @Test
    void aLostAnswerStartsOneSubscription() throws Exception {
        sandbox.faults().on("POST", "/subscriptions").nth(1).dropAfter();

        assertThat(upsert("subscriptions", SUBSCRIPTION)).isEqualTo("created");
        assertThat(one("subscriptions", "sub")).containsEntry("status", "active");
    }

    @Test
    void takesFieldsThatLagoTakesInAnUpdateOnly() throws Exception {
        Map<String, Object> body = with(SUBSCRIPTION, "on_termination_invoice", "skip");

        assertThat(upsert("subscriptions", body)).isEqualTo("created");
        assertThat(one("subscriptions", "sub")).containsEntry("on_termination_invoice", "skip");
        assertThat(upsert("subscriptions", body)).isEqualTo("unchanged");
    }

    @Test
    void aSubscriptionThatWasReadCanBeSent() throws Exception {
        upsert("subscriptions", SUBSCRIPTION);
        Map<String, Object> record = map(sent("lago:subscriptions?operation=get&id=sub", null).getMessage().getBody());
        assertThat(upsert("subscriptions", record)).isEqualTo("unchanged");

        sandbox.remove("subscriptions", (String) record.get("lago_id"));
        assertThat(upsert("subscriptions", record)).isEqualTo("created");
        assertThat(upsert("subscriptions", record)).isEqualTo("unchanged");
    }

    @Test
    void setsEntitlementsOfASubscription() throws Exception {
        upsert("features", Map.of("code", "seats", "privileges", List.of(Map.of("code", "max", "value_type", "integer"))));
        upsert("subscriptions", SUBSCRIPTION);
        upsert("plans/basic/entitlements", Map.of("seats", Map.of("max", 10)));

        assertThat(upsert("subscriptions/sub/entitlements", Map.of("seats", Map.of("max", 10)))).isEqualTo("unchanged");
        assertThat(upsert("subscriptions/sub/entitlements", Map.of("seats", Map.of("max", 20)))).isEqualTo("updated");
        assertThat(upsert("subscriptions/sub/entitlements", Map.of("seats", Map.of("max", 20)))).isEqualTo("unchanged");
    }

    @Test
    void upsertsAlerts() throws Exception {
        upsert("subscriptions", SUBSCRIPTION);
        Map<String, Object> alert = Map.of("code", "high", "alert_type", "current_usage_amount", "thresholds",
                List.of(Map.of("value", "20"), Map.of("value", "10.0", "code", "first")));
        String uri = "subscriptions/{external_id}/alerts";
        String options = "?operation=upsert&path.external_id=sub";

        assertThat(result(sent("lago:" + uri + options, alert))).isEqualTo("created");
        Map<String, Object> other = with(alert, "thresholds",
                List.of(Map.of("value", 10, "code", "first"), Map.of("value", 20)));
        assertThat(result(sent("lago:" + uri + options, other))).isEqualTo("unchanged");
        assertThat(result(sent("lago:" + uri + options, with(alert, "name", "High")))).isEqualTo("updated");
        assertThat(result(sent("lago:" + uri + options, with(alert, "name", "High")))).isEqualTo("unchanged");
    }

    @Test
    void instancesThatStartASubscriptionWithOverridesAtOnceStartOne() throws Exception {
        Map<String, Object> body = with(SUBSCRIPTION, "plan_overrides", Map.of("amount_cents", 5));

        upsertEightTimesAtOnce("subscriptions", body);

        assertThat(sandbox.records("subscriptions")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void aSubscriptionThatAnotherProcessStartsMeanwhileIsReported(int days) throws Exception {
        Map<String, Object> body = with(SUBSCRIPTION, "plan_overrides", Map.of("amount_cents", 5), "subscription_at",
                sandbox.now().plus(Duration.ofDays(days)).toString());
        upsert("subscriptions", body);
        sandbox.faults().on("GET", "/subscriptions").nth(1).body("{\"subscriptions\":[]}");

        Exchange exchange = send("lago:subscriptions?operation=upsert", body);

        assertThat(exchange.getException()).isInstanceOf(LagoNotAppliedException.class)
                .hasMessageContaining(days == 0 ? "previous_plan_code" : "plan_overrides.amount_cents");
        assertThat(result(exchange)).isNull();
    }

    @Test
    void overridesThatLagoDoesNotKnowAreReported() {
        assertThat(send("lago:subscriptions?operation=upsert",
                with(SUBSCRIPTION, "plan_overrides", Map.of("amont_cents", 5))).getException())
                .isInstanceOf(LagoNotAppliedException.class).hasMessageContaining("plan_overrides.amont_cents");
    }

    @Test
    void setsUsageThresholds() throws Exception {
        Map<String, Object> body = with(SUBSCRIPTION, "usage_thresholds", List.of(Map.of("amount_cents", 500)));
        assertThat(upsert("subscriptions", body)).isEqualTo("created");
        assertThat(upsert("subscriptions", body)).isEqualTo("unchanged");
        Map<String, Object> other = with(body, "usage_thresholds", List.of(Map.of("amount_cents", 600)));
        assertThat(changes(dryRun("subscriptions", other))).containsOnlyKeys("usage_thresholds[0].amount_cents");
        assertThat(upsert("subscriptions", other)).isEqualTo("updated");
        assertThat(upsert("subscriptions", other)).isEqualTo("unchanged");
        Map<String, Object> none = with(body, "usage_thresholds", List.of());
        assertThat(upsert("subscriptions", none)).isEqualTo("updated");
        assertThat(upsert("subscriptions", none)).isEqualTo("unchanged");
        upsert("plans", Map.of("code", "basic", "usage_thresholds", List.of(Map.of("amount_cents", 700))));
        assertThat(upsert("subscriptions", none)).isEqualTo("unchanged");
    }

    @Test
    void aPriceThatWouldEndASubscriptionIsRefused() throws Exception {
        upsert("subscriptions", SUBSCRIPTION);
        sent("lago:subscriptions?operation=create", with(SUBSCRIPTION, "plan_code", "small"));
        List<Map<String, Object>> before = sandbox.records("subscriptions");
        assertThat(before).extracting(one -> one.get("status")).containsExactlyInAnyOrder("active", "pending");

        for (Map<String, Object> price : List.<Map<String, Object>>of(Map.of("code", "small", "amount_cents", 1500),
                Map.of("code", "basic", "amount_cents", "400"))) {
            for (String dryRun : List.of("true", "false")) {
                assertThat(send("lago:plans?operation=upsert&dryRun=" + dryRun, price).getException())
                        .isInstanceOf(LagoNotAllowedException.class).hasMessageContaining("sub");
            }
        }
        assertThat(sandbox.records("subscriptions")).isEqualTo(before);

        assertThat(upsert("plans", Map.of("code", "basic", "amount_cents", 1100))).isEqualTo("updated");
        assertThat(upsert("plans", Map.of("code", "small", "amount_cents", 400))).isEqualTo("updated");
        assertThat(sandbox.records("subscriptions")).isEqualTo(before);
    }
}
