package io.github.camellago.examples.durable;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Events per second from an HTTP client to Lago, with the queue, with memory and with Kafka between them. {@code -Ddurable.measure=5000} posts so many
 * requests. By default there are too few to measure the speed.
 */
class ThroughputIT {

    private static final int REQUESTS = Integer.getInteger("durable.measure", 40);
    private static final int EVENTS = Integer.getInteger("durable.measured", 50_000);
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final String TOPIC = "usage";
    private static EmbeddedKafkaKraftBroker kafka;

    @TempDir
    private Path directory;
    private LagoSandbox sandbox;
    private Map<String, String> settings;

    @BeforeAll
    static void startKafka() {
        kafka = new EmbeddedKafkaKraftBroker(1, 6, TOPIC);
        kafka.brokerProperty("group.initial.rebalance.delay.ms", "0");
        kafka.afterPropertiesSet();
    }

    @AfterAll
    static void stopKafka() {
        kafka.destroy();
    }

    @BeforeEach
    void startLago() throws Exception {
        sandbox = LagoSandbox.builder().journal(0).start();
        settings = new HashMap<>(Map.of("camel.component.lago.api-key", sandbox.apiKey(), "camel.component.lago.base-url",
                sandbox.baseUrl()));
    }

    @AfterEach
    void stopLago() {
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void withTheQueueOnDisk(int perRequest) throws Exception {
        measure("queue on disk", "jms:queue:" + Broker.USAGE, perRequest);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void withMemory(int perRequest) throws Exception {
        measure("memory, acknowledge=received", "lago:events?batchInterval=1s&acknowledge=received", perRequest);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void withKafka(int perRequest) throws Exception {
        Main delivery = new Main();
        settings.forEach(delivery::addInitialProperty);
        delivery.addInitialProperty("camel.component.kafka.brokers", kafka.getBrokersAsString());
        delivery.configure().addRoutesBuilder(new KafkaToLago());
        delivery.start();
        try {
            measure("Kafka", "kafka:" + TOPIC + "?brokers=" + kafka.getBrokersAsString(), perRequest);
        } finally {
            delivery.stop();
        }
    }

    private void measure(String name, String entry, int perRequest) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        settings.put("durable.entry", entry);
        int count = Math.min(EVENTS, perRequest * REQUESTS);
        UsageClient client = new UsageClient(port, i -> false);
        try (Application application = Application.start(directory, port, settings)) {
            post(client, 0, count, perRequest);
            // the classes are loaded and compiled now
            long start = System.nanoTime();
            post(client, count, 2 * count, perRequest);
            System.out.printf("%-30s %3d per request: %,10d events/s%n", name, perRequest,
                    count * 1_000_000_000L / (System.nanoTime() - start));
        }
        assertThat(sandbox.events()).extracting(event -> event.get("transaction_id")).doesNotHaveDuplicates()
                .hasSize(2 * count);
    }

    private void post(UsageClient client, int from, int to, int perRequest) throws Exception {
        client.post(from, to, perRequest);
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(10)).until(() -> sandbox.eventCount() >= to);
    }

    /** Reads batches of records. Each record has the events of a request. */
    private static final class KafkaToLago extends RouteBuilder {

        private static final ObjectMapper JSON = new ObjectMapper();

        @Override
        public void configure() {
            errorHandler(defaultErrorHandler().maximumRedeliveries(-1));
            from("kafka:" + TOPIC + "?groupId=lago&batching=true&maxPollRecords=500&pollTimeoutMs=500&batchingIntervalMs=100"
                    + "&autoOffsetReset=earliest&autoCommitEnable=false&allowManualCommit=true")
                    .setProperty("records", body())
                    .process(KafkaToLago::toEvents)
                    .to("lago:events?onRejected=report")
                    .process(KafkaToLago::commit);
        }

        private static void toEvents(Exchange batch) throws Exception {
            List<JsonNode> events = new ArrayList<>();
            for (Object record : batch.getMessage().getBody(List.class)) {
                JsonNode given = JSON.readTree(((Exchange) record).getMessage().getBody(String.class));
                (given.isArray() ? given : List.of(given)).forEach(events::add);
            }
            batch.getMessage().setBody(events);
        }

        private static void commit(Exchange batch) {
            Map<Object, KafkaManualCommit> last = new HashMap<>();
            for (Object record : batch.getProperty("records", List.class)) {
                Message message = ((Exchange) record).getMessage();
                last.put(message.getHeader(KafkaConstants.PARTITION),
                        message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class));
            }
            last.values().forEach(KafkaManualCommit::commit);
        }
    }
}
