package io.github.camellago.springboot;

import java.util.Map;
import java.util.function.Supplier;

import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.spring.EnableLagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/** With {@link EnableLagoSandbox}, no account reaches its real server. */
@SpringBootTest(properties = {
        "camel.component.lago.region=EU", "camel.component.lago.ingest-url=https://ingest.invalid",
        "camel.component.lago.credentials=#bean:production", "camel.component.lago.max-retries=0",
        "camel.component.lago.accounts.url.base-url=https://lago.invalid",
        "camel.component.lago.accounts.url.api-key=production",
        "camel.component.lago.accounts.region.region=EU", "camel.component.lago.accounts.region.api-key=production",
        "camel.component.lago.accounts.bean.base-url=https://lago.invalid",
        "camel.component.lago.accounts.bean.credentials=#bean:production",
        "camel.component.lago.accounts.ingest.api-key=production",
        "camel.component.lago.accounts.ingest.ingest-url=https://ingest.invalid",
        "camel.component.lago.accounts[Spelt.Otherwise].base-url=https://lago.invalid",
        "camel.component.lago.accounts[Spelt.Otherwise].api-key=production"})
@EnableLagoSandbox
class SandboxAccountsTest {

    @Autowired
    private LagoSandbox sandbox;

    @Autowired
    private ProducerTemplate template;

    @ParameterizedTest
    @ValueSource(strings = {"lago", "url", "region", "bean", "ingest", "Spelt.Otherwise"})
    void reachesTheSandbox(String account) {
        Map.of("customers", Map.of("external_id", "acme"), "events",
                Map.of("code", "calls", "external_subscription_id", "sub-1"))
                .forEach((resource, body) -> {
                    Exchange sent = template.request(account + ":" + resource, exchange -> exchange.getMessage().setBody(body));
                    assertThat(sent.getException()).as(resource).isNull();
                });
        assertThat(sandbox.records("customers")).hasSize(1);
        assertThat(sandbox.events()).hasSize(1);
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Supplier<String> production() {
            return () -> "production";
        }

        @Bean
        LagoConnectionDetails platform() {
            return new LagoConnectionDetails() {
                @Override
                public String getBaseUrl() {
                    return "https://lago.invalid";
                }

                @Override
                public String getApiKey() {
                    return "production";
                }
            };
        }
    }
}
