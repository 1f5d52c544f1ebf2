package io.github.camellago.examples.kafka;

import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.model.dataformat.JsonLibrary;

/** Receives the webhooks about events that Lago has accepted and does not bill, stores them in a topic, and shows the numbers on a page. */
final class UnbilledRoutes extends RouteBuilder {

    private final Kafka kafka;
    private final Numbers numbers;

    UnbilledRoutes(Kafka kafka, Numbers numbers) {
        this.kafka = kafka;
        this.numbers = numbers;
    }

    @Override
    public void configure() {
        // Lago gets its 200 when the topic has the event. If Kafka is down, Lago sends the webhook again
        from("webhook:lago:webhooks?webhookComponentName=platform-http&webhookPath=/lago"
                + "&webhookExternalUrl={{usage.webhookUrl}}&eventTypes=event.error,events.errors&removeOnStop=true")
                .routeId("unbilled")
                .setBody(e -> Map.of("transaction_id", e.getMessage().getHeader("CamelLagoEventTransactionId"), "reason",
                        e.getMessage().getHeader("CamelLagoEventReason")))
                .setHeader(KafkaConstants.KEY, header("CamelLagoEventTransactionId"))
                .marshal().json(JsonLibrary.Jackson)
                .to("kafka:{{usage.topic}}-unbilled");

        from("kafka:{{usage.topic}}-unbilled?groupId=page&seekTo=BEGINNING").routeId("board")
                .unmarshal().json(JsonLibrary.Jackson, Map.class)
                .process(e -> {
                    Map<?, ?> event = e.getMessage().getBody(Map.class);
                    numbers.unbilled(event.get("transaction_id").toString(), event.get("reason").toString());
                });

        from("platform-http:/?httpMethodRestrict=GET").routeId("page")
                .removeHeaders("*")
                .setHeader(Exchange.CONTENT_TYPE, constant("text/html; charset=utf-8"))
                .process(e -> e.getMessage().setBody(numbers.page(
                        kafka.size(e.getContext().resolvePropertyPlaceholders("{{usage.topic}}")))));
    }
}
