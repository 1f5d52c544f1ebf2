package io.github.camellago.kamelets;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.webhook.WebhookComponent;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The Kamelets in routes. */
class KameletsIT extends KameletsTestSupport {

    @ParameterizedTest
    @ValueSource(strings = {"lago-source", "lago-events-sink", "lago-sink", "lago-webhook-source"})
    void describesItselfAsTheCatalogDoes(String name) throws Exception {
        JsonNode kamelet = kamelet(name);
        JsonNode annotations = kamelet.at("/metadata/annotations");
        JsonNode definition = kamelet.at("/spec/definition");

        assertThat(kamelet.at("/metadata/name").asText()).isEqualTo(name);
        assertThat(kamelet.at("/metadata/labels").path("camel.apache.org/kamelet.type").asText())
                .isEqualTo(name.endsWith("source") ? "source" : "sink");
        assertThat(annotations.path("camel.apache.org/kamelet.support.level").asText()).isIn("Stable", "Preview");
        String icon = annotations.path("camel.apache.org/kamelet.icon").asText();
        assertThat(new String(Base64.getDecoder().decode(icon.substring(icon.indexOf(',') + 1)), StandardCharsets.UTF_8))
                .startsWith("<svg").endsWith("</svg>\n");
        assertThat(definition.path("title").asText()).isNotBlank();
        assertThat(definition.path("description").asText()).isNotBlank();
        definition.path("required").forEach(r -> assertThat(definition.path("properties").has(r.asText())).isTrue());
        definition.path("properties").properties().forEach(p -> {
            assertThat(p.getValue().path("title").asText()).as(p.getKey()).isNotBlank();
            assertThat(p.getValue().path("description").asText()).as(p.getKey()).isNotBlank();
            boolean secret = p.getKey().equals("apiKey") || p.getKey().equals("hmacKey");
            assertThat(p.getValue().path("format").asText()).as(p.getKey()).isEqualTo(secret ? "password" : "");
        });
        assertThat(kamelet.at("/spec/dependencies").toString())
                .containsPattern("mvn:io.github.camellago:camel-lago:[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\"");
        assertThat(kamelet.toString()).doesNotContain("@project").doesNotContain("@kamelets");
    }

    @Test
    void sourceDeliversRecordsThatMatch() throws Exception {
        sandbox.add("invoices", Map.of("lago_id", "i-1", "payment_status", "failed", "status", "finalized"));
        sandbox.add("invoices", Map.of("lago_id", "i-2", "payment_status", "succeeded", "status", "finalized"));
        context.getRegistry().bind("handedOver", MemoryIdempotentRepository.memoryIdempotentRepository(10));
        MockEndpoint records = mock("records");
        records.expectedMessageCount(1);
        records.expectedHeaderReceived("CamelLagoId", "i-1");

        route("kamelet:lago-source?resource=invoices&delay=50&idempotentRepository=#bean:handedOver&filters="
                + encoded("payment_status=failed;status=finalized") + server(), "mock:records");

        records.assertIsSatisfied();
        assertThat(records.getExchanges().get(0).getMessage().getBody()).isInstanceOf(String.class);
        assertThat(JSON.readTree(records.getExchanges().get(0).getMessage().getBody(String.class)).path("lago_id").asText())
                .isEqualTo("i-1");
    }

    @Test
    void sourceNeedsNoFilters() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        mock("records").expectedMessageCount(1);

        route("kamelet:lago-source?resource=customers" + server(), "mock:records");

