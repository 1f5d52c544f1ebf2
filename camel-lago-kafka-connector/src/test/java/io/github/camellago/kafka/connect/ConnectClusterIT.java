package io.github.camellago.kafka.connect;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

import io.github.camellago.test.LagoSandbox;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.util.clusters.EmbeddedConnectCluster;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Both connectors in a cluster of Kafka Connect with a broker, of which workers are stopped. */
class ConnectClusterIT {

    private static final int EVENTS = Integer.getInteger("lago.events", 3_000);

    private static LagoSandbox sandbox;
    private static EmbeddedConnectCluster connect;

    @BeforeAll
    static void start() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(3));
        sandbox = LagoSandbox.start();
        Map<String, String> worker = new HashMap<>();
        worker.put("offset.flush.interval.ms", "500");
        worker.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        worker.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        connect = new EmbeddedConnectCluster.Builder().name("lago").numWorkers(2).numBrokers(1).workerProps(worker)
                .brokerProps(new Properties()).build();
        connect.start();
    }

    @AfterAll
    static void stop() {
        connect.stop();
        sandbox.close();
    }

    @Test
    void aWorkerThatStopsUnderLoadLosesNoEventAndBillsNoneTwice() {
        connect.kafka().createTopic("usage", 3);
        connect.configureConnector("metering", config(LagoEventsSinkConnector.class, Map.of("topics", "usage", "tasks.max", "3",
                "retry.backoff.ms", "100", "lago.request.timeout.ms", "5000", "errors.tolerance", "all",
                "errors.deadletterqueue.topic.name", "usage-rejected", "errors.deadletterqueue.topic.replication.factor", "1",
                "errors.deadletterqueue.context.headers.enable", "true")));
        sandbox.faults().on("POST", "/events/batch").nth(3).times(4).statusAfter(503);
        sandbox.faults().on("POST", "/events/batch").nth(9).dropAfter();
        for (int i = 0; i < EVENTS; i++) {
            connect.kafka().produce("usage", i % 3, null, i % 100 == 50 ? "poison " + i : event(i));
            if (i == EVENTS / 2) {
                await().until(() -> sandbox.eventCount() > 0);
                connect.removeWorker(connect.workers().iterator().next());
                connect.addWorker();
            }
        }

        int good = EVENTS - EVENTS / 100;
        await().untilAsserted(() -> assertThat(sandbox.eventCount()).isGreaterThanOrEqualTo(good));
        Set<String> ids = new HashSet<>();
        sandbox.events().forEach(event -> ids.add(event.get("transaction_id").toString()));
        Set<String> rejected = new TreeSet<>(values("usage-rejected", EVENTS / 100));
        System.out.printf("Kafka Connect sink: %d events, lost %d, doubled %d, rejected %d%n", good, good - ids.size(),
                sandbox.eventCount() - ids.size(), rejected.size());
        assertThat(ids).hasSize(good);
        assertThat(sandbox.eventCount()).isEqualTo(good);
        assertThat(rejected).hasSize(EVENTS / 100).allMatch(value -> value.startsWith("poison "));
    }

    @Test
    void aWorkerThatStopsLosesNoRecordAndNoDeletion() {
        for (int i = 0; i < 300; i++) {
            sandbox.add("customers", Map.of("external_id", "c-" + i, "name", "Customer " + i));
        }
        connect.kafka().createTopic("lago.customers", 1);
        connect.configureConnector("customers", config(LagoSourceConnector.class,
                Map.of("resources", "customers", "tasks.max", "1", "poll.interval.ms", "200", "deletions", "true")));
        values("lago.customers", 300);
        connect.removeWorker(connect.workers().iterator().next());
        String gone = sandbox.records("customers").get(0).get("lago_id").toString();
        sandbox.remove("customers", gone);
        sandbox.add("customers", Map.of("external_id", "c-300", "name", "Customer 300"));
        connect.addWorker();

        await().untilAsserted(() -> {
            Map<String, String> last = new HashMap<>();
            records("lago.customers", 302).forEach(record -> last.put(text(record.key()), text(record.value())));
            assertThat(last).hasSize(301).containsKey("c-300").containsEntry("c-299", null);
        });
    }

    private static Map<String, String> config(Class<?> connector, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(more);
        config.put("connector.class", connector.getName());
        config.put("lago.api.key", sandbox.apiKey());
        config.put("lago.base.url", sandbox.baseUrl());
        return config;
    }

    private static String event(int i) {
        return "{\"transaction_id\":\"t-" + i + "\",\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\","
                + "\"timestamp\":1760000000,\"properties\":{\"gb\":1}}";
    }

    private static List<String> values(String topic, int count) {
        return records(topic, count).stream().map(record -> text(record.value())).toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic, int count) {
        return StreamSupport
                .stream(connect.kafka().consume(count, Duration.ofMinutes(3).toMillis(), topic).spliterator(), false).toList();
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
