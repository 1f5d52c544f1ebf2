package io.github.camellago.examples.yaml;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.github.camellago.test.LagoSandbox;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Runs the example like its command, and checks the results. */
class YamlTest {

    @TempDir
    Path work;

    @Test
    void sendsUsageAndWritesInvoices() throws Exception {
        Main main = new Main();
        main.addOverrideProperty("work", work.toString());
        main.addOverrideProperty("sandbox.port", String.valueOf(freePort()));
        main.addOverrideProperty("camel.main.duration-max-idle-seconds", "0");

        main.start();
        try {
            LagoSandbox sandbox = main.getCamelContext().getRegistry().lookupByNameAndType("sandbox", LagoSandbox.class);
            // the sandbox starts with 60 events for each of two customers
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                assertThat(sandbox.eventCount()).isEqualTo(120 + 120);
                assertThat(files("invoices")).isEqualTo(sandbox.records("invoices").size()).isPositive();
                assertThat(files("usage/.camel")).isEqualTo(1);
            });
            assertThat(work.resolve("rejected")).doesNotExist();
            assertThat(sandbox.requests()).anySatisfy(r -> assertThat(r.path()).endsWith("/customers/acme/current_usage"));
        } finally {
            main.stop();
        }
    }

    private long files(String folder) throws IOException {
        if (!Files.exists(work.resolve(folder))) {
            return 0;
        }
        try (var files = Files.list(work.resolve(folder))) {
            return files.count();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
