package io.github.camellago.examples.export;

import org.apache.camel.builder.RouteBuilder;

/**
 * Each invoice that is new or has changed: its PDF into a folder, its figures into a table. One instance reads at a time; what has
 * been handed over stands in the database, so that another one goes on where it stopped.
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
                // written aside and then renamed: a file that is there is whole
                .to("file:{{export.folder}}?fileName=${exchangeProperty.invoice[lago_id]}.pdf&tempPrefix=.{{export.instance}}-")
                .setBody(exchangeProperty("invoice"))
                .to("sql:classpath:sql/invoice.sql")
                .to("sql:classpath:sql/delivery.sql");
    }
}
