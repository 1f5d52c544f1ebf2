package io.github.camellago.examples.springboot;

import java.util.Map;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Reads the current usage of each subscription from Lago at an interval, and keeps the answers for the page. */
@Component
class CurrentUsageRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("timer:currentUsage?period={{example.usage.period}}").routeId("current-usage")
                .to("lago:subscriptions?operation=list&filter.status=active")
                .split(body())
                .setProperty("customer", simple("${body[external_customer_id]}"))
                .setHeader("CamelLagoPath.external_customer_id", simple("${body[external_customer_id]}"))
                .setHeader("CamelLagoFilter").body(Map.class, s -> Map.of("external_subscription_id", s.get("external_id")))
                .to("lago:customers/{external_customer_id}/current_usage")
                .bean(UsageHistory.class, "add(${exchangeProperty.customer}, ${body})")
                .end();
    }
}
