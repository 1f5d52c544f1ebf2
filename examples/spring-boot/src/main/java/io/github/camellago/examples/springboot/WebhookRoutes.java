package io.github.camellago.examples.springboot;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.stereotype.Component;

/** Lago checks an event's code and subscription only after it has taken it. What is wrong comes back as a webhook. */
@Component
@ConditionalOnExpression("'${example.webhook-url}' != ''")
class WebhookRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("webhook:lago:webhooks?webhookComponentName=platform-http&webhookPath=/lago"
                + "&webhookExternalUrl={{example.webhook-url}}&eventTypes=events.errors").routeId("event-errors")
                .log("Lago cannot place an event: ${body}");
    }
}
