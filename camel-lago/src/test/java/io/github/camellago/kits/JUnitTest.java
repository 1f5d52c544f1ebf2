package io.github.camellago.kits;

import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.LagoSandboxExtension;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** The sandbox in JUnit 5 and nothing else. */
@ExtendWith(LagoSandboxExtension.class)
class JUnitTest {

    @Test
    void aRouteInACamelContextOfTheTestReachesTheSandbox(LagoSandbox sandbox) throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            LagoComponent lago = context.getComponent("lago", LagoComponent.class);
            lago.getConfiguration().setBaseUrl(sandbox.baseUrl());
            lago.getConfiguration().setApiKey(sandbox.apiKey());
            context.start();

            context.createProducerTemplate().sendBody("lago:customers", Map.of("external_id", "acme"));
        }

        assertThat(sandbox.records("customers")).hasSize(1);
    }
}
