package io.github.camellago.examples.metering;

import java.util.List;
import java.util.Map;

import io.github.camellago.api.LagoValidationException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;

/** Creates metrics, a plan, customers and their subscriptions before usage is sent. Can be repeated. */
class SeedRoutes extends RouteBuilder {

    private final UsageFile usage;
    private final Progress progress;
    private final boolean invoiced;

    /** @param invoiced whether to create an invoice for each customer */
    SeedRoutes(UsageFile usage, Progress progress, boolean invoiced) {
        this.usage = usage;
        this.progress = progress;
        this.invoiced = invoiced;
    }

    @Override
    public void configure() {
        onException(LagoValidationException.class).onWhen(SeedRoutes::exists).continued(true);

        from("direct:seed").routeId("seed")
                .split(constant(PriceList.METRICS), new GroupedBodyAggregationStrategy())
                .setHeader("CamelLagoPath.code", simple("${body[code]}"))
                .to("lago:billable_metrics")
                .to("lago:billable_metrics/{code}?operation=get")
                .transform().body(Map.class, PriceList::charge)
                .end()
                .transform().body(List.class, PriceList::plan)
                .to("lago:plans")
                .setBody(constant(PriceList.addOn())).to("lago:add_ons")
                .split(constant(Customer.ALL)).to("direct:seed-customer").end();

        from("direct:seed-customer").routeId("seed-customer")
                .setProperty("customer", body())
                .setBody(e -> customer(of(e))).to("lago:customers")
                .setBody(e -> subscription(of(e))).to("lago:subscriptions")
                .filter(constant(invoiced))
                .setBody(e -> invoice(of(e))).to("lago:invoices")
                .process(e -> progress.issued());
    }

    private static Customer of(Exchange exchange) {
        return exchange.getProperty("customer", Customer.class);
    }

    private static Map<String, Object> customer(Customer customer) {
        return Map.of("external_id", customer.id(), "name", customer.name(), "currency", "EUR");
    }

    private Map<String, Object> subscription(Customer customer) {
        return Map.of("external_customer_id", customer.id(), "plan_code", PriceList.PLAN, "external_id",
                customer.subscription(usage.run()), "subscription_at", usage.month().toString());
    }

    private static Map<String, Object> invoice(Customer customer) {
        return Map.of("external_customer_id", customer.id(), "currency", "EUR", "fees",
                List.of(Map.of("add_on_code", PriceList.ADD_ON, "units", 1)));
    }

    private static boolean exists(Exchange exchange) {
        LagoValidationException refusal = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, LagoValidationException.class);
        return refusal.getErrorDetails().toString().contains("value_already_exist");
    }
}
