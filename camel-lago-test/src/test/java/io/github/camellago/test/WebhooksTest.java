package io.github.camellago.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(LagoSandboxExtension.class)
class WebhooksTest {

    private record Received(String body, String signature, String algorithm, String key) {

        JsonNode json() throws IOException {
            return Api.JSON.readTree(body);
        }
    }

    LagoSandbox sandbox;
    Api api;
    HttpServer receiver;
    final List<Received> received = new CopyOnWriteArrayList<>();
    volatile int refusals;
    volatile int refusal = 500;
    volatile int accepted = 200;

    @BeforeEach
    void listen() throws IOException {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        api = new Api(sandbox);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(body, exchange.getRequestHeaders().getFirst("X-Lago-Signature"),
                    exchange.getRequestHeaders().getFirst("X-Lago-Signature-Algorithm"),
                    exchange.getRequestHeaders().getFirst("X-Lago-Unique-Key")));
            exchange.sendResponseHeaders(refusals-- > 0 ? refusal : accepted, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private void register(Map<String, Object> more) {
        Map<String, Object> endpoint = new HashMap<>(more);
        endpoint.put("webhook_url", "http://localhost:" + receiver.getAddress().getPort() + "/hook");
        api.create("webhook_endpoints", "webhook_endpoint", endpoint);
    }

    private Received first() {
        await().until(() -> !received.isEmpty());
        return received.get(0);
    }

    private PublicKey publicKey(String base64) throws Exception {
        String pem = new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.US_ASCII);
        String der = pem.replaceAll("-----[A-Z ]+-----", "");
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(der)));
    }

    @Test
    void signsWithThePublishedKey() throws Exception {
        register(Map.of());
        api.create("customers", "customer", Map.of("external_id", "acme", "name", "Ünï"));
        Received webhook = first();
        assertThat(webhook.json().get("webhook_type").asText()).isEqualTo("customer.created");
        assertThat(webhook.json().get("object_type").asText()).isEqualTo("customer");
        assertThat(webhook.json().at("/customer/external_id").asText()).isEqualTo("acme");
        assertThat(webhook.algorithm()).isEqualTo("jwt");

        Api.Answer key = api.get("/webhooks/json_public_key");
        assertThat(api.get("/webhooks/public_key").response().body()).isEqualTo(key.at("webhook.public_key")).contains("\n");
        String[] parts = webhook.signature().split("\\.");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(publicKey(key.at("webhook.public_key")));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        JsonNode claims = Api.JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
        assertThat(claims.get("data").asText()).isEqualTo(webhook.body());
        assertThat(claims.get("iss").asText()).isEqualTo(sandbox.baseUrl());
        assertThat(claims.has("exp")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"203,201", "205,202", "206,204", "302,200", "400,200"})
    void treatsOnlyFourStatusesAsDelivered(int refusal, int accepted) {
        this.refusal = refusal;
        this.accepted = accepted;
        refusals = 1;
        register(Map.of());
        api.create("customers", "customer", Map.of("external_id", "acme"));
        api.create("customers", "customer", Map.of("external_id", "next"));
        await().until(() -> received.size() == 3);
        assertThat(received.get(1)).isEqualTo(received.get(0));
        assertThat(received.get(2).body()).contains("next");
    }

    @Test
    void signsWithTheHmacKey() throws Exception {
        register(Map.of("signature_algo", "hmac"));
        sandbox.sendWebhook("invoice.paid_credit_added", "invoice", Map.of("number", "é"));
        Received webhook = first();
        assertThat(webhook.algorithm()).isEqualTo("hmac");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(sandbox.hmacKey().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertThat(webhook.signature())
                .isEqualTo(Base64.getEncoder().encodeToString(mac.doFinal(webhook.body().getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void redeliversWithTheSameUniqueKey() {
        refusals = 2;
        register(Map.of());
        sandbox.sendWebhook("a.b", "x", Map.of());
        await().until(() -> received.size() == 3);
        assertThat(received).extracting(Received::key).containsOnly(received.get(0).key());
        sandbox.sendWebhook("a.c", "x", Map.of());
        await().until(() -> received.size() == 4);
        assertThat(received.get(3).key()).isNotEqualTo(received.get(0).key());
    }

    @Test
    void givesUpAfterThreeAttempts() {
        refusals = 3;
        register(Map.of());
        sandbox.sendWebhook("first", "x", Map.of());
        sandbox.sendWebhook("second", "x", Map.of());
        await().until(() -> received.size() == 4);
        assertThat(received.get(3).body()).contains("second");
    }

    @Test
    void sendsOnlyRegisteredTypes() {
        register(Map.of("event_types", List.of("plan.created")));
        api.create("customers", "customer", Map.of("external_id", "acme"));
        api.create("plans", "plan",
                Map.of("code", "p", "name", "P", "interval", "monthly", "amount_cents", 0, "amount_currency", "EUR",
                        "pay_in_advance", false));
        assertThat(first().body()).contains("plan.created");
        assertThat(received).hasSize(1);
    }

    @Test
    void reportsAnEventOfAnUnknownMetricLater() throws Exception {
        register(Map.of());
        api.ok("POST", "/events", Map.of("event", Api.event("t")));
        assertThat(first().json().get("webhook_type").asText()).isEqualTo("events.errors");
        assertThat(first().json().at("/events_errors/invalid_code/0").asText()).isEqualTo("t");
    }

    @Test
    void reportsEventsThatAMetricCannotAggregate() throws Exception {
        api.create("billable_metrics", "billable_metric", Map.of("code", "gb", "name", "GB", "aggregation_type", "sum_agg",
                "field_name", "size", "filters", List.of(Map.of("key", "region", "values", List.of("eu", "us")))));
        register(Map.of("event_types", List.of("events.errors")));
        api.ok("POST", "/events/batch", Map.of("events", List.of(
                withProperties("missing", Map.of()),
                withProperties("text", Map.of("size", "large")),
                withProperties("number", Map.of("size", 1.5)),
                withProperties("digits", Map.of("size", "-2.5", "region", "eu")),
                withProperties("filter", Map.of("size", 1, "region", "moon")))));
        JsonNode errors = first().json().get("events_errors");
        assertThat(errors.get("missing_aggregation_property").toString()).isEqualTo("[\"missing\",\"text\"]");
        assertThat(errors.get("invalid_filter_values").toString()).isEqualTo("[\"filter\"]");
        assertThat(errors.get("invalid_code")).isEmpty();
        assertThat(errors.get("missing_group_key").isNull()).isTrue();
    }

    @Test
    void neverReportsAnUnknownSubscription() throws Exception {
        api.create("billable_metrics", "billable_metric",
                Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg"));
        register(Map.of("event_types", List.of("events.errors")));
        api.ok("POST", "/events", Map.of("event",
                Map.of("transaction_id", "t", "code", "calls", "external_subscription_id", "unknown")));
        api.ok("POST", "/events", Map.of("event", withProperties("u", Map.of())));
        assertThat(first().json().at("/events_errors/invalid_code").toString()).isEqualTo("[\"u\"]");
        assertThat(received).hasSize(1);
    }

    @Test
    void reportsNoEventsOnClickhouse() throws Exception {
        try (LagoSandbox clickhouse = LagoSandbox.builder().clickhouse(true).start()) {
            api = new Api(clickhouse);
            register(Map.of());
            api.ok("POST", "/events", Map.of("event", Api.event("t")));
            api.create("plans", "plan", Map.of("code", "p", "name", "P", "interval", "monthly", "amount_cents", 0,
                    "amount_currency", "EUR", "pay_in_advance", false));
            assertThat(first().json().get("webhook_type").asText()).isEqualTo("plan.created");
        }
    }

    private static Map<String, Object> withProperties(String id, Map<String, Object> properties) {
        return Map.of("transaction_id", id, "code", "gb", "external_subscription_id", "sub-1", "properties", properties);
    }

    @Test
    void publishesAndUsesANewKey() throws Exception {
        String old = api.get("/webhooks/public_key").response().body();
        sandbox.rotateWebhookKey();
        String now = api.get("/webhooks/public_key").response().body();
        assertThat(now).isNotEqualTo(old);

        String[] parts = sandbox.signWebhook("jwt", "a body").split("\\.");
        for (String key : List.of(old, now)) {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(publicKey(key));
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isEqualTo(key.equals(now));
        }
    }

    @Test
    void rejectsTheEleventhEndpoint() {
        for (int i = 0; i < 10; i++) {
            api.create("webhook_endpoints", "webhook_endpoint", Map.of("webhook_url", "https://example.org/" + i));
        }
        Api.Answer rejected = api.post("/webhook_endpoints",
                Map.of("webhook_endpoint", Map.of("webhook_url", "https://example.org/10")));
        assertThat(rejected.status()).isEqualTo(422);
        assertThat(rejected.response().body()).contains("exceeded_limit");
    }

    @Test
    void sendsNothingToADeletedEndpoint() {
        refusals = Integer.MAX_VALUE;
        register(Map.of());
        for (int i = 0; i < 50; i++) {
            sandbox.sendWebhook("old." + i, "x", Map.of());
        }
        first();
        sandbox.reset();
        refusals = 0;
        int before = received.size();
        register(Map.of());
        sandbox.sendWebhook("new.1", "x", Map.of());
        await().until(() -> received.stream().anyMatch(r -> r.body().contains("new.1")));
        // except for one that was in flight
        assertThat(received.size()).isLessThanOrEqualTo(before + 2);
    }
}
