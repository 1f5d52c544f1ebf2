package io.github.camellago.examples.metering;

import org.apache.camel.builder.RouteBuilder;

/** Writes each new invoice to a JSON file that is named by its id. */
class InvoiceRoutes extends RouteBuilder {

    private final Folders folders;
    private final Progress progress;

    InvoiceRoutes(Folders folders, Progress progress) {
        this.folders = folders;
        this.progress = progress;
    }

    @Override
    public void configure() {
        from("lago:invoices?readMode=new&bodyType=JSON&initialDelay=0&delay=1000&sendEmptyMessageWhenIdle=true")
                .routeId("invoices").autoStartup(false)
                .choice()
                .when(body().isNull())
                .process(e -> progress.noMoreInvoices())
                .otherwise()
                .to("file:" + folders.invoices() + "?fileName=${header.CamelLagoId}.json")
                .process(e -> progress.invoice());
    }
}
