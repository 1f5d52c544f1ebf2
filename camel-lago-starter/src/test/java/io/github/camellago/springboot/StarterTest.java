package io.github.camellago.springboot;

import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.spring.EnableLagoSandbox;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/** The starter with the properties that the sandbox sets. */
@CamelSpringBootTest
@SpringBootTest(properties = "camel.component.lago.retry-delay=20ms")
@EnableLagoSandbox
class StarterTest {

    @Autowired
    private LagoSandbox sandbox;

    @Autowired
    private ProducerTemplate template;

    @Autowired
    private CamelContext context;

    @Test
    void routeReachesTheSandbox() {
        template.sendBody("direct:customers", Map.of("external_id", "acme"));

        assertThat(sandbox.records("customers")).singleElement()
                .satisfies(customer -> assertThat(customer).containsEntry("external_id", "acme"));
    }

    @Test
    void usesARotatedKeyWithoutARestart() {
        template.sendBody("direct:customers", Map.of("external_id", "acme"));
        sandbox.rotateKey();

        template.sendBody("direct:customers", Map.of("external_id", "globex"));

        assertThat(sandbox.records("customers")).hasSize(2);
        assertThat(sandbox.statusCount(401)).isEqualTo(1);
    }

    @Test
    void readsDurationsInSpringsFormat() {
        assertThat(context.getComponent("lago", LagoComponent.class).getConfiguration().getRetryDelay()).isEqualTo(20);
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        RouteBuilder routes() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:customers").to("lago:customers");
                }
            };
        }
    }
}
