package io.github.camellago.benchmarks;

import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/** A route as users write it without the component: a loop that fetches, parses and splits each page. */
final class HandWrittenReader extends RouteBuilder {

    private final String invoices;
    private final java.util.function.Consumer<Object> sink;

    HandWrittenReader(String url, java.util.function.Consumer<Object> sink) {
        this.invoices = url + "/api/v1/invoices";
        this.sink = sink;
    }

    @Override
    public void configure() {
        from("direct:read")
                .setProperty("page", constant(1))
                .loopDoWhile(exchangeProperty("page").isNotNull())
                .setBody(constant(null))
                .setHeader("Authorization", constant("Bearer benchmark-key"))
                .setHeader(Exchange.HTTP_METHOD, constant("GET"))
                .setHeader(Exchange.HTTP_QUERY, simple("page=${exchangeProperty.page}&per_page=" + InvoicePages.PER_PAGE))
                .to(invoices)
                .unmarshal().json(JsonLibrary.Jackson, Map.class)
                .setProperty("page", simple("${body[meta][next_page]}"))
                .split(simple("${body[invoices]}"))
                .process(e -> sink.accept(e.getMessage().getBody()))
                .end()
                .end();
    }
}
