package io.github.camellago.kafka.connect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.github.camellago.test.LagoSandbox;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tasks that are killed at random moments, while records are created, changed and deleted. They mostly wait for the next poll. */
@Execution(ExecutionMode.CONCURRENT)
class SourceRestartsIT {

    private static final int KILLS = 8;

    private final LagoSandbox sandbox = LagoSandbox.start();
    private final TestSourceContext context = new TestSourceContext();
    /** The topics: the last value of each key, and the values that came twice. */
    private final Map<String, String> topic = new TreeMap<>();
    private final List<String> doubled = new ArrayList<>();
    private final Set<String> all = new HashSet<>();
    private LagoSourceTask task;
    private int created;

    @AfterEach
    void stop() {
        if (task != null) {
            task.stop();
        }
        sandbox.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "3, 1024", "4, 7"})
    void topicsEqualTheListsAfterKillsInTheMiddleOfPages(long seed, String buckets) throws Exception {
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            change(random);
            start(buckets);
            List<SourceRecord> polled = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                List<SourceRecord> records = task.poll();
                if (records != null) {
                    polled.addAll(records);
                }
            }
            // Kafka has the first records, and Connect has committed their offsets
            int sent = random.nextInt(polled.size() + 1);
            produce(polled.subList(0, sent));
            context.commit(polled, sent);
            task.stop();
        }
        start(buckets);
        for (int idle = 0; idle < 3;) {
            long before = sandbox.requestCount();
            List<SourceRecord> records = task.poll();
            if (records != null) {
                produce(records);
                context.commit(records, records.size());
                idle = 0;
            } else if (sandbox.requestCount() > before + 10) {
                idle++;
            }
        }

        Set<String> expected = new TreeSet<>();
        sandbox.records("customers").forEach(customer -> expected.add("lago.customers/" + customer.get("external_id")));
        sandbox.records("wallets").forEach(wallet -> expected.add("lago.customers.external_customer_id.wallets/"
                + wallet.get("external_customer_id") + '/' + wallet.get("lago_id")));
        Set<String> found = new TreeSet<>();
        topic.forEach((key, value) -> {
            if (value != null) {
                found.add(key);
            }
        });
        assertThat(found).isEqualTo(expected);
        sandbox.records("customers").forEach(customer -> assertThat(topic.get("lago.customers/" + customer.get("external_id")))
                .contains("\"name\":\"" + customer.get("name") + '"'));
        assertThat(doubled).isEmpty();
    }

    private void produce(List<SourceRecord> records) {
        for (SourceRecord record : records) {
            String key = record.topic() + '/' + record.key();
            topic.put(key, (String) record.value());
            if (record.value() != null && !all.add(key + record.value())) {
                doubled.add(key + record.value());
            }
        }
    }

    private void change(Random random) {
        for (int i = 0; i < 30; i++) {
            String id = "c-" + created++;
            sandbox.add("customers", Map.of("external_id", id, "name", "First " + id));
            if (i % 5 == 0) {
                sandbox.add("wallets", Map.of("external_customer_id", id, "status", "active", "name", "W"));
            }
        }
        List<Map<String, Object>> customers = sandbox.records("customers");
        for (int i = 0; i < 10; i++) {
            Map<String, Object> customer = customers.get(random.nextInt(customers.size()));
            sandbox.update("customers", customer.get("lago_id").toString(), Map.of("name", "Changed " + random.nextLong(),
                    "updated_at", sandbox.now().plusSeconds(created).toString()));
        }
        Map<String, Object> gone = customers.get(random.nextInt(customers.size()));
        if (sandbox.records("wallets").stream().noneMatch(w -> w.get("external_customer_id").equals(gone.get("external_id")))) {
            sandbox.remove("customers", gone.get("lago_id").toString());
        }
    }

    private void start(String buckets) {
        Map<String, String> properties = new HashMap<>(Map.of("lago.api.key", sandbox.apiKey(), "lago.base.url",
                sandbox.baseUrl(), "poll.interval.ms", "20", "deletions", "true", "offset.buckets", buckets));
        properties.put("resources", "customers,customers/{external_customer_id}/wallets");
        task = new LagoSourceTask();
        task.initialize(context.get());
        task.start(properties);
    }
}
