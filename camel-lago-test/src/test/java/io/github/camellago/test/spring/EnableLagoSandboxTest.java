package io.github.camellago.test.spring;

import java.util.Map;

import io.github.camellago.test.LagoSandbox;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

@SpringJUnitConfig(EnableLagoSandboxTest.Nothing.class)
@TestPropertySource(properties = "camel.component.lago.api-key=of-production")
@EnableLagoSandbox(prefixes = {"camel.component.lago", "other"})
class EnableLagoSandboxTest {

    @Autowired
    private LagoSandbox sandbox;

    @Autowired
    private Environment environment;

    @Test
    void setsTheProperties() {
        assertThat(environment.getProperty("camel.component.lago.base-url")).isEqualTo(sandbox.baseUrl());
        assertThat(environment.getProperty("camel.component.lago.api-key")).isEqualTo(sandbox.apiKey());
        assertThat(environment.getProperty("other.base-url")).isEqualTo(sandbox.baseUrl());
    }

    @Test
    void updatesThePropertyWhenTheKeyIsRotated() {
        String fresh = sandbox.rotateKey();

        assertThat(environment.getProperty("camel.component.lago.api-key")).isEqualTo(fresh);
    }

    @RepeatedTest(2)
    void isResetBeforeEachTest() {
        assertThat(sandbox.records("customers")).isEmpty();
        sandbox.add("customers", Map.of("external_id", "acme"));
    }

    @Nested
    class Within {

        @Test
        void nestedClassUsesTheSandboxOfTheEnclosingClass(@Autowired LagoSandbox here) {
            assertThat(here).isSameAs(sandbox);
        }
    }

    @Configuration
    static class Nothing {}
}
