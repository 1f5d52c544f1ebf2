package io.github.camellago.examples.durable;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.camellago.test.LagoSandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The application as a process with a small heap, which is killed. {@code -Ddurable.events=1000000} sends more events. */
class DurableMeteringIT {

    private static final int EVENTS = Integer.getInteger("durable.events", 10_000);
    private static final int PER_REQUEST = 100;
    /** More events are only counted by the sandbox. */
    private static final int STORED = 200_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(EVENTS > STORED ? 60 : 5);

    @TempDir
    private Path directory;
    private LagoSandbox sandbox;
    private int port;
    private Process application;

    @BeforeEach
    void start() throws Exception {
        sandbox = LagoSandbox.builder().journal(0).storeEvents(EVENTS <= STORED).start();
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void stop() throws Exception {
        application.destroyForcibly().waitFor();
        sandbox.close();
    }

    @Test
    void losesNothingIfLagoIsDownAndTheProcessIsKilled() throws Exception {
        sandbox.faults().on(request -> request.path().contains("/events")).every().html(503);
        application = application();
        UsageClient client = new UsageClient(port);
        CompletableFuture<Void> firstHalf = post(client, 0, EVENTS / 2);
        await().atMost(TIMEOUT).until(() -> client.accepted() > EVENTS / PER_REQUEST / 4);
        kill();
        application = application();
        firstHalf.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        post(client, EVENTS / 2, EVENTS).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        kill();

        // Lago has none of the events. All are on disk
        assertThat(sandbox.eventCount()).isZero();

        sandbox.faults().clear();
        application = application();
        await().atMost(TIMEOUT).until(() -> sandbox.eventCount() > EVENTS / 3);
        kill();
        application = application();
        await().atMost(TIMEOUT).until(() -> sandbox.eventCount() >= UsageClient.good(EVENTS));
        Path rejected = directory.resolve("work/rejected.jsonl");
        int bad = EVENTS - UsageClient.good(EVENTS);
        await().atMost(TIMEOUT).until(() -> ids(rejected).stream().distinct().count() == bad);

        if (EVENTS <= STORED) {
            assertThat(sandbox.events()).hasSize(UsageClient.good(EVENTS));
            assertThat(sandbox.events().stream().map(e -> e.get("transaction_id")).distinct())
                    .hasSize(UsageClient.good(EVENTS));
        }
        assertThat(Files.readString(rejected)).contains("\"reasons\":{\"timestamp\":[\"invalid_format\"]}");
    }

    @Test
    void batchesSingleEventsAndRefusesRequestsThatCannotBeRepeated() throws Exception {
        application = application();
        UsageClient client = new UsageClient(port);

        client.post(0, 300, 1);

        await().atMost(TIMEOUT).until(() -> sandbox.eventCount() == UsageClient.good(300));
        // the first events may be sent alone
        assertThat(sandbox.requestCount()).isLessThan(300);
        for (String bad : List.of("", "no JSON", "[]", "5", "{\"code\":\"tokens\"}",
                "[{\"transaction_id\":\"a\"},{\"code\":\"tokens\"}]")) {
            assertThat(client.status(bad)).as(bad).isEqualTo(400);
        }
        assertThat(client.status(client.body(1000, 9_000))).as("more than a megabyte").isEqualTo(413);
    }

    private static CompletableFuture<Void> post(UsageClient client, int from, int to) {
        return CompletableFuture.runAsync(() -> {
            try {
                client.post(from, to, PER_REQUEST);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static List<String> ids(Path rejected) throws IOException {
        return Files.exists(rejected)
                ? Files.readAllLines(rejected).stream()
                        .map(line -> line.replaceAll(".*\"transaction_id\":\"([^\"]+)\".*", "$1")).toList()
                : List.of();
    }

    private void kill() throws InterruptedException {
        assertThat(application.isAlive()).isTrue();
        application.destroyForcibly().waitFor();
    }

    private Process application() throws Exception {
        Map<String, String> settings = Map.of("camel.component.lago.api-key", sandbox.apiKey(), "camel.component.lago.base-url",
                sandbox.baseUrl(), "camel.component.lago.retry-delay", "10", "camel.component.lago.max-retries", "0");
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx128m",
                "-XX:+ExitOnOutOfMemoryError"));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), Application.class.getName(),
                directory.resolve("work").toString(), String.valueOf(port)));
        File log = directory.resolve("application.log").toFile();
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }
}
