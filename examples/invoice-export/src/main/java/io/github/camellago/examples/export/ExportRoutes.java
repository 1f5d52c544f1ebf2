package io.github.camellago.examples.export;

import org.apache.camel.builder.RouteBuilder;

/**
 * Exports each new or changed invoice: its PDF to a folder, its amounts to a table. One instance reads at a time. The processed versions
 * are stored in the database, so that another instance can continue.
 */
class ExportRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("master:invoice-export:lago:invoices?readMode=changed&filter.statuses=finalized&perPage=20"
                + "&initialDelay=0&delay=500&idempotentRepository=#exported")
                .routeId("export")
                .setProperty("invoice", body())
                .setBody(constant(null))
                .to("lago:invoices?operation=download&fetchFile=true")
                // writes to a temporary file and renames it, so that no file is incomplete
                .to("file:{{export.folder}}?fileName=${exchangeProperty.invoice[lago_id]}.pdf&tempPrefix=.{{export.instance}}-")
                .setBody(exchangeProperty("invoice"))
                .to("sql:classpath:sql/invoice.sql")
                .to("sql:classpath:sql/delivery.sql");
    }
}
