package io.github.camellago.kafka.connect;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorOffset;
import org.apache.kafka.connect.util.clusters.EmbeddedConnectCluster;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Both connectors in a cluster of Kafka Connect with a broker, of which workers are stopped. */
class ConnectClusterIT {

    private static final int EVENTS = Integer.getInteger("lago.events", 3_000);

    @TempDir
    private static Path directory;
    private static LagoSandbox sandbox;
    private static EmbeddedConnectCluster connect;
    private static SecretsInLogs logs;

    @BeforeAll
    static void start() throws IOException {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(3));
        sandbox = LagoSandbox.start();
        logs = SecretsInLogs.watch(sandbox.apiKey());
        writeKey(sandbox.apiKey());
        Map<String, String> worker = new HashMap<>();
        worker.put("offset.flush.interval.ms", "500");
        // the tasks of a worker that leaves wait for five minutes otherwise, if it does not lead the group
        worker.put("scheduled.rebalance.max.delay.ms", "500");
        worker.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        worker.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        worker.put("exactly.once.source.support", "enabled");
        worker.put("plugin.discovery", "service_load");
        worker.put("config.providers", "file");
        worker.put("config.providers.file.class", FileConfigProvider.class.getName());
        Properties broker = new Properties();
        broker.put("transaction.state.log.replication.factor", "1");
        broker.put("transaction.state.log.min.isr", "1");
        connect = new EmbeddedConnectCluster.Builder().name("lago").numWorkers(2).numBrokers(1).workerProps(worker)
                .brokerProps(broker).build();
        connect.start();
    }

    @AfterAll
    static void stop() {
        connect.stop();
        sandbox.close();
        logs.close();
    }

    private static void writeKey(String key) throws IOException {
        Files.writeString(directory.resolve("lago.properties"), "key=" + key);
    }

    @AfterEach
    void nothingShowsTheKey() throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        assertThat(logs.found()).isEmpty();
        for (String connector : connect.connectors()) {
            for (String resource : List.of("", "/config", "/status", "/tasks")) {
                URI uri = URI.create(connect.endpointForResource("connectors/" + connector + resource));
                assertThat(http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body())
                        .doesNotContain(sandbox.apiKey());
            }
        }
        // a worker that has left may have led the group: nobody deletes a connector until there is another leader
        await().ignoreExceptions().until(() -> {
            connect.connectors().forEach(connect::deleteConnector);
            return connect.connectors().isEmpty();
        });
        sandbox.faults().clear();
        sandbox.reset();
        writeKey(sandbox.apiKey());
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
    void aWorkerThatStopsLosesNoRecordAndNoDeletionAndDoublesNone() throws Exception {
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
        List<String> versions = new ArrayList<>();
        connect.kafka()
                .consumeAll(Duration.ofMinutes(3).toMillis(), null, Map.of("isolation.level", "read_committed"),
                        "lago.customers")
                .forEach(record -> versions.add(text(record.key()) + text(record.value())));
        System.out.printf("Kafka Connect source: 301 records and 1 deletion, doubled %d%n",
                versions.size() - new HashSet<>(versions).size());
        assertThat(versions).doesNotHaveDuplicates();
    }

    @Test
    void deliversAllEventsOnceAfterLagoIsDownForLongerThanTheTimeoutsOfTheTasks() {
        connect.kafka().createTopic("outage", 3);
        Map<String, String> config = config(LagoEventsSinkConnector.class, Map.of("topics", "outage", "tasks.max", "1",
                "retry.backoff.ms", "100", "lago.request.timeout.ms", "4000", "lago.retries", "0",
                "consumer.override.max.poll.interval.ms", "3000", "consumer.override.session.timeout.ms", "6000",
                "consumer.override.heartbeat.interval.ms", "1000"));
        // the events take effect, and no answer comes
        sandbox.faults().on("POST", "/events/batch").times(3).delay(Duration.ofSeconds(8));
        sandbox.faults().on("POST", "/events/batch").times(10).dropBefore();
        connect.configureConnector("outage", config);
        for (int i = 0; i < 600; i++) {
            connect.kafka().produce("outage", i % 3, null, event(i));
        }
        await().until(() -> sandbox.faults().fired() >= 5);
        config.put("tasks.max", "3");
        connect.configureConnector("outage", config);

        await().untilAsserted(() -> assertThat(sandbox.events().stream().map(event -> event.get("transaction_id")).distinct())
                .hasSize(600));
        assertThat(sandbox.eventCount()).isEqualTo(600);
        assertThat(connect.connectorStatus("outage").tasks()).allMatch(task -> task.state().equals("RUNNING"));
    }

    @Test
    void withoutToleranceTheTaskFailsAndNamesTheRecordThatIsThenSkippedByItsOffset() {
        connect.kafka().createTopic("strict", 1);
        connect.configureConnector("strict", config(LagoEventsSinkConnector.class, Map.of("topics", "strict", "tasks.max", "1",
                "errors.log.enable", "true")));
        connect.kafka().produce("strict", event(0));
        connect.kafka().produce("strict", "poison");
        connect.kafka().produce("strict", event(1));

        await().untilAsserted(() -> assertThat(connect.connectorStatus("strict").tasks())
                .anySatisfy(task -> assertThat(task.trace()).contains("not JSON")));
        connect.stopConnector("strict");
        await().until(() -> connect.connectorStatus("strict").tasks().isEmpty());
        connect.alterSinkConnectorOffset("strict", new TopicPartition("strict", 0), 2L);
        connect.resumeConnector("strict");

        await().until(() -> sandbox.eventCount() == 2);
    }

    @Test
    void aRotatedKeyIsReadFromTheConfigProviderWhenTheTaskRestarts() throws Exception {
        connect.kafka().createTopic("rotated", 1);
        connect.configureConnector("rotated",
                config(LagoEventsSinkConnector.class, Map.of("topics", "rotated", "tasks.max", "1")));
        connect.kafka().produce("rotated", event(0));
        await().until(() -> sandbox.eventCount() == 1);
        String old = sandbox.apiKey();
        String key = sandbox.rotateKey();
        logs.watchAlso(key);
        connect.kafka().produce("rotated", event(1));
        await().untilAsserted(() -> assertThat(connect.connectorStatus("rotated").tasks())
                .allSatisfy(task -> assertThat(task.trace()).contains("lago.api.key").doesNotContain(old)));

        writeKey(key);
        connect.restartTask("rotated", 0);

        await().until(() -> sandbox.eventCount() == 2);
    }

    @Test
    void aConnectorWithAMisspelledSettingIsRefused() {
        assertThatThrownBy(() -> connect.configureConnector("misspelled",
                config(LagoEventsSinkConnector.class, Map.of("topics", "usage", "event.field.subscription", "id"))))
                .hasMessageContaining("event.field.external_subscription_id");
    }

    @Test
    void theOffsetsOfASourceCanBeResetSoThatItReadsAllAgain() {
        sandbox.add("plans", Map.of("code", "plan-a", "name", "A"));
        sandbox.add("taxes", Map.of("code", "tax-a", "name", "A", "rate", "19"));
        connect.kafka().createTopic("lago.plans", 1);
        connect.kafka().createTopic("lago.taxes", 1);
        connect.configureConnector("offsets", config(LagoSourceConnector.class,
                Map.of("resources", "plans,taxes", "tasks.max", "2", "poll.interval.ms", "200")));
        values("lago.plans", 1);
        values("lago.taxes", 1);
        stopUntilOffsetsAreStored("offsets", 2);
        connect.resetConnectorOffsets("offsets");
        connect.resumeConnector("offsets");

        assertThat(values("lago.plans", 2)).hasSize(2);
        assertThat(values("lago.taxes", 2)).hasSize(2);

        stopUntilOffsetsAreStored("offsets", 2);
        Map<String, ?> plans = connect.connectorOffsets("offsets").offsets().stream().map(ConnectorOffset::partition)
                .filter(partition -> partition.get("bucket").toString().startsWith("plans ")).findFirst().orElseThrow();
        connect.alterSourceConnectorOffset("offsets", plans, null);
        assertThatThrownBy(
                () -> connect.alterSourceConnectorOffset("offsets", Map.of("bucket", "plans 1/1024"), Map.of("a", "b")))
                .hasMessageContaining("plans 1/1024");
        assertThatThrownBy(() -> connect.alterSourceConnectorOffset("offsets", Map.of("list", "plans"), Map.of("a", "b")))
                .hasMessageContaining("list=plans");
        connect.resumeConnector("offsets");

        assertThat(values("lago.plans", 3)).hasSize(3);
        sandbox.add("taxes", Map.of("code", "tax-b", "name", "B", "rate", "7"));
        assertThat(values("lago.taxes", 3).get(2)).contains("tax-b");
    }

    private static void stopUntilOffsetsAreStored(String connector, int count) {
        connect.stopConnector(connector);
        await().until(() -> connect.connectorStatus(connector).tasks().isEmpty());
        await().untilAsserted(() -> assertThat(connect.connectorOffsets(connector).offsets()).hasSize(count)
                .noneMatch(offset -> offset.offset() == null));
    }

    @Test
    void aSourceReadsNothingAgainWhenItIsChangedPausedRestartedOrCreatedAgain() throws Exception {
        sandbox.add("add_ons", Map.of("code", "a", "name", "A", "amount_cents", 1, "amount_currency", "EUR"));
        connect.kafka().createTopic("lago.add_ons", 1);
        Map<String, String> config = config(LagoSourceConnector.class,
                Map.of("resources", "add_ons", "tasks.max", "1", "poll.interval.ms", "200"));
        connect.configureConnector("again", config);
        values("lago.add_ons", 1);
        config.put("resources", "coupons,add_ons");
        config.put("tasks.max", "2");
        connect.configureConnector("again", config);
        await().until(() -> connect.connectorStatus("again").tasks().size() == 2);
        connect.pauseConnector("again");
        await().until(() -> connect.connectorStatus("again").connector().state().equals("PAUSED"));
        connect.resumeConnector("again");
        connect.restartTask("again", 1);
        await().untilAsserted(() -> assertThat(connect.connectorOffsets("again").offsets()).isNotEmpty());
        connect.deleteConnector("again");
        await().until(() -> !connect.connectors().contains("again"));
        connect.configureConnector("again", config);
        sandbox.add("add_ons", Map.of("code", "b", "name", "B", "amount_cents", 1, "amount_currency", "EUR"));

        assertThat(values("lago.add_ons", 2)).hasSize(2).anyMatch(value -> value.contains("\"code\":\"b\""));
        List<String> all = new ArrayList<>();
        connect.kafka().consumeAll(Duration.ofMinutes(3).toMillis(), null, Map.of("isolation.level", "read_committed"),
                "lago.add_ons").forEach(record -> all.add(text(record.key())));
        assertThat(all).containsExactly("a", "b");
    }

    private static Map<String, String> config(Class<?> connector, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(more);
        config.put("connector.class", connector.getName());
        config.put("lago.api.key", "${file:" + directory.resolve("lago.properties") + ":key}");
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
