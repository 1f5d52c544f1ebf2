package io.github.camellago.examples.billing;

import io.github.camellago.api.LagoNotAllowedException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * Brings a Lago to what files say. Each object is created, updated, or left as it is. A second run changes nothing, and a run after a failure
 * continues where the first one stopped.
 */
class ApplyRoutes extends RouteBuilder {

    static final String CUSTOMER = "CamelLagoPath.external_customer_id";

    private final BillingFolder folder;

    ApplyRoutes(BillingFolder folder) {
        this.folder = folder;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());

        from("direct:apply").routeId("apply")
                .split(method(folder, "read")).stopOnException()
                .to("direct:safe-upsert");

        // an upsert is refused if Lago would end or bill something, or make only a part of the change
        from("direct:safe-upsert").routeId("safe-upsert")
                .doTry().to("direct:upsert")
                .doCatch(LagoNotAllowedException.class)
                .process(e -> Changes.of(e).refused(e.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)))
                .endDoTry();

        from("direct:upsert").routeId("upsert")
                .process(Changes::begin)
                .setHeader(CUSTOMER, simple("${body.body[external_customer_id]}"))
                .setBody(simple("${body.body}"))
                .toD("lago:${exchangeProperty.definition.path}?operation=upsert&dryRun=${exchangeProperty.dryRun}")
                .process(e -> Changes.of(e).end(e.getMessage()));

        // finds what Lago has and nobody defines
        from("direct:existing").routeId("existing")
                .split(constant(BillingFolder.RESOURCES)).stopOnException()
                .setProperty("resource", body())
                .toD("lago:${body}?operation=list&streaming=true")
                .split(body()).streaming().stopOnException()
                .process(e -> Changes.of(e).existing(e));
    }
}
