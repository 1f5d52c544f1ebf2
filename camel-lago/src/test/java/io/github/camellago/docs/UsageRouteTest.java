package io.github.camellago.docs;

import io.github.camellago.LagoComponent;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.junit.jupiter.api.Test;

class UsageRouteTest extends CamelTestSupport {

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("file:usage").routeId("usage")
                        .to("lago:events?batchInterval=1s");
            }
        };
    }

    @Override
    public void configureTest(TestExecutionConfiguration configuration) {
        configuration.withUseAdviceWith(true);
    }

    @Test
    void sendsEachFile() throws Exception {
        context.getComponent("lago", LagoComponent.class).getConfiguration().setApiKey("any");
        AdviceWith.adviceWith(context, "usage", route -> {
            route.replaceFromWith("direct:usage");
            route.mockEndpointsAndSkip("lago*");
        });
        context.start();
        MockEndpoint lago = getMockEndpoint("mock:lago:events");
        lago.expectedBodiesReceived("{\"code\": \"api_calls\"}");

        template.sendBody("direct:usage", "{\"code\": \"api_calls\"}");

        lago.assertIsSatisfied();
    }
}