        mock("records").assertIsSatisfied();
    }

    @Test
    void sinkCallsAnOperation() throws Exception {
        route("direct:customers", "kamelet:lago-sink?resource=customers" + server());

        Exchange created = sent("direct:customers", "{\"external_id\":\"acme\",\"name\":\"Acme\"}");
        assertThat(created.getMessage().getBody()).isInstanceOf(String.class);
        assertThat(JSON.readTree(created.getMessage().getBody(String.class)).path("external_id").asText()).isEqualTo("acme");

        route("direct:delete", "kamelet:lago-sink?resource=customers&operation=delete" + server());
        send("direct:delete", null, Map.of("CamelLagoId", "acme"));
        assertThat(sandbox.records("customers")).isEmpty();
    }

    @Test
    void sinkAsksForCurrentUsage() throws Exception {
        sandbox.add("customers", Map.of("external_id", "a b"));
        sandbox.add("plans", Map.of("code", "basic"));
        sandbox.add("subscriptions", Map.of("external_id", "sub-1", "external_customer_id", "a b", "plan_code", "basic"));
        route("direct:usage",
                "kamelet:lago-sink?resource=" + encoded("customers/{external_customer_id}/current_usage") + "&paths="
                        + encoded("external_customer_id=a b") + "&filters=" + encoded("external_subscription_id=sub-1")
                        + server());

        Exchange usage = sent("direct:usage", null);

        assertThat(JSON.readTree(usage.getMessage().getBody(String.class)).has("charges_usage")).isTrue();
    }

    @Test
    void sourceDeliversDeletionsOfAllParents() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        Map<String, Object> wallet = sandbox.add("wallets",
                Map.of("external_customer_id", "acme", "code", "w-1", "name", "W", "status", "active"));
        route("kamelet:lago-source?delay=50&deletions=true&resource=" + encoded("customers/{external_customer_id}/wallets")
                + "&paths=external_customer_id=*" + server(), "mock:records");
        await().until(() -> mock("records").getExchanges().size() == 1);

        sandbox.remove("wallets", (String) wallet.get("lago_id"));

        await().until(() -> mock("records").getExchanges().size() == 2);
        assertThat(mock("records").getExchanges().get(1).getMessage().getHeader("CamelLagoDeleted")).isEqualTo(true);
    }

    /** Camel looks for values that a Kamelet leaves open among system properties and environment variables. */
    @Test
    void sinkIgnoresSystemPropertiesOfTheSameName() throws Exception {
        System.setProperty("operation", "delete");
        System.setProperty("id", "acme");
        try {
            route("direct:customers", "kamelet:lago-sink?resource=customers" + server());

            sent("direct:customers", "{\"external_id\":\"acme\"}");
        } finally {
            System.clearProperty("operation");
            System.clearProperty("id");
        }
        assertThat(sandbox.records("customers")).hasSize(1);
    }

    /** Such a key must not add options. In URIs and in YAML, Camel needs RAW for special characters. */
    @ParameterizedTest
    @ValueSource(strings = {"p+a%s&w#d=/?", "a&operation=delete", "a%2Bb)"})
    void eachTakesAKeyWithSpecialCharacters(String key) throws Exception {
        assumeOfThisRelease(WebhookComponent.class);
        try (LagoSandbox other = LagoSandbox.builder().apiKey(key).start()) {
            eachWorks(other, "apiKey=RAW(" + key + ")&", "a");
        }
        try (LagoSandbox other = LagoSandbox.builder().apiKey(key).start()) {
            for (String kamelet : List.of("lago-events-sink", "lago-sink", "lago-source", "lago-webhook-source")) {
                context.getPropertiesComponent().addOverrideProperty("camel.kamelet." + kamelet + ".apiKey", key);
            }
            eachWorks(other, "", "b");
        }
    }

    private void eachWorks(LagoSandbox other, String key, String name) throws Exception {
        String account = key + "baseUrl=" + encoded(other.baseUrl());
        route("direct:events" + name, "kamelet:lago-events-sink?batchInterval=10&" + account);
        route("direct:customers" + name, "kamelet:lago-sink?resource=customers&" + account);
        route("kamelet:lago-source?delay=200&resource=customers&" + account, "mock:customers" + name);
        route("kamelet:lago-webhook-source?path=/hook" + name + "&eventTypes=plan.created&externalUrl=" + encoded(server) + "&"
                + account,
                "mock:hooks" + name);

        sent("direct:events" + name, event("t-1"));
        sent("direct:customers" + name, "{\"external_id\":\"acme\"}");
        other.sendWebhook("plan.created", "plan", Map.of("code", "p"));

        assertThat(other.eventCount()).isEqualTo(1);
        assertThat(other.records("customers")).hasSize(1);
        await().until(() -> mock("hooks" + name).getExchanges().size() == 1);
        await().until(() -> mock("customers" + name).getExchanges().size() == 1);
    }

    @Test
    void sinkSendsTheSameEventAgainWhenTheRouteRedelivers() throws Exception {
        sandbox.faults().on("POST", "/events").nth(1).dropAfter();
        route(new org.apache.camel.builder.RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().maximumRedeliveries(3).redeliveryDelay(10));
                from("direct:events").to("kamelet:lago-sink?resource=events&maxRetries=0" + server());
            }
        });

        sent("direct:events", Map.of("external_subscription_id", "s", "code", "c"));

        assertThat(sandbox.requestCount()).isEqualTo(2);
        assertThat(sandbox.events()).hasSize(1);
    }

    @Test
    void rejectsFiltersOfTheWrongForm() {
        assertThatThrownBy(() -> context.getEndpoint("lago:invoices?filters=failed" + server()))
                .hasStackTraceContaining("The option filters=failed is not of the form name=value;name=value");
    }

    @Test
    void webhookSourceDeliversWebhooks() throws Exception {
        MockEndpoint hooks = mock("hooks");
        hooks.expectedMessageCount(1);
        hooks.expectedHeaderReceived("CamelLagoWebhookType", "invoice.created");

        route("kamelet:lago-webhook-source?path=/hook&externalUrl=" + encoded(server) + server(), "mock:hooks");
        sandbox.sendWebhook("invoice.created", "invoice", Map.of("lago_id", "i-1"));

        hooks.assertIsSatisfied();
        assertThat(hooks.getExchanges().get(0).getMessage().getBody()).isInstanceOf(String.class);
        assertThat(JSON.readTree(hooks.getExchanges().get(0).getMessage().getBody(String.class)).path("lago_id").asText())
                .isEqualTo("i-1");
        context.stop();
        assertThat(sandbox.records("webhook_endpoints")).hasSize(1);
    }

    @Test
    void webhookSourcePassesItsOptions() throws Exception {
        route("kamelet:lago-webhook-source?path=/hook&removeOnStop=true&organizationId=" + sandbox.organizationId() + "&issuer="
                + encoded(sandbox.baseUrl()) + "&externalUrl=" + encoded(server) + server(), "mock:hooks");
        MockEndpoint hooks = mock("hooks");
        hooks.expectedMessageCount(1);
        sandbox.sendWebhook("invoice.created", "invoice", Map.of("lago_id", "i-1"));
        hooks.assertIsSatisfied();
        context.stop();
        assertThat(sandbox.records("webhook_endpoints")).isEmpty();
    }

    @Test
    void webhookSourceRefusesAnotherIssuer() throws Exception {
        route("kamelet:lago-webhook-source?path=/hook&issuer=https://other.example&externalUrl=" + encoded(server) + server(),
                "mock:hooks");
        sandbox.sendWebhook("invoice.created", "invoice", Map.of("lago_id", "i-1"));
        String body = body("invoice.created", "invoice", "{\"lago_id\":\"i-1\"}");
        assertThat(post(body, signed("jwt", body)).statusCode()).isEqualTo(401);
        assertThat(mock("hooks").getExchanges()).isEmpty();
    }

    private static JsonNode kamelet(String name) throws Exception {
        try (var in = KameletsIT.class.getResourceAsStream("/kamelets/" + name + ".kamelet.yaml")) {
            return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromInputStream(in));
        }
    }
}
