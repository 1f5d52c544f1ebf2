package io.github.camellago.test;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(LagoSandboxExtension.class)
class AuthTest {

    LagoSandbox sandbox;

    @Test
    void answers401WithoutAKnownKey() {
        for (String key : new String[]{"", "wrong"}) {
            Api.Answer answer = new Api(sandbox, key).get("/customers");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.at("error")).isEqualTo("Unauthorized");
            assertThat(answer.at("status")).isEqualTo("401");
        }
    }

    @Test
    void rotatedKeyStopsWorkingAtOnce() {
        String old = sandbox.apiKey();
        String fresh = sandbox.rotateKey();
        assertThat(new Api(sandbox, old).get("/customers").status()).isEqualTo(401);
        assertThat(new Api(sandbox, fresh).get("/customers").status()).isEqualTo(200);
        assertThat(sandbox.apiKey()).isEqualTo(fresh);
    }

    @Test
    void revokedKeyStopsWorking() {
        String key = sandbox.createKey("customer:read");
        assertThat(new Api(sandbox, key).get("/customers").status()).isEqualTo(200);
        sandbox.revokeKey(key);
        assertThat(new Api(sandbox, key).get("/customers").status()).isEqualTo(401);
    }

    @Test
    void answers403WithoutThePermission() {
        Api api = new Api(sandbox, sandbox.createKey("customer:read", "event:write"));
        assertThat(api.get("/customers").status()).isEqualTo(200);
        assertThat(api.post("/events", Map.of("event", Api.event("tx"))).status()).isEqualTo(200);

        Api.Answer write = api.post("/customers", Map.of("customer", Map.of("external_id", "a")));
        assertThat(write.status()).isEqualTo(403);
        assertThat(write.code()).isEqualTo("write_action_not_allowed_for_customer");
        assertThat(write.at("error")).isEqualTo("Forbidden");
        assertThat(sandbox.records("customers")).isEmpty();

        assertThat(api.get("/invoices").code()).isEqualTo("read_action_not_allowed_for_invoice");
        assertThat(api.get("/events").code()).isEqualTo("read_action_not_allowed_for_event");
        assertThat(api.get("/customers/a/current_usage").code()).isEqualTo("read_action_not_allowed_for_customer_usage");
        assertThat(api.get("/analytics/mrr").code()).isEqualTo("read_action_not_allowed_for_analytic");
        assertThat(api.get("/subscriptions/a/alerts").code()).isEqualTo("read_action_not_allowed_for_alert");
        assertThat(api.get("/customers/a/wallets").code()).isEqualTo("read_action_not_allowed_for_wallet");
        assertThat(api.put("/subscriptions/a/lifetime_usage", Map.of()).code())
                .isEqualTo("write_action_not_allowed_for_lifetime_usage");
    }

    @Test
    void servesHealthAndReadyWithoutAKey() throws Exception {
        for (String path : new String[]{"/health", "/ready"}) {
            assertThat(Api.send(HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + path)).build()).status()).isEqualTo(200);
        }
        Api.Answer health = Api.send(HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + "/health")).build());
        assertThat(health.at("message")).isNotEmpty();
        assertThat(health.at("version")).isNotEmpty();
    }

    @Test
    void answers404InJsonForAnUnknownRoute() {
        Api.Answer answer = new Api(sandbox).get("/no_such_thing");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.at("error")).isEqualTo("Not Found");
        assertThat(new Api(sandbox).delete("/customers").status()).isEqualTo(404);
    }

    @Test
    void answers404WithTheResourceForAnUnknownRecord() {
        Api api = new Api(sandbox);
        assertThat(api.get("/customers/nobody").code()).isEqualTo("customer_not_found");
        assertThat(api.get("/invoices/nothing").code()).isEqualTo("invoice_not_found");
        assertThat(api.get("/billable_metrics/nothing").code()).isEqualTo("billable_metric_not_found");
        assertThat(api.get("/events/nothing").code()).isEqualTo("event_not_found");
        assertThat(api.get("/subscriptions/nothing").code()).isEqualTo("subscription_not_found");
    }

    @Test
    void answers400WithoutTheRootKey() {
        for (Object body : new Object[]{Map.of(), Map.of("client", Map.of("external_id", "a")), Map.of("customer", Map.of())}) {
            Api.Answer answer = new Api(sandbox).post("/customers", body);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.at("error")).startsWith("BadRequest: ").endsWith("customer");
        }
    }

    @Test
    void answers400IfTheBodyIsNotJson() {
        assertThat(new Api(sandbox).post("/customers", "{oops").status()).isEqualTo(400);
    }

    @Test
    void doesNotServeWireMocksAdminApi() throws Exception {
        assertThat(Api.send(HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + "/__admin/mappings")).build()).status())
                .isEqualTo(401);
    }
}
