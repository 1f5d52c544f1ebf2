package io.github.camellago.kits;

import java.util.Map;
import java.util.Properties;

import io.github.camellago.test.LagoSandboxExtension;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** The sandbox in Camel Main's test kit for JUnit 5, camel-test-main-junit5: in the properties, as the key stands in production. */
class CamelMainTestKitTest extends CamelMainTestSupport {

    @RegisterExtension
    static LagoSandboxExtension lago = new LagoSandboxExtension();

    @Override
    public void configureContext(CamelContextConfiguration configuration) {
        super.configureContext(configuration);
        Properties properties = new Properties();
        properties.setProperty("camel.component.lago.base-url", lago.sandbox().baseUrl());
        properties.setProperty("camel.component.lago.api-key", lago.sandbox().apiKey());
        configuration.withUseOverridePropertiesWithPropertiesComponent(properties);
    }

    @Override
    protected void configure(MainConfigurationProperties configuration) {
        configuration.addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:customers").to("lago:customers");
            }
        });
    }

    @Test
    void aRouteReachesTheSandbox() {
        template.sendBody("direct:customers", Map.of("external_id", "acme"));

        assertThat(lago.sandbox().records("customers")).hasSize(1);
    }
}
