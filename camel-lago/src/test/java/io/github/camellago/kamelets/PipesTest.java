package io.github.camellago.kamelets;

import java.util.Map;

import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The Kamelets in Pipes. */
class PipesTest extends KameletsTestSupport {

    /** A pipe from {@code direct:events}. The rest follows the properties of the sink. */
    private String toEventsSink(String rest) {
        return """
                apiVersion: camel.apache.org/v1
                kind: Pipe
                metadata:
                  name: metering
                spec:
                  source:
                    uri: direct:events
                  sink:
                    ref:
                      kind: Kamelet
                      apiVersion: camel.apache.org/v1
                      name: lago-events-sink
                    properties:
                      apiKey: "%s"
                      baseUrl: "%s"
                """.formatted(sandbox.apiKey(), sandbox.baseUrl()) + rest;
    }

    @Test
    void eventsSinkSendsTheSameEventAgainWhenTheRouteRedelivers() throws Exception {
        sandbox.faults().on("POST", "/events/batch").nth(1).dropAfter();
        pipe(toEventsSink("""
                      maxRetries: 0
                  errorHandler:
                    log:
                      parameters:
                        maximumRedeliveries: 3
                        redeliveryDelay: 10
                """));

        sent("direct:events", Map.of("external_subscription_id", "s", "code", "c"));

        assertThat(sandbox.requestCount()).isEqualTo(2);
        assertThat(sandbox.events()).hasSize(1);
    }

    @Test
    void cloudEventsBecomeUsageEventsInAPipe() throws Exception {
        pipe(toEventsSink("""
                    dataTypes:
                      in:
                        format: lago:usage-event
                """));

        sent("direct:events", """
                {"specversion": "1.0", "id": "1", "source": "gateway", "type": "api_calls", "subject": "sub-1",
                 "time": "2026-11-01T00:00:00.5Z", "data": {"route": "/v1/orders", "price": 0.10}}""");
        send("direct:events", "{\"route\": \"/v1/orders\"}",
                Map.of("ce-id", "2", "ce-source", "gateway", "ce-type", "api_calls",
                        "ce-subject", "sub-1"));

        assertThat(sandbox.events()).hasSize(2);
        Map<String, Object> structured = sandbox.events().stream().filter(e -> e.get("transaction_id").equals("gateway/1"))
                .findFirst().orElseThrow();
        assertThat(structured).containsEntry("external_subscription_id", "sub-1").containsEntry("code", "api_calls");
        assertThat(sandbox.requests().get(0).body()).contains("\"timestamp\":1793491200.5").contains("\"price\":0.10");
        assertThat(sandbox.requests().get(1).body()).contains("gateway/2").contains("/v1/orders");
    }

    @Test
    void recordsBecomeCloudEventsInAPipe() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        MockEndpoint records = mock("records");
        records.expectedMessageCount(1);
        records.expectedHeaderReceived("CamelCloudEventType", "io.github.camellago.event.customers");
        records.expectedHeaderReceived("CamelCloudEventSource", "lago.customers");
        records.expectedHeaderReceived("CamelCloudEventSubject", "acme");
        pipe("""
                apiVersion: camel.apache.org/v1
                kind: Pipe
                metadata:
                  name: customers
                spec:
                  source:
                    ref:
                      kind: Kamelet
                      apiVersion: camel.apache.org/v1
                      name: lago-source
                    properties:
                      resource: customers
                      apiKey: "%s"
                      baseUrl: "%s"
                    dataTypes:
                      out:
                        format: lago:application-cloudevents
                  sink:
                    uri: mock:records
                """.formatted(sandbox.apiKey(), sandbox.baseUrl()));

        records.assertIsSatisfied();
        assertThat(records.getExchanges().get(0).getMessage().getHeaders()).containsKeys("CamelCloudEventID",
                "CamelCloudEventTime");
    }
}
