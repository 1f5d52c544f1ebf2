package io.github.camellago.examples.metering;

import java.util.Map;

import io.github.camellago.LagoConstants;
import org.apache.camel.builder.RouteBuilder;

/** What each customer has used so far this month, as Lago counts it. */
class UsageRoutes extends RouteBuilder {

    private final UsageFile usage;
    private final Books books;

    UsageRoutes(UsageFile usage, Books books) {
        this.usage = usage;
        this.books = books;
    }

    @Override
    public void configure() {
        // a real Lago takes events in at once and counts them a little later
        from("direct:usage").routeId("usage")
                .loopDoWhile(e -> books.looksAgain())
                .split(constant(Customer.ALL)).to("direct:usage-of-customer").end()
                .filter(e -> books.usageLags()).delay(1_000).end()
                .end();

        from("direct:usage-of-customer").routeId("usage-of-customer")
                .setProperty("customer", body())
                .setHeader("external_customer_id", simple("${body.id}"))
                .setHeader(LagoConstants.FILTER).body(Customer.class,
                        customer -> Map.of("external_subscription_id", customer.subscription(usage.run())))
                .to("lago:customers/{external_customer_id}/current_usage")
                .process(e -> books.usage(e.getProperty("customer", Customer.class), e.getMessage().getBody(Map.class)))
                .log("${exchangeProperty.customer.name}: ${body[total_amount_cents]} cents so far this month");
    }
}
