package io.github.camellago.examples.kubernetes;

import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** What each replica does: receives usage and webhooks. One of them reads the invoices. */
final class BillingRoutes extends RouteBuilder {

    @Override
    public void configure() {
        onException(LagoEventsRejectedException.class).handled(true)
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(422)).setBody(simple("${exception.message}"));
        // the caller sends the event again, with the same transaction_id
        onException(LagoException.class).handled(true)
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(503)).setBody(constant("not delivered, send it again"));

        // a route without authentication: allow access from your own services only
        from("platform-http:/usage?httpMethodRestrict=POST").routeId("usage")
                .filter(simple("${body} !contains 'transaction_id'"))
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(400)).setBody(constant("transaction_id is missing")).stop()
                .end()
                .to("lago:events")
                .removeHeaders("*")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(202)).setBody(constant("accepted"));

        from("webhook:lago:webhooks?webhookComponentName=platform-http&webhookExternalUrl={{env:WEBHOOK_URL}}&webhookPath=/lago"
                + "&eventTypes=invoice.*&idempotentRepository=#webhooks").routeId("webhooks")
                .to("sql:insert into webhooks (unique_key, type, object_id) values (:#CamelLagoWebhookUniqueKey, "
                        + ":#CamelLagoWebhookType, :#CamelLagoId) on conflict do nothing?dataSource=#database");

        from("master:invoices:lago:invoices?idempotentRepository=#records&bodyType=JSON&delay={{env:POLL_DELAY:60000}}")
                .routeId("invoices")
                .to("sql:insert into invoices (lago_id, invoice) values (:#CamelLagoId, :#${body}) "
                        + "on conflict (lago_id) do update set invoice = excluded.invoice?dataSource=#database");
    }
}
