package io.github.camellago.docs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.test.LagoSandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The routes of the page on billing as code, between two sandboxes. */
class BillingAsCodeDocTest extends SnippetSupport {

    private static final Map<String, Object> METRIC = Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg");
    private static final Map<String, Object> ADD_ON = Map.of("code", "setup", "name", "Setup", "amount_cents", 100,
            "amount_currency", "EUR");
    private static final Map<String, Object> PLAN = Map.of("code", "basic", "name", "Basic", "interval", "monthly",
            "amount_cents", 100, "amount_currency", "EUR", "pay_in_advance", false, "charges",
            List.of(Map.of("code", "calls", "billable_metric_code", "calls", "charge_model", "standard", "properties",
                    Map.of("amount", "0.1"))),
            "fixed_charges", List.of(Map.of("code", "setup", "add_on_code", "setup", "units", 1, "charge_model", "standard",
                    "properties", Map.of("amount", "5"))));

    private LagoSandbox source;

    @BeforeEach
    void secondLago() {
        source = LagoSandbox.start();
        LagoComponent component = context.getComponent("lagoFrom", LagoComponent.class);
        component.getConfiguration().setApiKey(source.apiKey());
        component.getConfiguration().setBaseUrl(source.baseUrl());
    }

    @AfterEach
    void stopSecondLago() {
        source.close();
    }

    @Test
    void appliesDefinitions() throws Exception {
        context.getPropertiesComponent().addOverrideProperty("billing.dry-run", "false");
        load("direct:apply");

        template.sendBody("direct:apply", List.of(Map.of("resource", "billable_metrics", "definition", METRIC),
                Map.of("resource", "add_ons", "definition", ADD_ON), Map.of("resource", "plans", "definition", PLAN)));

        assertThat(sandbox.records("plans")).hasSize(1);
        assertThat(sandbox.records("plans").toString()).contains("billable_metric_code=calls", "add_on_code=setup");
    }

    @Test
    void promotesWhatWasReadFromAnotherLago() throws Exception {
        load("direct:promote");
        template.sendBody("lagoFrom:billable_metrics?operation=upsert", METRIC);
        template.sendBody("lagoFrom:add_ons?operation=upsert", ADD_ON);
        template.sendBody("lagoFrom:plans?operation=upsert", PLAN);
        for (int i = 0; i < 2; i++) {
            template.sendBody("direct:promote", "taxes,billable_metrics,add_ons,features,plans,coupons");
        }

        assertThat(sandbox.records("plans").toString()).contains("billable_metric_code=calls", "add_on_code=setup");
        assertThat(sandbox.requests()).as("the second run only reads").filteredOn(r -> !r.method().equals("GET")).hasSize(3);
    }

    @Test
    void sendsUsageAgainAndEndsWhatTheTargetHas() throws Exception {
        load("direct:end-at-source");
        load("direct:usage-of-this-period");
        context.getPropertiesComponent().addOverrideProperty("billing.period-start", "2020-01-01");
        for (LagoSandbox lago : List.of(source, sandbox)) {
            lago.add("plans", Map.of("code", "basic"));
            lago.add("subscriptions", Map.of("external_id", "moved", "plan_code", "basic", "status", "active"));
        }
        source.add("subscriptions", Map.of("external_id", "left", "plan_code", "basic", "status", "active"));
        template.sendBody("lagoFrom:events", Map.of("transaction_id", "t", "external_subscription_id", "moved", "code", "calls",
                "timestamp", source.now().minus(Duration.ofDays(1)).getEpochSecond()));

        template.sendBody("direct:usage-of-this-period", null);
        template.send("direct:end-at-source", e -> {});

        assertThat(sandbox.events()).hasSize(1);
        assertThat(source.records("subscriptions")).extracting(s -> s.get("external_id") + " " + s.get("status"))
                .containsExactlyInAnyOrder("moved terminated", "left active");
        assertThat(source.requests().get((int) source.requestCount() - 1).query()).contains("on_termination_invoice=skip")
                .contains("on_termination_credit_note=skip");
        assertThat(sandbox.records("subscriptions")).extracting(s -> s.get("status")).containsExactly("active");
    }

    private void load(String route) throws Exception {
        load(Snippet.of(Path.of("../docs/billing-as-code.md")).stream()
                .filter(s -> s.text().contains("from(\"" + route + "\")"))
                .findFirst().orElseThrow());
    }
}
