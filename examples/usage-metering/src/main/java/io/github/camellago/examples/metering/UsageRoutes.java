package io.github.camellago.examples.metering;

import java.util.Map;

import io.github.camellago.LagoConstants;
import org.apache.camel.builder.RouteBuilder;

/** Reads the usage of each customer in this month from Lago. */
class UsageRoutes extends RouteBuilder {

    private final UsageFile usage;
    private final Progress progress;

    UsageRoutes(UsageFile usage, Progress progress) {
        this.usage = usage;
        this.progress = progress;
    }

    @Override
    public void configure() {
        // a real Lago accepts events at once and counts them some seconds later
        from("direct:usage").routeId("usage")
                .loopDoWhile(e -> progress.queryAgain())
                .split(constant(Customer.ALL)).to("direct:usage-of-customer").end()
                .filter(e -> progress.isUsageIncomplete()).delay(1_000).end()
                .end();

        from("direct:usage-of-customer").routeId("usage-of-customer")
                .setProperty("customer", body())
                .setHeader("CamelLagoPath.external_customer_id", simple("${body.id}"))
                .setHeader(LagoConstants.FILTER).body(Customer.class,
                        customer -> Map.of("external_subscription_id", customer.subscription(usage.run())))
                .to("lago:customers/{external_customer_id}/current_usage")
                .process(e -> progress.usage(e.getProperty("customer", Customer.class), e.getMessage().getBody(Map.class)))
                .log("${exchangeProperty.customer.name}: ${body[total_amount_cents]} cents so far this month");
    }
}
