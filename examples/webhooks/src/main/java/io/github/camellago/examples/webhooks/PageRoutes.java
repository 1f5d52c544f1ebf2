package io.github.camellago.examples.webhooks;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/** Serves the page and its data. */
class PageRoutes extends RouteBuilder {

    private final Board board;

    PageRoutes(Board board) {
        this.board = board;
    }

    @Override
    public void configure() {
        from("platform-http:/?httpMethodRestrict=GET").routeId("page")
                .removeHeaders("*")
                .setHeader(Exchange.CONTENT_TYPE, constant("text/html; charset=utf-8"))
                .setBody(constant("resource:classpath:io/github/camellago/examples/webhooks/board.html"));

        from("platform-http:/webhooks?httpMethodRestrict=GET").routeId("news")
                .setBody(e -> board.after(e.getMessage().getHeader("after", 0L, Long.class)))
                .removeHeaders("*")
                .marshal().json(JsonLibrary.Jackson)
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"));
    }
}
