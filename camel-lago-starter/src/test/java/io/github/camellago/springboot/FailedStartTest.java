package io.github.camellago.springboot;

import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A failed start reports the cause and the fix instead of a stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class FailedStartTest {

    @Test
    void reportsAMissingKey(CapturedOutput output) {
        failsToStart("--spring.profiles.active=routes");

        assertThat(output).contains("APPLICATION FAILED TO START")
                .contains("The endpoint lago://customers cannot be created. The option apiKey is required")
                .contains("Set camel.component.lago.api-key to Lago's API key")
                .contains("CAMEL_COMPONENT_LAGO_APIKEY").contains("camel.component.lago.credentials=#bean:NAME")
                .doesNotContain("\tat ");
    }

    @Test
    void reportsAMissingKeyOfAnAccount(CapturedOutput output) {
        failsToStart("--spring.profiles.active=staging", "--camel.component.lago.api-key=key",
                "--camel.component.lago.accounts.lago-staging.base-url=https://lago.example.com");

        assertThat(output).contains("The endpoint lago-staging://customers cannot be created")
                .contains("Set camel.component.lago.accounts.lago-staging.api-key")
                .doesNotContain("(camel.component.lago.api-key)");
    }

    @ParameterizedTest
    @CsvSource({"base-url,lago.example.com,base-url", "ingest-url,ingest.example.com,ingest-url"})
    void reportsAMalformedUrlOfAnAccount(String option, String value, String named, CapturedOutput output) {
        failsToStart("--camel.component.lago.api-key=key", "--camel.component.lago.accounts.lago-eu." + option + "=" + value);

        assertThat(output).contains("APPLICATION FAILED TO START")
                .contains("Set camel.component.lago.accounts.lago-eu." + named + " to").doesNotContain("\tat ");
    }

    @Test
    void reportsBothKeyAndCredentialsOfAnAccount(CapturedOutput output) {
        failsToStart("--camel.component.lago.api-key=key", "--camel.component.lago.accounts.lago-eu.api-key=key",
                "--camel.component.lago.accounts.lago-eu.credentials=#bean:keys");

        assertThat(output).contains("Set only one of them: either camel.component.lago.accounts.lago-eu.api-key, or"
                + " camel.component.lago.accounts.lago-eu.credentials");
    }

    @Test
    void startsWithoutAKeyIfNoRouteUsesLago() {
        start().close();
    }

    @Test
    void reportsAMalformedUrl(CapturedOutput output) {
        failsToStart("--spring.profiles.active=routes", "--camel.component.lago.api-key=the-secret-key",
                "--camel.component.lago.base-url=lago.example.com");

        assertThat(output).contains("APPLICATION FAILED TO START").contains("lago.example.com is not a Lago server's URL")
                .contains("it must start with http:// or https://").contains("Set camel.component.lago.base-url to")
                .doesNotContain("the-secret-key").doesNotContain("\tat ");
    }

    @Test
    void reportsBothKeyAndCredentials(CapturedOutput output) {
        failsToStart("--spring.profiles.active=routes", "--camel.component.lago.api-key=the-secret-key",
                "--camel.component.lago.credentials=#bean:keys");

        assertThat(output).contains("APPLICATION FAILED TO START")
                .contains("camel.component.lago.api-key and camel.component.lago.credentials contradict each other")
                .contains("Set only one of them").doesNotContain("the-secret-key").doesNotContain("\tat ");
    }

    @Test
    void reportsAnAccountNameThatIsNotAComponentName(CapturedOutput output) {
        failsToStart("--camel.component.lago.accounts.lago.region=EU");

        assertThat(output).contains("APPLICATION FAILED TO START")
                .contains("The account lago is not a valid component name");
    }

    @Test
    void reportsAnUnknownRegion(CapturedOutput output) {
        failsToStart("--spring.profiles.active=routes", "--camel.component.lago.region=Mars");

        assertThat(output).contains("APPLICATION FAILED TO START").contains("camel.component.lago.region")
                .contains("EU").contains("US");
    }

    private static void failsToStart(String... arguments) {
        assertThatThrownBy(() -> start(arguments)).isNotNull();
    }

    private static org.springframework.context.ConfigurableApplicationContext start(String... arguments) {
        return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).run(arguments);
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        @Profile("routes")
        RouteBuilder routes() {
            return to("lago:customers");
        }

        @Bean
        @Profile("staging")
        RouteBuilder staging() {
            return to("lago-staging:customers");
        }

        private static RouteBuilder to(String uri) {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:customers").to(uri);
                }
            };
        }
    }
}
