package io.github.camellago.webhook;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.camellago.api.LagoEvent;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Webhooks about usage events that Lago has accepted and does not bill: one message per event. */
class FailedEventsTest extends WebhookTestSupport {

    private static final String ERRORS = "{\"invalid_code\":[\"t-1\",\"t-2\"],\"missing_aggregation_property\":[\"t-3\"],"
            + "\"missing_group_key\":null,\"invalid_filter_values\":[]}";
    private static final String ERROR = "{\"status\":422,\"error\":\"Unprocessable entity\",\"message\":%s,"
            + "\"event\":{\"lago_id\":\"e-1\",\"transaction_id\":\"t-1\",\"code\":\"gb\",\"external_subscription_id\":\"sub-1\","
            + "\"timestamp\":\"2026-01-01T00:00:00.000Z\",\"properties\":{\"size\":1.10}}}";

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getRegistry().bind("done", MemoryIdempotentRepository.memoryIdempotentRepository(1000));
        context.getRegistry().bind("many", MemoryIdempotentRepository.memoryIdempotentRepository(20_000));
        return context;
    }

    private List<Message> received(String mock) {
        return mock(mock).getExchanges().stream().map(Exchange::getMessage).toList();
    }

    private static List<Object> headers(List<Message> messages, String name) {
        return messages.stream().map(message -> message.getHeader(name)).toList();
    }

    private int post(String type, String objectType, String object) throws Exception {
        String body = body(type, objectType, object);
        return post(body, signed("jwt", body)).statusCode();
    }

    /** All the way: the sandbox reports what Lago would. */
    @Test
    void deliversAMessageForEachEventThatLagoReports() throws Exception {
        onWebhook(r -> r.to("mock:in"), "eventTypes=event.error,events.errors");
        MockEndpoint in = mock("in");
        in.expectedMessageCount(3);
        sandbox.add("billable_metrics", Map.of("code", "gb", "aggregation_type", "sum_agg", "field_name", "size"));

        sent("lago:events", List.of(event("t-1"), event("t-2"), Map.of("transaction_id", "t-3", "code", "gb",
                "external_subscription_id", "sub-1", "properties", Map.of("size", "large"))));

        in.assertIsSatisfied();
        List<Message> messages = received("in");
        assertThat(headers(messages, "CamelLagoEventTransactionId")).containsExactly("t-1", "t-2", "t-3");
        assertThat(headers(messages, "CamelLagoEventReason")).containsExactly("invalid_code", "invalid_code",
                "missing_aggregation_property");
        assertThat(headers(messages, "CamelLagoId")).containsExactly("t-1", "t-2", "t-3");
        assertThat(headers(messages, "CamelLagoWebhookType")).containsOnly("events.errors");
        assertThat(headers(messages, "CamelLagoWebhookUniqueKey")).doesNotHaveDuplicates();
        assertThat(messages.get(0).getBody()).isEqualTo(Map.of("transaction_id", "t-1"));
        assertThat(mock("in").getExchanges().stream().map(Exchange::getExchangeId)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"{\\\"target_wallet_code\\\":[\\\"target_wallet_code_not_found\\\"]}\"",
            "{\"target_wallet_code\":[\"target_wallet_code_not_found\"]}",
            "\"target_wallet_code: target_wallet_code_not_found\""})
    void deliversTheEventOfAnEventError(String message) throws Exception {
        onWebhook(r -> r.to("mock:in"));
        assertThat(post("event.error", "event_error", ERROR.formatted(message))).isEqualTo(200);
        Message event = received("in").get(0);
        assertThat(event.getHeaders()).containsEntry("CamelLagoEventTransactionId", "t-1")
                .containsEntry("CamelLagoEventReason", "target_wallet_code: target_wallet_code_not_found")
                .containsEntry("CamelLagoEventCode", "gb").containsEntry("CamelLagoEventExternalSubscriptionId", "sub-1")
                .containsEntry("CamelLagoWebhookObjectType", "event_error").containsEntry("CamelLagoId", "t-1");
        assertThat(event.getBody(Map.class)).containsEntry("transaction_id", "t-1").containsEntry("properties",
                Map.of("size", new BigDecimal("1.10")));
    }

    @Test
    void deliversTheFormThatTheOptionsAskFor() throws Exception {
        onWebhook(r -> r.to("mock:in"), "bodyType=JSON");
        post("events.errors", "events_errors", ERRORS);
        assertThat(received("in").stream().map(Message::getBody)).containsExactly("{\"transaction_id\":\"t-1\"}",
                "{\"transaction_id\":\"t-2\"}", "{\"transaction_id\":\"t-3\"}");
    }

    @Test
    void bindsTheEventToAClass() throws Exception {
        onWebhook(r -> r.to("mock:in"), "outputClass=" + LagoEvent.class.getName());
        post("events.errors", "events_errors", ERRORS);
        assertThat(received("in").get(0).getBody(LagoEvent.class).transactionId()).isEqualTo("t-1");
    }

    /** With a repository, Lago's redelivery brings only the event whose message failed. */
    @Test
    void answers500IfOneMessageFailsAndProcessesTheOthers() throws Exception {
        List<String> tries = new ArrayList<>();
        onWebhook(r -> r.process(exchange -> {
            String id = exchange.getMessage().getHeader("CamelLagoEventTransactionId", String.class);
            tries.add(id);
            if (tries.equals(List.of("t-1", "t-2"))) {
                throw new IllegalStateException("no disk");
            }
        }), "idempotentRepository=#done");
        String body = body("events.errors", "events_errors", ERRORS);
        Map<String, Object> headers = signed("jwt", body);
        assertThat(post(body, headers).statusCode()).isEqualTo(500);
        assertThat(tries).containsExactly("t-1", "t-2", "t-3");
        assertThat(post(body, headers).statusCode()).isEqualTo(200);
        assertThat(tries).containsExactly("t-1", "t-2", "t-3", "t-2");
        assertThat(post(body, headers).statusCode()).isEqualTo(200);
        assertThat(tries).hasSize(4);
    }

    @Test
    void deliversThousandsOfEventsOfOneWebhook() throws Exception {
        // a jwt signature contains the body, and is too long for a header
        onWebhook(r -> r.to("mock:in"), "idempotentRepository=#many&signatureAlgo=hmac", "hmacKey=" + sandbox.hmacKey());
        List<String> ids = IntStream.range(0, 10_000).mapToObj(i -> "t-" + i).toList();
        String errors = "{\"invalid_code\":[\"" + String.join("\",\"", ids) + "\"]}";

        String body = body("events.errors", "events_errors", errors);
        assertThat(post(body, signed("hmac", body)).statusCode()).isEqualTo(200);

        assertThat(headers(received("in"), "CamelLagoEventTransactionId")).isEqualTo(ids);
    }

    @Test
    void repeatsAllMessagesWithoutARepository() throws Exception {
        List<Object> tries = new ArrayList<>();
        onWebhook(r -> r.process(exchange -> {
            tries.add(exchange.getMessage().getHeader("CamelLagoWebhookUniqueKey"));
            if (tries.size() == 1) {
                exchange.setRollbackOnly(true);
            }
        }));
        String body = body("events.errors", "events_errors", ERRORS);
        Map<String, Object> headers = signed("jwt", body);
        assertThat(post(body, headers).statusCode()).isEqualTo(500);
        assertThat(post(body, headers).statusCode()).isEqualTo(200);
        assertThat(tries).hasSize(6);
        assertThat(tries.subList(0, 3)).isEqualTo(tries.subList(3, 6));
    }

    @Test
    void deliversAReportInAnUnknownFormAsItIs() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        assertThat(post("events.errors", "events_errors", "{\"count\":3}")).isEqualTo(200);
        assertThat(received("in").get(0).getBody(Map.class)).containsKey("count");
        assertThat(received("in").get(0).getHeaders()).doesNotContainKey("CamelLagoEventTransactionId");
    }

    @Test
    void verifyKeepsTheWholeReport() {
        String body = body("events.errors", "events_errors", ERRORS);
        Exchange exchange = send("lago:webhooks?operation=verify", body, signed("jwt", body));
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("invalid_code", List.of("t-1", "t-2"));
    }
}
