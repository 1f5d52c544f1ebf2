package io.github.camellago.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Features that Lago must enable for an organization. */
class ConditionsTest {

    @ParameterizedTest
    @CsvSource({"GET,/activity_logs", "GET,/analytics/mrr", "GET,/api_logs", "POST,/credit_notes", "POST,/invoices/preview",
            "POST,/payments", "POST,/payment_requests", "GET,/security_logs"})
    void answersForbiddenWithoutPremium(String method, String path) {
        try (LagoSandbox sandbox = LagoSandbox.builder().premium(false).start()) {
            Api.Answer answer = new Api(sandbox).send(method, path, null);

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.code()).isEqualTo("feature_unavailable");
        }
    }

    @Test
    void overridesPlansAndCreditsVoidedInvoicesOnlyWithPremium() {
        try (LagoSandbox sandbox = LagoSandbox.builder().premium(false).start()) {
            String id = sandbox.add("invoices", Map.of("status", "finalized")).get("lago_id").toString();
            Api api = new Api(sandbox);

            assertThat(api.post("/subscriptions", Map.of("subscription", Map.of("plan_overrides", Map.of()))).code())
                    .isEqualTo("feature_unavailable");
            assertThat(api.post("/invoices/" + id + "/void", Map.of("generate_credit_note", true)).code())
                    .isEqualTo("feature_unavailable");
            assertThat(api.post("/invoices/" + id + "/void").status()).isEqualTo(200);
        }
    }

    @Test
    void projectsUsageOnlyIfThatIsEnabled() {
        try (LagoSandbox sandbox = LagoSandbox.builder().projectedUsage(false).start()) {
            assertThat(new Api(sandbox).get("/customers/acme/projected_usage").code()).isEqualTo("projected_usage_not_enabled");
        }
    }

    @Test
    void resendsEmailsOnlyWithPremium() {
        try (LagoSandbox sandbox = LagoSandbox.builder().premium(false).start()) {
            String id = sandbox.add("invoices", Map.of("status", "finalized")).get("lago_id").toString();

            assertThat(new Api(sandbox).post("/invoices/" + id + "/resend_email").code()).isEqualTo("premium_license_required");
        }
    }

    @Test
    void checksSettingsStatusAndAddressesBeforeAnEmailIsResent() {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            Api api = new Api(sandbox);
            String draft = sandbox.add("invoices", Map.of("status", "draft")).get("lago_id").toString();
            String path = "/invoices/" + sandbox.add("invoices", Map.of("status", "finalized")).get("lago_id")
                    + "/resend_email";

            assertThat(api.post("/invoices/" + draft + "/resend_email").code()).isEqualTo("invoice_not_finalized");
            assertThat(api.post(path).code()).isEqualTo("email_settings_disabled");
            api.ok("PUT", "/billing_entities/default",
                    Map.of("billing_entity", Map.of("email_settings", List.of("invoice.finalized"))));
            Api.Answer invalid = api.post(path, Map.of("cc", List.of("nobody")));
            assertThat(invalid.status()).isEqualTo(422);
            assertThat(invalid.at("error_details.billing_entity.0")).isEqualTo("must have email configured");
            assertThat(invalid.at("error_details.to.0")).isEqualTo("must have at least one recipient");
            assertThat(invalid.at("error_details.cc.0")).isEqualTo("invalid email format: nobody");
            api.ok("PUT", "/billing_entities/default", Map.of("billing_entity", Map.of("email", "billing@example.com")));
            assertThat(api.ok("POST", path, Map.of("to", List.of("a@example.com"))).response().body()).isEmpty();
        }
    }

    @Test
    void listsEnrichedEventsOfTheClickHouseStoreOnly() {
        try (LagoSandbox postgres = LagoSandbox.start(); LagoSandbox sandbox = LagoSandbox.builder().clickhouse(true).start()) {
            assertThat(new Api(postgres).get("/events_enriched").code()).isEqualTo("endpoint_not_available");
            sandbox.add("billable_metrics", Map.of("code", "calls", "aggregation_type", "sum_agg", "field_name", "n"));
            sandbox.add("subscriptions", Map.of("external_id", "sub"));
            Api api = new Api(sandbox);
            api.ok("POST", "/events", Map.of("event", Map.of("transaction_id", "t1", "external_subscription_id", "sub", "code",
                    "calls", "properties", Map.of("n", 7))));
            api.ok("POST", "/events", Map.of("event", Map.of("transaction_id", "t2", "external_subscription_id", "sub", "code",
                    "unknown")));

            Api.Answer enriched = api.get("/events_enriched?code=calls");

            assertThat(enriched.header("X-Lago-Endpoint-Status")).isEqualTo("beta");
            assertThat(enriched.each("events", "transaction_id")).containsExactly("t1");
            assertThat(enriched.at("events.0.value")).isEqualTo("7");
            assertThat(enriched.at("meta.total_count")).isEqualTo("1");
        }
    }

    @Test
    void logsChangesOfWebhookEndpointsInTheSecurityLog() {
        try (LagoSandbox off = LagoSandbox.start(); LagoSandbox sandbox = LagoSandbox.builder().securityLogs(true).start()) {
            assertThat(new Api(off).get("/security_logs?to_date=2030-01-01").code()).isEqualTo("forbidden");
            Api api = new Api(sandbox);
            api.create("webhook_endpoints", "webhook_endpoint", Map.of("webhook_url", "https://example.com/hook"));

            assertThat(api.get("/security_logs").at("error_details.to_date.0")).isEqualTo("value_is_mandatory");
            Api.Answer logs = api.get("/security_logs?to_date=" + sandbox.now().plus(Duration.ofDays(1)));
            assertThat(logs.each("security_logs", "log_event")).containsExactly("webhook_endpoint.created");
            String id = logs.at("security_logs.0.log_id");
            assertThat(api.get("/security_logs/" + id).at("security_log.log_type")).isEqualTo("webhook_endpoint");
            assertThat(api.get("/security_logs?log_types[]=role&to_date=" + sandbox.now().plus(Duration.ofDays(1))).json()
                    .get("security_logs")).isEmpty();
        }
    }

    @Test
    void syncsTheSalesforceIdOfAnIntegrationThatExists() {
        try (LagoSandbox without = LagoSandbox.builder().salesforce(null).start(); LagoSandbox sandbox = LagoSandbox.start()) {
            Map<String, String> body = Map.of("external_id", "sf-1", "integration_code", "salesforce");
            String id = sandbox.add("invoices", Map.of()).get("lago_id").toString();
            String other = without.add("invoices", Map.of()).get("lago_id").toString();

            assertThat(new Api(sandbox).put("/invoices/" + id + "/sync_salesforce_id", body).at("invoice.lago_id"))
                    .isEqualTo(id);
            assertThat(new Api(without).put("/invoices/" + other + "/sync_salesforce_id", body).code())
                    .isEqualTo("integration_not_found");
        }
    }

    @Test
    void issuesTokensForGrpc() {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            assertThat(new Api(sandbox).get("/organizations/grpc_token").at("organization.grpc_token"))
                    .matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
        }
    }
}
