package io.github.camellago.examples.webhooks;

import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;

/** Receives and stores webhooks. */
class WebhookRoutes extends RouteBuilder {

    private final Board board;

    WebhookRoutes(Board board) {
        this.board = board;
    }

    @Override
    public void configure() {
        from("webhook:lago:webhooks?webhookExternalUrl={{example.external-url}}&webhookPath=/lago"
                + "&eventTypes=invoice.*,events.errors&bodyType=JSON&idempotentRepository=#done"
                // nothing listens at this URL after the example; an application keeps its endpoint, see docs/webhooks.md
                + "&removeOnStop=true")
                .routeId("webhooks")
                .to("file:{{example.work}}?fileName=webhooks.jsonl&fileExist=Append&appendChars=\\n")
                .process(e -> {
                    Message message = e.getMessage();
                    board.put(message.getHeader("CamelLagoWebhookType", String.class),
                            message.getHeader("CamelLagoWebhookUniqueKey", String.class), message.getBody(String.class));
                })
                .log("${header.CamelLagoWebhookType} ${header.CamelLagoId}");
    }
}
