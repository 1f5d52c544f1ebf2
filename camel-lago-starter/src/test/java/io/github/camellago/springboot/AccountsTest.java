package io.github.camellago.springboot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.github.camellago.LagoComponent;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Accounts and the sources of their keys. */
class AccountsTest {

    private static final AtomicReference<String> KEY = new AtomicReference<>();

    private final LagoSandbox production = LagoSandbox.start();
    private final LagoSandbox staging = LagoSandbox.start();
    private ConfigurableApplicationContext application;

    @BeforeEach
    void keys() {
        KEY.set(production.apiKey());
    }

    @AfterEach
    void close() {
        if (application != null) {
            application.close();
        }
        production.close();
        staging.close();
    }

    @Test
    void createsAComponentForEachAccount() {
        run(Map.of("camel.component.lago.base-url", production.baseUrl(), "camel.component.lago.api-key", production.apiKey(),
                "camel.component.lago.accounts.lago-staging.base-url", staging.baseUrl(),
                "camel.component.lago.accounts.lago-staging.api-key", staging.apiKey()));

        create("lago:customers", "acme");
        create("lago-staging:customers", "globex");

        assertThat(production.records("customers")).extracting(c -> c.get("external_id")).containsExactly("acme");
        assertThat(staging.records("customers")).extracting(c -> c.get("external_id")).containsExactly("globex");
    }

    @Test
    void accountInheritsOptionsExceptTheKeyAndTheServer() {
        run(Map.of("camel.component.lago.base-url", production.baseUrl(), "camel.component.lago.api-key", production.apiKey(),
                "camel.component.lago.per-page", "20", "camel.component.lago.max-retries", "1",
                "camel.component.lago.idempotent-repository",
                "#class:org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository",
                "camel.component.lago.accounts.lago-eu.region", "eu", "camel.component.lago.accounts.lago-eu.per-page", "30"));

        LagoComponent eu = application.getBean(CamelContext.class).getComponent("lago-eu", LagoComponent.class);
        assertThat(eu.getConfiguration().getMaxRetries()).isEqualTo(1);
        assertThat(eu.getConfiguration().getPerPage()).isEqualTo(30);
        assertThat(eu.getConfiguration().getRegion()).hasToString("EU");
        assertThat(eu.getConfiguration().getBaseUrl()).isNull();
        assertThat(eu.getConfiguration().getIdempotentRepository()).isNull();
        assertThat(eu.getConfiguration().getApiKey()).isNull();
        assertThat(eu.getConfiguration().getCredentials()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAMEL_COMPONENT_LAGO_ACCOUNTS_LAGOEU_APIKEY", "CAMEL_COMPONENT_LAGO_ACCOUNTS_LAGO_EU_API_KEY"})
    void environmentVariablesOfAnAccountDoNotCreateASecondAccount(String variable) {
        run(Map.of("camel.component.lago.accounts.lago-eu.base-url", staging.baseUrl()),
                context -> context.getEnvironment().getPropertySources().addFirst(new SystemEnvironmentPropertySource(
                        "test-systemEnvironment", Map.of(variable, staging.apiKey()))));

        create("lago-eu:customers", "acme");

        assertThat(staging.records("customers")).hasSize(1);
        assertThat(application.getBean(CamelContext.class).hasComponent("lagoeu")).isNull();
    }

    @Test
    void doesNotConfigureAComponentThatTheApplicationDefines() {
        run(Map.of("camel.component.lago.base-url", production.baseUrl(), "camel.component.lago.api-key", production.apiKey(),
                "own.url", staging.baseUrl(), "own.key", staging.apiKey()));

        create("own:customers", "initech");

        assertThat(staging.records("customers")).hasSize(1);
        assertThat(production.requestCount()).isZero();
    }

    @Test
    void readsTheKeyFromASupplierBean() {
        run(Map.of("camel.component.lago.base-url", production.baseUrl(), "camel.component.lago.credentials", "#bean:keys"));
        create("lago:customers", "acme");

        KEY.set(production.rotateKey());
        create("lago:customers", "globex");

        assertThat(production.records("customers")).hasSize(2);
    }

    @Test
    void readsTheKeyFromAConfigTreeAgainAfterARotation(@TempDir Path secrets) throws Exception {
        Path file = secrets.resolve("camel.component.lago.api-key");
        Files.writeString(file, production.apiKey() + "\n");
        run(Map.of("camel.component.lago.base-url", production.baseUrl(), "spring.config.import",
                "configtree:" + secrets + "/"));
        create("lago:customers", "acme");

        Files.writeString(file, production.rotateKey() + "\n");
        create("lago:customers", "globex");

        assertThat(production.records("customers")).hasSize(2);
    }

    @Test
    void readsTheKeyFromAPropertySourceAgainAfterARotation() {
        Map<String, Object> vault = new java.util.concurrent.ConcurrentHashMap<>();
        vault.put("secret.lago", production.apiKey());
        run(Map.of("camel.component.lago.base-url", production.baseUrl(), "camel.component.lago.api-key", "${secret.lago}"),
                context -> context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("vault", vault)));
        create("lago:customers", "acme");

        vault.put("secret.lago", production.rotateKey());
        create("lago:customers", "globex");

        assertThat(production.records("customers")).hasSize(2);
    }

    @Test
    void connectionDetailsTakePrecedenceOverProperties() {
        run(Map.of("camel.component.lago.base-url", "https://lago.invalid", "camel.component.lago.api-key", "other",
                "camel.component.lago.region", "EU", "camel.component.lago.ingest-url", "https://ingest.invalid"),
                context -> context.getBeanFactory().registerSingleton("details", new LagoConnectionDetails() {
                    @Override
                    public String getBaseUrl() {
                        return production.baseUrl();
                    }

                    @Override
                    public String getApiKey() {
                        return production.apiKey();
                    }
                }));
        create("lago:customers", "acme");

        production.rotateKey();
        create("lago:customers", "globex");

        assertThat(production.records("customers")).hasSize(2);
    }

    private void run(Map<String, String> properties) {
        run(properties, context -> {});
    }

    private void run(Map<String, String> properties, ApplicationContextInitializer<ConfigurableApplicationContext> more) {
        SpringApplication app = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).initializers(more)
                .build();
        application = app.run(properties.entrySet().stream().map(p -> "--" + p.getKey() + "=" + p.getValue())
                .toArray(String[]::new));
    }

    private void create(String uri, String externalId) {
        Exchange sent = application.getBean(ProducerTemplate.class).request(uri,
                exchange -> exchange.getMessage().setBody(Map.of("external_id", externalId)));
        assertThat(sent.getException()).isNull();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Supplier<String> keys() {
            return KEY::get;
        }

        @Bean
        LagoComponent own(org.springframework.core.env.Environment environment) {
            LagoComponent component = new LagoComponent();
            component.getConfiguration().setBaseUrl(environment.getProperty("own.url"));
            component.getConfiguration().setApiKey(environment.getProperty("own.key"));
            return component;
        }
    }
}
