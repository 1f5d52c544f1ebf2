package io.github.camellago.examples.kafka;

import java.io.File;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.LagoSandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class KafkaMeteringIT {

    private static final int RECORDS = 4_000;

    private Kafka kafka;
    private LagoSandbox sandbox;

    @TempDir
    private Path directory;

    /** A broker for each test: all consumers are in the same group. */
    @BeforeEach
    void start() {
        kafka = Kafka.of(Map.of());
        sandbox = LagoSandbox.start();
        KafkaMetering.addReferences(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
        kafka.close();
    }

    @Test
    void losesNothingIfAConsumerIsKilled() throws Exception {
        String topic = "killed";
        fill(topic);
        sandbox.faults().on("POST", "/events/batch").delay(Duration.ofMillis(300));
        Process victim = process(settings(topic));
        Process other = process(settings(topic));
        await().pollInterval(Duration.ofMillis(10)).atMost(Duration.ofSeconds(90))
                .until(() -> sandbox.eventCount() > RECORDS / 4);

        victim.destroyForcibly().waitFor();

        assertThat(kafka.lag(KafkaMetering.GROUP, topic)).isPositive();
        await().atMost(Duration.ofSeconds(90)).until(() -> kafka.lag(KafkaMetering.GROUP, topic) == 0);
        other.destroy();
        assertNothingIsMissing(topic);
    }

    @Test
    void commitsOffsetsOnlyOfEventsThatLagoHas() throws Exception {
        String topic = "rejected-events";
        fill(topic);
        sandbox.faults().on("POST", "/events/batch").nth(5).times(8).status(500);
        Numbers numbers = new Numbers();
        List<Instance> instances = List.of(Instance.start(settings(topic), numbers),
                Instance.start(settings(topic), numbers));
        try {
            for (int i = 0; i < 20 && kafka.lag(KafkaMetering.GROUP, topic) > 0; i++) {
                long committed = RECORDS - kafka.lag(KafkaMetering.GROUP, topic);
                assertThat(committed).isLessThanOrEqualTo(
                        sandbox.eventCount() + UsageRecord.bad(RECORDS) + UsageRecord.duplicates(RECORDS));
                await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            }
            await().atMost(Duration.ofSeconds(90)).until(() -> kafka.lag(KafkaMetering.GROUP, topic) == 0);
        } finally {
            instances.forEach(Instance::close);
        }
        assertThat(sandbox.statusCount(500)).isEqualTo(8);
        assertNothingIsMissing(topic);
    }

    @Test
    void showsWhatLagoDoesNotBillAndWhy() throws Exception {
        String topic = "reported";
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        fill(topic, topic + "-unbilled");
        Numbers numbers = new Numbers();
        Map<String, String> settings = settings(topic);
        try (Desk desk = Desk.start(settings, port, kafka, numbers);
                Instance instance = Instance.start(settings, numbers)) {
            await().atMost(Duration.ofSeconds(90)).until(() -> numbers.unbilled() == UsageRecord.unbilled(RECORDS));
            await().atMost(Duration.ofSeconds(90)).until(() -> kafka.lag(KafkaMetering.GROUP, topic) == 0);
            String page = HttpClient.newHttpClient().send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
            assertThat(page).contains("<td>sent</td><td>4,000</td>", "<td>accepted</td><td>3,992</td>",
                    "<td>unbilled</td><td>4</td><td>invalid_filter_values: ", topic + "-700", topic + "-3700");
        }
        assertThat(kafka.size(topic + "-unbilled")).isGreaterThanOrEqualTo(UsageRecord.unbilled(RECORDS));
    }

    private void fill(String topic, String... others) throws Exception {
        List<String> topics = new ArrayList<>(List.of(topic, topic + "-rejected"));
        topics.addAll(List.of(others));
        kafka.createTopics(topics.toArray(String[]::new));
        kafka.send(topic, UsageRecord.samples(topic, RECORDS));
        assertThat(kafka.size(topic)).isEqualTo(RECORDS);
    }

    private void assertNothingIsMissing(String topic) throws Exception {
        assertThat(sandbox.events()).hasSize((int) UsageRecord.good(RECORDS));
        assertThat(sandbox.events().stream().map(e -> e.get("transaction_id")).distinct())
                .hasSize((int) UsageRecord.good(RECORDS));
        // a batch that is read again has its bad records rejected again
        assertThat(kafka.size(topic + "-rejected")).isGreaterThanOrEqualTo(UsageRecord.bad(RECORDS));
    }

    private Map<String, String> settings(String topic) {
        return new HashMap<>(Map.of("usage.topic", topic, "usage.batch", "300", "usage.sessionTimeout", "3000",
                "usage.heartbeat",
                "300", "camel.component.kafka.poll-timeout-ms", "200", "camel.component.kafka.brokers", kafka.brokers(),
                "camel.component.lago.api-key", sandbox.apiKey(),
                "camel.component.lago.base-url", sandbox.baseUrl(), "camel.component.lago.retry-delay", "10"));
    }

    private Process process(Map<String, String> settings) throws Exception {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m",
                "-XX:TieredStopAtLevel=1"));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), Instance.class.getName()));
        File log = directory.resolve("instances.log").toFile();
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }
}
