package io.github.camellago.examples.webhooks;

import java.util.List;
import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** Makes the sandbox send webhooks: issues, pays and voids invoices, and sends some invalid usage. */
class BusinessRoutes extends RouteBuilder {

    private static final List<String> NAMES = List.of("Acme", "Borealis", "Corvid Labs", "Dune Freight", "Ember & Oak");

    @Override
    public void configure() {
        from("timer:opening?repeatCount=1&delay=0").routeId("opening")
                .setBody(constant(Map.of("code", "setup", "name", "Setup", "amount_cents", 4900, "amount_currency", "EUR")))
                .to("lago:add_ons")
                .split(constant(NAMES))
                .setBody(e -> Map.of("external_id", id(e.getMessage().getBody(String.class)), "name",
                        e.getMessage().getBody(), "currency", "EUR"))
                .to("lago:customers")
                .end()
                .process(e -> e.getContext().getRouteController().startRoute("business"));

        from("timer:business?period={{example.period:1500}}&includeMetadata=true").routeId("business").autoStartup(false)
                .choice()
                .when(e -> count(e) % 4 == 0)
                .setBody(e -> Map.of("code", "no_such_metric", "external_subscription_id", "sub-" + count(e)))
                .to("lago:events")
                .otherwise()
                .setBody(e -> Map.of("external_customer_id", id(NAMES.get((int) (count(e) % NAMES.size()))), "currency", "EUR",
                        "fees", List.of(Map.of("add_on_code", "setup", "units", count(e) % 7 + 1))))
                .to("lago:invoices")
                .choice()
                .when(e -> count(e) % 4 == 1)
                .setBody(constant(Map.of("payment_status", "succeeded")))
                .to("lago:invoices?operation=update")
                .endChoice()
                .when(e -> count(e) % 4 == 2)
                .setBody(constant(null))
                .to("lago:invoices?operation=void");
    }

    private static long count(Exchange exchange) {
        return exchange.getProperty(Exchange.TIMER_COUNTER, Long.class);
    }

    private static String id(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z]+", "-");
    }
}
