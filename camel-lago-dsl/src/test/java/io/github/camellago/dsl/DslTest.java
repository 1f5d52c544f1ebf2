package io.github.camellago.dsl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.dsl.LagoEndpointBuilderFactory.LagoBuilders;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.LagoSandboxExtension;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** The generated builders create the endpoints and components that their text forms create. */
class DslTest extends CamelTestSupport {

    @RegisterExtension
    static LagoSandboxExtension extension = new LagoSandboxExtension();

    private LagoSandbox sandbox;

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        LagoComponentBuilderFactory.lago().baseUrl(sandbox.baseUrl()).apiKey(sandbox.apiKey()).maxRetries(1)
                .responseTimeout(7_000).register(context, "lago");
        return context;
    }

    @Override
    protected RoutesBuilder[] createRouteBuilders() {
        return new RoutesBuilder[]{new BillingRoutes(), new Plans()};
    }

    /** Builders in a class of another kind. */
    private static class Plans extends RouteBuilder implements LagoBuilders {

        @Override
        public void configure() {
            from("direct:plans").to(lago("plans").operation("list"));
        }
    }

    @Test
    void theRoutesOfTheReadmeAreTested() throws IOException {
        String routes = Files.readString(Path.of("src/test/java/io/github/camellago/dsl/BillingRoutes.java"));

        assertThat(Files.readString(Path.of("README.md")))
                .contains(routes.replace("package io.github.camellago.dsl;\n\n", ""));
    }

    @Test
    void sendsEvents() {
        Object event = Map.of("transaction_id", "tx-1", "external_subscription_id", "sub-1", "code", "calls");

        template.sendBody("direct:usage", event);

        assertThat(sandbox.events()).hasSize(1);
    }

    @Test
    void fillsPlaceholders() {
        sandbox.add("plans", Map.of("code", "basic", "name", "Basic"));

        assertThat(template.requestBody("direct:plans", (Object) null, List.class)).hasSize(1);
        assertThat(template.requestBody("direct:plan", (Object) null, Map.class)).containsEntry("name", "Basic");
    }

    @Test
    void setsFilters() {
        sandbox.add("invoices", Map.of("payment_status", "failed", "number", "1"));
        sandbox.add("invoices", Map.of("payment_status", "succeeded", "number", "2"));

        assertThat(template.requestBody("direct:failed", (Object) null, List.class)).hasSize(1);
    }

    @Test
    void configuresTheComponent() {
        LagoComponent component = context.getComponent("lago", LagoComponent.class);

        assertThat(component.getConfiguration().getMaxRetries()).isEqualTo(1);
        assertThat(component.getConfiguration().getResponseTimeout()).isEqualTo(7_000);
    }
}
