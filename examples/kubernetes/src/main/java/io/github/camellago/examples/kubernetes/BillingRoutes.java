package io.github.camellago.examples.kubernetes;

import org.apache.camel.builder.RouteBuilder;

/** What each replica does besides {@link UsageRoute}: it receives webhooks. One replica reads the invoices. */
final class BillingRoutes extends RouteBuilder {

    @Override
    public void configure() {
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
