package io.github.camellago.docs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.camellago.api.LagoEventsReport;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The counts in docs/comparison.md: the component, and the route that does the same without the component. */
class ComparisonDocTest extends SnippetSupport {

    @BeforeEach
    void routes() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:component").to("lago:events?onRejected=report");

                from("direct:by-hand")
                        .errorHandler(deadLetterChannel("mock:failed").maximumRedeliveries(3).redeliveryDelay(1))
                        .split(simple("${collate(100)}"))
                        .process(e -> e.getMessage().setBody(Map.of("events", e.getMessage().getBody(List.class))))
                        .marshal().json(JsonLibrary.Jackson)
                        .setHeader("Authorization", constant("Bearer " + sandbox.apiKey()))
                        .setHeader("Content-Type", constant("application/json"))
                        .to(sandbox.baseUrl() + "/api/v1/events/batch");
            }
        });
    }

    @Test
    void nothingGoesWrong() {
        assertThat(component(events()).accepted()).isEqualTo(1000);
        sandbox.reset();

        assertThat(byHand(events())).isZero();
        assertThat(sandbox.eventCount()).isEqualTo(1000);
    }

    @Test
    void oneHasNoCode() {
        List<Map<String, Object>> events = events();
        events.get(250).remove("code");
        LagoEventsReport report = component(events);
        assertThat(report.accepted()).isEqualTo(999);
        assertThat(report.rejected()).singleElement().satisfies(r -> assertThat(r.reasons()).containsKey("code"));
        sandbox.reset();

        assertThat(byHand(events)).isEqualTo(1);
        assertThat(sandbox.eventCount()).isEqualTo(900);
        assertThat(sandbox.statusCount(422)).isEqualTo(4);
    }

    @Test
    void oneWasSentBefore() {
        component(events().subList(250, 251));
        assertThat(component(events()).duplicate()).isEqualTo(1);
        assertThat(sandbox.eventCount()).isEqualTo(1000);
        sandbox.reset();

        component(events().subList(250, 251));
        assertThat(byHand(events())).isEqualTo(1);
        assertThat(sandbox.eventCount()).isEqualTo(901);
    }

    @Test
    void anAnswerIsLost() {
        sandbox.faults().on("POST", "/events/batch").nth(3).dropAfter();
        LagoEventsReport report = component(events());
        assertThat(report.accepted() + report.duplicate()).isEqualTo(1000);
        assertThat(sandbox.eventCount()).isEqualTo(1000);
        sandbox.reset();

        sandbox.faults().on("POST", "/events/batch").nth(3).dropAfter();
        assertThat(byHand(events())).isEqualTo(1);
        assertThat(sandbox.eventCount()).isEqualTo(1000);
    }

    private LagoEventsReport component(List<Map<String, Object>> events) {
        Exchange exchange = template.request("direct:component", e -> e.getMessage().setBody(events));
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(LagoEventsReport.class);
    }

    /** How many batches failed for good. */
    private int byHand(List<Map<String, Object>> events) {
        template.sendBody("direct:by-hand", events);
        return getMockEndpoint("mock:failed").getReceivedCounter();
    }

    private static List<Map<String, Object>> events() {
        return new ArrayList<>(IntStream.range(0, 1000).mapToObj(i -> (Map<String, Object>) new HashMap<String, Object>(Map.of(
                "transaction_id", "t-" + i, "external_subscription_id", "sub-1", "code", "api_calls", "timestamp",
                1_793_491_200L)))
                .toList());
    }
}
