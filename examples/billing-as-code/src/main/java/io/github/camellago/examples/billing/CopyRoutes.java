package io.github.camellago.examples.billing;

import java.util.Map;

import io.github.camellago.api.LagoNotFoundException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** Brings a Lago to what another Lago says. The body names the resources, such as {@code plans}, in the order of their dependencies. */
class CopyRoutes extends RouteBuilder {

    /** By default, Lago lists active subscriptions only. */
    private static final Map<String, String> FILTERS = Map.of("subscriptions", "status=active,pending;overridden=false");

    private final Copy copy;

    CopyRoutes(Copy copy) {
        this.copy = copy;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());

        from("direct:copy").routeId("copy")
                .split(body()).stopOnException()
                .setProperty("resource", body())
                .process(e -> e.getMessage().setHeader("CamelLagoFilter", FILTERS.get(resource(e))))
                .toD("lagoFrom:${body}?operation=list&streaming=true")
                .removeHeader("CamelLagoFilter")
                .split(body()).streaming().stopOnException()
                .filter(e -> copy.accepts(resource(e), body(e), Changes.of(e)))
                // the list of plans lacks their fixed charges
                .choice().when(exchangeProperty("resource").isEqualTo("plans"))
                .setHeader("CamelLagoId", simple("${body[code]}"))
                .to("lagoFrom:plans?operation=get")
                .end()
                .setBody(e -> new Definition(resource(e), Copy.body(resource(e), body(e))))
                .doTry().to("direct:safe-upsert")
                .doCatch(LagoNotFoundException.class)
                // a dry run does not create the customer of a wallet
                .onWhen(e -> Changes.of(e).isNew("customers/" + e.getMessage().getHeader(ApplyRoutes.CUSTOMER)))
                .process(e -> Changes.of(e).created())
                .endDoTry();

        from("direct:overridden").routeId("overridden")
                .to("lagoFrom:subscriptions?operation=list&streaming=true&filter.status=active,pending&filter.overridden=true")
                .split(body()).streaming().stopOnException()
                .process(e -> Changes.of(e).notCopied(Definition.name("subscriptions", body(e)),
                        "has prices of its own (plan_overrides), which Lago's list does not show"));
    }

    private static String resource(Exchange exchange) {
        return exchange.getProperty("resource", String.class);
    }

    private static Map<?, ?> body(Exchange exchange) {
        return exchange.getMessage().getBody(Map.class);
    }
}
