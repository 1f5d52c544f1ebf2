package io.github.camellago.examples.camelk;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.LagoSandboxExtension;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CamelKTest {

    @RegisterExtension
    static LagoSandboxExtension lago = new LagoSandboxExtension(LagoSandbox.builder().demo(true));

    private NotifyBuilder invoices;

    @Test
    void routeSendsUsageAndPipeReadsInvoices(LagoSandbox sandbox) throws Exception {
        long before = sandbox.eventCount();
        Main main = LocalRun.main(sandbox);
        try (ServerSocket free = new ServerSocket(0)) {
            main.addOverrideProperty("camel.server.port", String.valueOf(free.getLocalPort()));
        }
        main.addOverrideProperty("camel.main.duration-max-idle-seconds", "0");
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport starting) {
                invoices = new NotifyBuilder(starting.getCamelContext()).wereSentTo("log:*").whenDone(2).create();
            }
        });

        main.start();
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> sandbox.eventCount() - before == 10 && invoices.matches());
            assertThat(sandbox.events().get(0).get("transaction_id").toString()).startsWith("gateway/");
        } finally {
            main.stop();
        }
    }

    @Test
    void integrationContainsTheRoute() {
        Map<?, ?> integration = (Map<?, ?>) yaml("metering.integration.yaml");

        Map<?, ?> spec = (Map<?, ?>) integration.get("spec");
        assertThat(spec.get("flows")).isEqualTo(yaml("metering.camel.yaml"));
        assertThat(spec.get("dependencies").toString()).startsWith("[mvn:io.github.camellago:camel-lago:");
        assertThat(((Map<?, ?>) ((Map<?, ?>) spec.get("traits")).get("mount")).get("configs"))
                .isEqualTo(List.of("secret:lago"));
    }

    @Test
    void secretHasThePropertiesThatTheResourcesUse() {
        Map<?, ?> secret = (Map<?, ?>) yaml("secret.yaml");

        assertThat(((Map<?, ?>) secret.get("metadata")).get("name")).isEqualTo("lago");
        assertThat(((Map<?, ?>) secret.get("stringData")).get("lago.properties").toString()).contains("lago.api-key = ",
                "lago.region = ", "lago.base-url =", "camel.kamelet.lago-source.apiKey = {{lago.api-key}}");
    }

    private static Object yaml(String name) {
        return new Load(LoadSettings.builder().build())
                .loadFromInputStream(CamelKTest.class.getResourceAsStream("/kubernetes/" + name));
    }
}
