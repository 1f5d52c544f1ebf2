package io.github.camellago.examples.springboot;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Simulates the sandbox's customers: sends their usage to the application over HTTP, and issues invoices from time to time. */
@Component
@ConditionalOnProperty("example.demo")
class DemoRoutes extends RouteBuilder {

    private static final List<String> CUSTOMERS = List.of("acme", "acme", "acme", "globex");

    @Override
    public void configure() {
        from("timer:customers?period=50").routeId("demo-usage")
                .setBody(exchange -> event())
                .to("direct:usage");

        from("timer:invoices?period=10000&delay=5000").routeId("demo-invoices")
                .setBody(exchange -> Map.of("external_customer_id", any(CUSTOMERS), "currency", "EUR", "fees",
                        List.of(Map.of("add_on_code", "setup", "units", String.valueOf(random(4) + 1)))))
                .to("lago:invoices");
    }

    private static Map<String, Object> event() {
        String subscription = "sub-" + any(CUSTOMERS);
        return random(4) == 0
                ? Map.of("transaction_id", UUID.randomUUID().toString(), "external_subscription_id", subscription, "code",
                        "storage_gb", "properties", Map.of("gb", random(5) + 1))
                : Map.of("transaction_id", UUID.randomUUID().toString(), "external_subscription_id", subscription, "code",
                        "api_calls");
    }

    private static String any(List<String> list) {
        return list.get(random(list.size()));
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }
}
