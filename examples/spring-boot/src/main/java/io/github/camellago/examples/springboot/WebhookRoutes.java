package io.github.camellago.examples.springboot;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.stereotype.Component;

/** Logs events that Lago cannot assign. Lago checks the code and subscription of an event later, and reports errors by webhook. */
@Component
@ConditionalOnExpression("'${example.webhook-url}' != ''")
class WebhookRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("webhook:lago:webhooks?webhookComponentName=platform-http&webhookPath=/lago"
                + "&webhookExternalUrl={{example.webhook-url}}&eventTypes=events.errors").routeId("event-errors")
                .log("Lago cannot assign events: ${body}");
    }
}
