package io.github.camellago.dsl;

import io.github.camellago.OnRejected;
import io.github.camellago.dsl.LagoEndpointBuilderFactory.LagoBuilders;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;

public class BillingRoutes extends EndpointRouteBuilder implements LagoBuilders {

    @Override
    public void configure() {
        from(direct("usage"))
                .to(lago("events").batchInterval("1s").onRejected(OnRejected.REPORT));
        from(direct("failed"))
                .to(lago("invoices").operation("list").filter("payment_status", "failed"));
        from(direct("plan"))
                .to(lago("plans/{code}").path("code", "basic").operation("get"));
    }
}
