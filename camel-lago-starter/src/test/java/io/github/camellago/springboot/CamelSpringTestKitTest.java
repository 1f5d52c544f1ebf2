package io.github.camellago.springboot;

import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.spring.EnableLagoSandbox;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spring.SpringCamelContext;
import org.apache.camel.test.spring.junit5.CamelSpringTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.test.context.ContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/** The sandbox in Spring without Spring Boot, with camel-test-spring-junit5. */
@CamelSpringTest
@ContextConfiguration(classes = CamelSpringTestKitTest.Application.class)
@EnableLagoSandbox
class CamelSpringTestKitTest {

    @Autowired
    private LagoSandbox sandbox;

    @Autowired
    private CamelContext context;

    @Test
    void routeReachesTheSandbox() {
        ProducerTemplate template = context.createProducerTemplate();

        template.sendBody("direct:customers", Map.of("external_id", "acme"));

        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @Configuration
    static class Application {

        @Bean
        static PropertySourcesPlaceholderConfigurer placeholders() {
            return new PropertySourcesPlaceholderConfigurer();
        }

        @Bean
        LagoComponent lago(@Value("${camel.component.lago.base-url}") String baseUrl,
                @Value("${camel.component.lago.api-key}") String apiKey) {
            LagoComponent component = new LagoComponent();
            component.getConfiguration().setBaseUrl(baseUrl);
            component.getConfiguration().setApiKey(apiKey);
            return component;
        }

        @Bean
        CamelContext camel(ApplicationContext application) throws Exception {
            SpringCamelContext context = new SpringCamelContext(application);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:customers").to("lago:customers");
                }
            });
            return context;
        }
    }
}
