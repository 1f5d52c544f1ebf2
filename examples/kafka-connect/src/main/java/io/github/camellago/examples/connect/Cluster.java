package io.github.camellago.examples.connect;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** A broker and a distributed worker of Kafka Connect in this JVM. */
final class Cluster implements AutoCloseable {

    private static final int PARTITIONS = 3;

    private final HttpClient http = HttpClient.newHttpClient();
    private final EmbeddedKafkaKraftBroker broker;
    private final Connect<?> worker;
    private final Path secrets;

    private Cluster(EmbeddedKafkaKraftBroker broker, Connect<?> worker, Path secrets) {
        this.broker = broker;
        this.worker = worker;
        this.secrets = secrets;
    }

    /**
     * Starts both.
     *
     * @param port   of the worker's REST API; 0 for any
     * @param key    the API key of Lago
     * @param server the URL of Lago
     */
    static Cluster start(int port, String key, String server) throws IOException {
        Path secrets = Files.createTempFile("lago", ".properties",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Properties lago = new Properties();
        lago.putAll(Map.of("key", key, "url", server));
        try (var out = Files.newOutputStream(secrets)) {
            lago.store(out, null);
        }
        EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS, "usage", "usage-rejected",
                "lago.invoices");
        broker.brokerProperties(Map.of("group.initial.rebalance.delay.ms", "0", "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1"));
        broker.afterPropertiesSet();
        Map<String, String> settings = new HashMap<>();
        try (InputStream file = Cluster.class.getResourceAsStream("/worker.properties")) {
            Properties properties = new Properties();
            properties.load(file);
            properties.forEach((name, value) -> settings.put(name.toString(), value.toString()));
        }
        settings.put("bootstrap.servers", broker.getBrokersAsString());
        settings.put("listeners", "http://localhost:" + port);
        return new Cluster(broker, new ConnectDistributed().startConnect(settings), secrets);
    }

    URI rest() {
        return worker.rest().advertisedUrl();
    }

    /** Creates a connector: {@code PUT /connectors/NAME/config}. */
    void configure(String name) throws IOException, InterruptedException {
        String config;
        try (InputStream file = Cluster.class.getResourceAsStream("/connectors/" + name + ".json")) {
            config = new String(file.readAllBytes(), StandardCharsets.UTF_8).replace("/etc/lago.properties",
                    secrets.toString());
        }
        HttpRequest request = HttpRequest.newBuilder(rest().resolve("/connectors/" + name + "/config"))
                .header("Content-Type", "application/json").PUT(BodyPublishers.ofString(config)).build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException("The connector " + name + " is refused: " + response.body());
        }
    }

    /** Sends records to the topic of usage: the key is the subscription. */
    void send(List<Map.Entry<String, String>> records) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                // one at a time: see the example kafka-metering
                Map.of("bootstrap.servers", broker.getBrokersAsString(), "max.in.flight.requests.per.connection", 1),
                new StringSerializer(), new StringSerializer())) {
            records.forEach(record -> producer.send(new ProducerRecord<>("usage", record.getKey(), record.getValue())));
        }
    }

    /** The first records of a topic. Waits until there are so many. */
    List<ConsumerRecord<String, String>> read(String topic, int count) {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.getBrokersAsString(), "group.id",
                UUID.randomUUID().toString(),
                "auto.offset.reset", "earliest");
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (records.size() < count) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("Only " + records.size() + " of " + count + " records in " + topic);
                }
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    @Override
    public void close() throws IOException {
        worker.stop();
        worker.awaitStop();
        broker.destroy();
        Files.delete(secrets);
    }
}
