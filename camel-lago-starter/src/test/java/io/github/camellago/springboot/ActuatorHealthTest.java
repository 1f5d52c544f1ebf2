package io.github.camellago.springboot;

import java.time.Duration;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.spring.EnableLagoSandbox;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.health.HealthComponent;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Lago's health as Actuator shows it. */
@SpringBootTest(properties = {"camel.health.producers-enabled=true", "camel.health.exposure-level=full",
        "management.endpoint.health.show-details=always"})
@EnableLagoSandbox
class ActuatorHealthTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Autowired
    private LagoSandbox sandbox;

    @Autowired
    private HealthEndpoint health;

    @Test
    void goesDownWhenTheKeyIsRevoked() throws Exception {
        await().atMost(SOON).until(() -> camel().getStatus().equals(Status.UP));
        assertThat(health()).contains("\"producer:lago\":\"UP\"", "\"consumer:invoices\":\"UP\"");

        String key = sandbox.apiKey();
        sandbox.revokeKey(key);

        await().atMost(SOON).until(() -> camel().getStatus().equals(Status.DOWN));
        await().atMost(SOON).untilAsserted(
                () -> assertThat(health()).contains("\"producer:lago\":\"DOWN\"", "\"consumer:invoices\":\"DOWN\"",
                        "\"lago.reason\":\"wrong_key\""));
        assertThat(health()).doesNotContain(key);
    }

    private HealthComponent camel() {
        return health.healthForPath("camelHealth");
    }

    private String health() throws Exception {
        return new ObjectMapper().writeValueAsString(camel());
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        RouteBuilder routes() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:usage").to("lago:events");
                    from("lago:invoices?delay=100&initialDelay=0").routeId("invoices").to("log:invoices");
                }
            };
        }
    }
}
