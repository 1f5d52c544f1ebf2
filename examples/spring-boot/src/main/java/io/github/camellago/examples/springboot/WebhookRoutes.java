package io.github.camellago.examples.springboot;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.stereotype.Component;

/** Logs events that Lago has accepted and does not bill. Lago reports them by webhook once an hour. */
@Component
@ConditionalOnExpression("'${example.webhook-url}' != ''")
class WebhookRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("webhook:lago:webhooks?webhookComponentName=platform-http&webhookPath=/lago"
                + "&webhookExternalUrl={{example.webhook-url}}&eventTypes=events.errors").routeId("event-errors")
                .log("Lago does not bill the event ${header.CamelLagoEventTransactionId}: ${header.CamelLagoEventReason}");
    }
}
