package io.github.camellago.events;

import java.io.File;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.ChildProcess;
import io.github.camellago.RouteTestSupport;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A process that is killed in mid-stream, and started again on the same file. */
class EventsKilledIT extends RouteTestSupport {

    private static final int EVENTS = Integer.getInteger("lago.killed.events", 5_000);
    private static final int KILLS = Integer.getInteger("lago.kills", 2);

    @TempDir
    private Path directory;

    @Test
    void everyEventIsStoredOnce() throws Exception {
        Path file = directory.resolve("usage.jsonl");
        ObjectMapper json = new ObjectMapper();
        try (Writer lines = Files.newBufferedWriter(file)) {
            for (int i = 0; i < EVENTS; i++) {
                lines.write(json.writeValueAsString(event("t-" + i)) + "\n");
            }
        }
        sandbox.faults().on("POST", "/events/batch").delay(Duration.ofMillis(150));
        for (int kill = 1; kill <= KILLS; kill++) {
            Process process = start();
            int due = EVENTS * kill / (KILLS + 1);
            await().pollInterval(Duration.ofMillis(1)).atMost(Duration.ofSeconds(60))
                    .until(() -> sandbox.eventCount() >= due || !process.isAlive());
            assertThat(process.isAlive()).isTrue();
            process.destroyForcibly().waitFor();
            assertThat(sandbox.eventCount()).isLessThan(EVENTS);
            assertThat(file).exists();
        }

        Process last = start();
        await().atMost(Duration.ofSeconds(60)).until(() -> !Files.exists(file) || !last.isAlive());
        last.destroy();

        assertThat(directory.resolve(".camel/usage.jsonl")).exists();
        assertThat(sandbox.events()).hasSize(EVENTS);
        assertThat(sandbox.events().stream().map(e -> e.get("transaction_id")).distinct()).hasSize(EVENTS);
        assertThat(sandbox.statusCount(422)).isPositive();
    }

    private Process start() throws Exception {
        return ChildProcess.start(Child.class, List.of("-Xmx128m"), new File(directory.getParent().toFile(), "killed.log"),
                directory.toString(), sandbox.baseUrl(), sandbox.apiKey());
    }

    /** The process: reads a file, and sends its events. */
    public static final class Child {

        private Child() {}

        public static void main(String[] args) throws Exception {
            DefaultCamelContext context = new DefaultCamelContext();
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("file:" + args[0] + "?initialDelay=0&include=.*jsonl")
                            .to("lago:events?baseUrl=" + args[1] + "&apiKey=" + args[2]);
                }
            });
            context.start();
            Thread.currentThread().join();
        }
    }
}
