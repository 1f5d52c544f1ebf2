package io.github.camellago.examples.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** The Kafka broker: a real one if {@code KAFKA_BROKERS} is set, otherwise a broker in this JVM. */
final class Kafka implements AutoCloseable {

    private static final int PARTITIONS = 6;

    private final EmbeddedKafkaKraftBroker embedded;
    private final String brokers;

    private Kafka(EmbeddedKafkaKraftBroker embedded, String brokers) {
        this.embedded = embedded;
        this.brokers = brokers;
    }

    static Kafka of(Map<String, String> environment) {
        String brokers = environment.get("KAFKA_BROKERS");
        if (brokers != null && !brokers.isBlank()) {
            return new Kafka(null, brokers);
        }
        EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS);
        broker.brokerProperties(Map.of("group.initial.rebalance.delay.ms", "0", "group.min.session.timeout.ms", "1000"));
        broker.afterPropertiesSet();
        return new Kafka(broker, broker.getBrokersAsString());
    }

    String brokers() {
        return brokers;
    }

    String name() {
        return embedded == null ? brokers : "a broker in this JVM at " + brokers + " (set KAFKA_BROKERS for a real one)";
    }

    void createTopics(String... names) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            List<String> missing = new ArrayList<>(List.of(names));
            missing.removeAll(admin.listTopics().names().get());
            admin.createTopics(missing.stream().map(n -> new NewTopic(n, PARTITIONS, (short) 1)).toList()).all().get();
        }
    }

    /** Sends records. Records with the same key keep their order. */
    void send(String topic, List<UsageRecord> records) throws ExecutionException, InterruptedException {
        // One request at a time. A topic that was just created may refuse a request and accept the next one. Then it never accepts the first.
        Map<String, Object> settings = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings, new StringSerializer(),
                new StringSerializer())) {
            List<Future<RecordMetadata>> sent = records.stream()
                    .map(r -> producer.send(new ProducerRecord<>(topic, r.key(), r.json()))).toList();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    /** The number of records in a topic. */
    long size(String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            return endOffsets(admin, topic).values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** The number of records of a topic that a group has not committed yet. */
    long lag(String group, String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            return endOffsets(admin, topic).entrySet().stream().mapToLong(
                    e -> e.getValue() - (committed.get(e.getKey()) == null ? 0 : committed.get(e.getKey()).offset())).sum();
        }
    }

    private Map<TopicPartition, Long> endOffsets(Admin admin, String topic) throws ExecutionException, InterruptedException {
        var partitions = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions();
        Map<TopicPartition, OffsetSpec> latest = partitions.stream()
                .collect(Collectors.toMap(p -> new TopicPartition(topic, p.partition()), p -> OffsetSpec.latest()));
        return admin.listOffsets(latest).all().get().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    }

    private Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers));
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.destroy();
        }
    }
}
