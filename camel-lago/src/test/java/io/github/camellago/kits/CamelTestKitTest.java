package io.github.camellago.kits;

import java.util.Map;

import io.github.camellago.test.LagoSandboxExtension;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** The sandbox in Camel's test kit for JUnit 5, camel-test-junit5. */
class CamelTestKitTest extends CamelTestSupport {

    @RegisterExtension
    static LagoSandboxExtension lago = new LagoSandboxExtension();

    @Override
    protected RouteBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                String account = "baseUrl=" + lago.sandbox().baseUrl() + "&apiKey=" + lago.sandbox().apiKey();
                from("direct:customers").to("lago:customers?" + account);
            }
        };
    }

    @Test
    void aRouteReachesTheSandbox() {
        template.sendBody("direct:customers", Map.of("external_id", "acme"));

        assertThat(lago.sandbox().records("customers")).hasSize(1);
    }

    @Test
    void theSandboxIsResetBeforeEachTest() {
        assertThat(lago.sandbox().records("customers")).isEmpty();
    }
}
