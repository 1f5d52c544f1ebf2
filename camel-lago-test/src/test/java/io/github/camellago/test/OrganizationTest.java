package io.github.camellago.test;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** The organization, its billing entities, analytics and logs. */
@ExtendWith(LagoSandboxExtension.class)
class OrganizationTest {

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void connect() {
        api = new Api(sandbox);
    }

    @Test
    void readsAndUpdatesTheOrganization() {
        assertThat(api.get("/organizations").at("organization.events_store")).isEqualTo("postgres");
        assertThat(api.put("/organizations", Map.of("organization", Map.of("country", "FR", "events_store", "clickhouse")))
                .at("organization.country")).isEqualTo("FR");
        assertThat(api.get("/organizations").at("organization.events_store")).isEqualTo("postgres");
        assertThat(api.put("/organizations", Map.of()).status()).isEqualTo(400);
    }

    @Test
    void usesTheRootKeyOfBillingEntitiesInBothDirections() {
        assertThat(
                api.create("billing_entities", "billing_entity", Map.of("code", "eu", "name", "EU")).at("billing_entity.code"))
                .isEqualTo("eu");
        assertThat(
                api.put("/billing_entities/eu", Map.of("billing_entity", Map.of("name", "Europe"))).at("billing_entity.name"))
                .isEqualTo("Europe");
        assertThat(api.put("/billing_entities/eu", Map.of("name", "E")).status()).isEqualTo(400);
        assertThat(api.get("/billing_entities/eu").at("billing_entity.name")).isEqualTo("Europe");
    }

    @Test
    void addsUpAnalyticsByMonth() {
        invoice("2026-01-05", "finalized", "one_off", 100);
        invoice("2026-01-20", "finalized", "subscription", 50);
        invoice("2026-02-01", "finalized", "subscription", 7);
        invoice("2026-02-01", "draft", "subscription", 1_000);
        Api.Answer revenue = api.get("/analytics/gross_revenue?currency=EUR");
        assertThat(revenue.each("gross_revenues", "amount_cents")).containsExactly("150", "7");
        assertThat(revenue.each("gross_revenues", "invoices_count")).containsExactly("2", "1");
        assertThat(revenue.each("gross_revenues", "month").get(0)).isEqualTo("2026-01-01T00:00:00.000Z");
        assertThat(api.get("/analytics/mrr").each("mrrs", "amount_cents")).containsExactly("50", "7");
        assertThat(api.get("/analytics/gross_revenue?currency=USD").json().get("gross_revenues")).isEmpty();
        assertThat(api.get("/analytics/invoice_collection").each("invoice_collections", "payment_status")).contains("pending");
        sandbox.update("invoices", invoice("2026-02-01", "finalized", "one_off", 3),
                Map.of("payment_overdue", true, "payment_due_date",
                        "2026-03-01"));
        assertThat(api.get("/analytics/overdue_balance").each("overdue_balances", "amount_cents")).containsExactly("3");
        api.ok("POST", "/events", Map.of("event", Api.event("t")));
        assertThat(api.get("/analytics/usage").each("usages", "units")).containsExactly("1.0");
        sandbox.add("fees", Map.of("amount_cents", 9, "item", Map.of("type", "charge", "code", "calls")));
        assertThat(api.get("/analytics/invoiced_usage").each("invoiced_usages", "code")).containsExactly("calls");
    }

    private String invoice(String date, String status, String type, int cents) {
        return sandbox.add("invoices",
                Map.of("issuing_date", date, "status", status, "invoice_type", type, "total_amount_cents", cents,
                        "currency", "EUR"))
                .get("lago_id").toString();
    }

    @Test
    void logsChangingRequests() {
        api.create("customers", "customer", Map.of("external_id", "acme"));
        api.get("/customers");
        api.post("/customers", Map.of());
        api.ok("POST", "/events", Map.of("event", Api.event("t")));
        Api.Answer logs = api.get("/api_logs");
        assertThat(logs.each("api_logs", "http_status")).containsExactlyInAnyOrder("200", "400");
        String id = logs.at("api_logs.0.request_id");
        assertThat(api.get("/api_logs/" + id).at("api_log.request_path")).isEqualTo("/api/v1/customers");
        assertThat(api.get("/api_logs?http_statuses[]=400").json().get("api_logs")).hasSize(1);
        assertThat(api.get("/activity_logs?activity_types[]=customer.created").at("activity_logs.0.resource_type"))
                .isEqualTo("Customer");
    }

    @Test
    void limitsWebhookEndpointsToTenUniqueUrls() {
        for (int i = 0; i < 10; i++) {
            api.create("webhook_endpoints", "webhook_endpoint", Map.of("webhook_url", "http://localhost:1/" + i));
        }
        assertThat(api.post("/webhook_endpoints", Map.of("webhook_endpoint", Map.of("webhook_url", "http://localhost:1/x")))
                .status())
                .isEqualTo(422);
        String id = api.get("/webhook_endpoints").at("webhook_endpoints.0.lago_id");
        assertThat(api.get("/webhook_endpoints/" + id).at("webhook_endpoint.signature_algo")).isEqualTo("jwt");
        assertThat(api.delete("/webhook_endpoints/" + id).status()).isEqualTo(200);
        Api.Answer taken = api.post("/webhook_endpoints",
                Map.of("webhook_endpoint", Map.of("webhook_url", "http://localhost:1/3")));
        assertThat(taken.at("error_details.webhook_url.0")).isEqualTo("value_already_exist");
        String other = api.get("/webhook_endpoints").at("webhook_endpoints.0.lago_id");
        assertThat(api
                .put("/webhook_endpoints/" + other,
                        Map.of("webhook_endpoint", Map.of("event_types", List.of("invoice.created"))))
                .at("webhook_endpoint.event_types.0")).isEqualTo("invoice.created");
    }
}
