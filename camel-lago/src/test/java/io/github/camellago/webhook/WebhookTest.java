package io.github.camellago.webhook;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.LogCapture;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Webhooks that Lago sends arrive in a route. */
class WebhookTest extends WebhookTestSupport {

    public record Invoice(String number, BigDecimal rate) {}

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "hmac"})
    void deliversWebhooks(String algorithm) throws Exception {
        onWebhook(r -> r.to("mock:in"), "signatureAlgo=" + algorithm, "hmacKey=" + sandbox.hmacKey());
        MockEndpoint in = mock("in");
        in.expectedMessageCount(1);

        sent("lago:customers", Map.of("external_id", "acme", "name", "Ünï"));

        in.assertIsSatisfied();
        Exchange webhook = in.getExchanges().get(0);
        assertThat(webhook.getMessage().getBody(Map.class)).containsEntry("external_id", "acme").containsEntry("name", "Ünï");
        assertThat(webhook.getMessage().getHeaders()).containsEntry("CamelLagoWebhookType", "customer.created")
                .containsEntry("CamelLagoWebhookObjectType", "customer").containsEntry("CamelLagoId", "acme")
                .containsEntry("CamelLagoResource", "webhooks")
                .containsKeys("CamelLagoWebhookUniqueKey", "CamelLagoWebhookOrganizationId")
                .allSatisfy((name, value) -> assertThat(name).startsWith("CamelLago"));
    }

    @Test
    void bodiesHaveTheTypeOfBodyType() throws Exception {
        onWebhook(r -> r.to("mock:map"));
        assertThat(post(invoice, signed("jwt", invoice)).statusCode()).isEqualTo(200);
        Map<?, ?> map = mock("map").getExchanges().get(0).getMessage().getBody(Map.class);
        assertThat(map.get("total_amount_cents")).isEqualTo(new BigInteger("12345678901234567890"));
        assertThat(map.get("rate")).isEqualTo(new BigDecimal("0.10"));
        assertThat(mock("map").getExchanges().get(0).getMessage().getHeader("CamelLagoId")).isEqualTo("inv-1");
    }

    @Test
    void bodiesAreJson() throws Exception {
        onWebhook(r -> r.to("mock:json"), "bodyType=JSON");
        post(invoice, signed("jwt", invoice));
        assertThat(mock("json").getExchanges().get(0).getMessage().getBody()).isEqualTo(
                "{\"lago_id\":\"inv-1\",\"number\":\"Ü-1\",\"total_amount_cents\":12345678901234567890,\"rate\":0.10}");
    }

    @Test
    void bodiesAreJsonNodes() throws Exception {
        onWebhook(r -> r.to("mock:node"), "bodyType=JSON_NODE");
        post(invoice, signed("jwt", invoice));
        assertThat(mock("node").getExchanges().get(0).getMessage().getBody(JsonNode.class).get("number").asText())
                .isEqualTo("Ü-1");
    }

    @Test
    void bodiesAreBoundToAClass() throws Exception {
        onWebhook(r -> r.to("mock:pojo"), "outputClass=" + Invoice.class.getName());
        post(invoice, signed("jwt", invoice));
        assertThat(mock("pojo").getExchanges().get(0).getMessage().getBody())
                .isEqualTo(new Invoice("Ü-1", new BigDecimal("0.10")));
    }

    /** A body that Lago has signed and that does not fit is no forgery: Lago shall send it again. */
    @Test
    void aClassThatDoesNotFitIsAFailure() throws Exception {
        onWebhook(r -> r.to("mock:pojo"), "outputClass=" + Invoice.class.getName());
        String body = body("invoice.created", "invoice", "{\"rate\":{}}");
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            assertThat(post(body, signed("jwt", body)).statusCode()).isEqualTo(500);
            assertThat(log.lines()).anyMatch(l -> l.contains("does not fit the option outputClass"));
        }
        assertThat(mock("pojo").getExchanges()).isEmpty();
    }

    @Test
    void aWebhookWithoutObjectTypeIsTheWholeBody() throws Exception {
        onWebhook(r -> r.to("mock:whole"));
        String body = "{\"webhook_type\":\"new.thing\",\"organization_id\":\"" + sandbox.organizationId() + "\",\"detail\":1}";
        assertThat(post(body, signed("jwt", body)).statusCode()).isEqualTo(200);
        assertThat(mock("whole").getExchanges().get(0).getMessage().getBody(Map.class)).containsEntry("detail", 1);
        assertThat(mock("whole").getExchanges().get(0).getMessage().getHeader("CamelLagoWebhookType")).isEqualTo("new.thing");
    }

    @Test
    void lagoIsAnsweredWithAStatusAndNothingElse() throws Exception {
        onWebhook(r -> r.process(exchange -> {
            exchange.getMessage().setHeader("secret", "s");
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 404);
            exchange.getMessage().setBody(Map.of("not", "for Lago"));
        }));
        HttpResponse<String> response = post(invoice, signed("jwt", invoice));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().map()).doesNotContainKeys("secret", "x-lago-signature");
    }

    @Test
    void aFailureIsAnswered500WhateverTheRouteLeft() throws Exception {
        onWebhook(r -> r.to("lago:customers?operation=list").throwException(new IllegalStateException("no disk")));
        HttpResponse<String> response = post(invoice, signed("jwt", invoice));
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("no disk");
    }

    @Test
    void aRollbackIsAFailure() throws Exception {
        onWebhook(r -> r.markRollbackOnly());
        assertThat(post(invoice, signed("jwt", invoice)).statusCode()).isEqualTo(500);
    }

    @Test
    void rejectsOtherMethods() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        var get = java.net.http.HttpRequest.newBuilder(java.net.URI.create(hook())).build();
        assertThat(HTTP.send(get, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
        assertThat(mock("in").getExchanges()).isEmpty();
    }

    @Test
    void rejectsOtherResources() {
        assertThatThrownBy(() -> context.getEndpoint(webhook().replace("lago:webhooks", "lago:invoices")))
                .rootCause().hasMessageContaining("webhook:lago:webhooks?eventTypes=...")
                .hasMessageContaining("webhook:lago:invoices");
        assertThatThrownBy(() -> route("lago:webhooks", "mock:in"))
                .rootCause().hasMessageContaining("from(\"webhook:lago:webhooks?...\")");
        assertThatThrownBy(() -> context.getEndpoint("lago:webhooks?operation=list"))
                .rootCause()
                .hasMessage("The resource webhooks has no operation list. It has: json_public_key, public_key, verify");
    }

    @Test
    void rejectsInvalidOptions() {
        assertThatThrownBy(() -> context.getEndpoint("lago:webhooks?signatureAlgo=hmac"))
                .rootCause().hasMessageContaining("signatureAlgo=hmac needs the option hmacKey");
        assertThatThrownBy(() -> context.getEndpoint("lago:webhooks?signatureAlgo=hmac&hmacKey=k&issuer=x"))
                .rootCause().hasMessageContaining("issuer is for signatureAlgo=jwt");
        assertThatThrownBy(() -> context.getEndpoint("lago:webhooks?maxBodySize=0"))
                .rootCause().hasMessage("The option maxBodySize=0 must be at least 1");
        assertThatThrownBy(() -> context.getEndpoint("lago:webhooks?eventTypes=invoice.create"))
                .rootCause().hasMessageContaining("Nearest: invoice.created,");
        assertThatThrownBy(() -> context.getEndpoint("lago:webhooks?eventTypes=Invoice Created"))
                .rootCause().hasMessageContaining("no type of webhook");
        assertThatThrownBy(() -> context.getEndpoint("lago:webhooks?eventTypes=invoices.*"))
                .rootCause().hasMessageContaining("The prefixes are: alert, billable_metric, credit_note, customer,");
        assertThatThrownBy(() -> context.getEndpoint("lago:webhooks?eventTypes=,"))
                .rootCause().hasMessageContaining("eventTypes names nothing");
        assertThatThrownBy(() -> context.getEndpoint(webhook().replace(server, "localhost")))
                .rootCause().hasMessageContaining("webhookExternalUrl=localhost must begin with https:// or http://");
    }

    @Test
    void rejectsTypesThatLagoDoesNotKnow() {
        assertThatThrownBy(() -> onWebhook(r -> r.to("mock:in"), "eventTypes=invoice.exploded,plan.*, plan.created"))
                .hasMessageContaining("names invoice.exploded, which is no type of webhook that Lago knows");
        assertThat(sandbox.requests()).isEmpty();
    }
}
