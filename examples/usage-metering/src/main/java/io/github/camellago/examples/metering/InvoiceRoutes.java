package io.github.camellago.examples.metering;

import org.apache.camel.builder.RouteBuilder;

/** Invoices out: each new one becomes a file of JSON, named by its id. */
class InvoiceRoutes extends RouteBuilder {

    private final Folders folders;
    private final Books books;

    InvoiceRoutes(Folders folders, Books books) {
        this.folders = folders;
        this.books = books;
    }

    @Override
    public void configure() {
        from("lago:invoices?readMode=new&bodyType=JSON&initialDelay=0&delay=1000&sendEmptyMessageWhenIdle=true")
                .routeId("invoices").autoStartup(false)
                .choice()
                .when(body().isNull())
                .process(e -> books.noMoreInvoices())
                .otherwise()
                .to("file:" + folders.invoices() + "?fileName=${header.CamelLagoId}.json")
                .process(e -> books.invoice());
    }
}
