package io.github.camellago.examples.xml;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.camellago.test.LagoSandbox;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the example as its command does, and looks at what came of it before the sandbox is gone. */
class XmlTest {

    @TempDir
    Path work;

    private long events;
    private int invoices;

    @Test
    void doesTheMainJob() throws Exception {
        Main main = new Main();
        main.addOverrideProperty("work", work.toString());
        main.addOverrideProperty("sandbox.port", String.valueOf(freePort()));
        main.addOverrideProperty("camel.main.duration-max-idle-seconds", "2");
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeStop(BaseMainSupport stopping) {
                CamelContext context = stopping.getCamelContext();
                LagoSandbox sandbox = context.getRegistry().lookupByNameAndType("sandbox", LagoSandbox.class);
                events = sandbox.eventCount();
                invoices = sandbox.records("invoices").size();
            }
        });

        main.run();

        // 60 for each of two customers were there from the start
        assertThat(events).isEqualTo(120 + 120);
        assertThat(invoices).isPositive();
        assertThat(files("invoices")).isEqualTo(invoices);
        assertThat(files("usage/.camel")).isEqualTo(1);
        assertThat(work.resolve("rejected")).doesNotExist();
    }

    private long files(String folder) throws IOException {
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
