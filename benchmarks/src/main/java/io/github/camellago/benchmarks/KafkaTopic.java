package io.github.camellago.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** A topic with events, and its broker. A worker of Kafka Connect starts with the first connector. */
final class KafkaTopic implements AutoCloseable {

    static final String NAME = "usage";
    private static final int PARTITIONS = 3;

    private final EmbeddedKafkaKraftBroker broker;
    private Connect<?> worker;
    private final HttpClient http = HttpClient.newHttpClient();

    /** @param events the number of records in the topic */
    KafkaTopic(int events) throws IOException {
        broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS, NAME);
        broker.brokerProperties(Map.of("group.initial.rebalance.delay.ms", "0"));
        broker.afterPropertiesSet();
        SampleEvents samples = new SampleEvents();
        List<String> json = samples.texts();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", brokers()),
                new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < events; i++) {
                producer.send(new ProducerRecord<>(NAME, i % PARTITIONS, null, json.get(i % json.size())));
            }
        }
    }

    private Connect<?> startWorker() {
        Map<String, String> settings = new HashMap<>(
                Map.of("bootstrap.servers", brokers(), "group.id", "workers", "listeners", "http://localhost:0",
                        // finding plugins by reading all classes takes long
                        "plugin.discovery", "service_load"));
        for (String storage : List.of("config", "offset", "status")) {
            settings.put(storage + ".storage.topic", "connect-" + storage);
            settings.put(storage + ".storage.replication.factor", "1");
        }
        for (String part : List.of("key", "value", "header")) {
            settings.put(part + ".converter", "org.apache.kafka.connect.storage.StringConverter");
        }
        return new ConnectDistributed().startConnect(settings);
    }

    String brokers() {
        return broker.getBrokersAsString();
    }

    /** Creates a connector that reads the topic from its beginning. */
    void connect(String name, Map<String, String> config) throws IOException, InterruptedException {
        if (worker == null) {
            worker = startWorker();
        }
        call(HttpRequest.newBuilder(uri(name + "/config")).header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(new ObjectMapper().writeValueAsString(config), StandardCharsets.UTF_8)));
    }

    void disconnect(String name) throws IOException, InterruptedException {
        call(HttpRequest.newBuilder(uri(name)).DELETE());
    }

    private URI uri(String path) {
        return worker.rest().advertisedUrl().resolve("/connectors/" + path);
    }

    private void call(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException("Kafka Connect answered " + answer.body());
        }
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.stop();
            worker.awaitStop();
        }
        broker.destroy();
    }
}
