package io.github.camellago.examples.warehouse;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** Serves the page and its data. */
class PageRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("platform-http:/?httpMethodRestrict=GET").routeId("page")
                .removeHeaders("*")
                .setHeader(Exchange.CONTENT_TYPE, constant("text/html; charset=utf-8"))
                .setBody(constant("resource:classpath:page.html"));

        from("platform-http:/data?httpMethodRestrict=GET").routeId("data")
                .removeHeaders("*")
                .to("sql:classpath:sql/charts.sql?outputType=SelectOne")
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"));
    }
}
