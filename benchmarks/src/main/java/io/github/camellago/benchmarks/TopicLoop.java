package io.github.camellago.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A hand-written loop: it reads records, posts them unchanged in batches of 100, four at a time, and commits their offsets. */
final class TopicLoop implements AutoCloseable {

    private static final int CONCURRENCY = 4;

    private final KafkaConsumer<String, String> consumer;
    private final BareClient client;
    private final ExecutorService threads = Executors.newFixedThreadPool(CONCURRENCY + 1);
    private final Future<?> loop;

    TopicLoop(String brokers, String group, String url) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers, "group.id", group, "auto.offset.reset", "earliest", "enable.auto.commit",
                        "false"),
                new StringDeserializer(), new StringDeserializer());
        client = new BareClient(url, List.of(), CONCURRENCY);
        loop = threads.submit(this::run);
    }

    private Void run() throws Exception {
        try (consumer) {
            consumer.subscribe(List.of(KafkaTopic.NAME));
            while (true) {
                List<String> events = new ArrayList<>();
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                    events.add(record.value());
                }
                List<Future<?>> posts = new ArrayList<>();
                for (int i = 0; i < events.size(); i += SampleEvents.BATCH) {
                    String body = "{\"events\":["
                            + String.join(",", events.subList(i, Math.min(i + SampleEvents.BATCH, events.size()))) + "]}";
                    posts.add(threads.submit(() -> {
                        client.send(body.getBytes(StandardCharsets.UTF_8));
                        return null;
                    }));
                }
                for (Future<?> post : posts) {
                    post.get();
                }
                consumer.commitSync();
            }
        } catch (WakeupException e) {
            return null;
        }
    }

    @Override
    public void close() throws Exception {
        consumer.wakeup();
        loop.get();
        threads.shutdown();
        client.close();
    }
}
