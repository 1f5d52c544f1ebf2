package io.github.camellago.examples.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.camellago.test.LagoSandbox;

/** Writes usage to a topic, starts two instances that send it to Lago, and prints their progress. */
public final class KafkaMetering {

    static final String TOPIC = "usage";
    static final String GROUP = "lago-metering";
    private static final int RECORDS = 100_000;

    private KafkaMetering() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> environment = System.getenv();
        boolean real = environment.get("LAGO_API_KEY") != null;
        try (Kafka kafka = Kafka.of(environment);
                LagoSandbox sandbox = real ? null : LagoSandbox.builder().journal(0).start()) {
            System.out.printf("Kafka: %s%nLago:  %s%n", kafka.name(), real
                    ? environment.getOrDefault("LAGO_BASE_URL", "Lago Cloud")
                    : "a sandbox at " + sandbox.baseUrl()
                            + " (set LAGO_API_KEY, and LAGO_BASE_URL or LAGO_REGION, for a real one)");
            run(kafka, settings(environment, sandbox));
            if (sandbox != null) {
                long expected = UsageRecord.good(RECORDS);
                System.out.printf("%-42s %,9d%n%-42s %,9d%n", "events expected", expected, "events stored by Lago",
                        sandbox.eventCount());
                // after a rebalance, a batch may be read again, and its bad records are rejected again
                if (sandbox.eventCount() != expected || kafka.size(TOPIC + "-rejected") < UsageRecord.bad(RECORDS)) {
                    throw new IllegalStateException("The numbers do not match");
                }
                System.out.printf("%nAll numbers match.%n");
            }
        }
    }

    private static void run(Kafka kafka, Map<String, String> settings) throws Exception {
        settings.put("camel.component.kafka.brokers", kafka.brokers());
        kafka.createTopics(TOPIC, TOPIC + "-rejected");
        List<UsageRecord> records = UsageRecord.samples(UUID.randomUUID().toString(), RECORDS);
        kafka.send(TOPIC, records);
        System.out.printf("%,d records in the topic %s%n%n", records.size(), TOPIC);
        List<Instance> instances = List.of(Instance.start(settings), Instance.start(settings));
        try {
            for (long left = kafka.lag(GROUP, TOPIC); left > 0; left = kafka.lag(GROUP, TOPIC)) {
                System.out.printf("%,9d records left%n", left);
                Thread.sleep(1_000);
            }
        } finally {
            instances.forEach(Instance::close);
        }
        System.out.printf("%n%-42s %,9d%n%-42s %,9d%n%-42s %,9d%n%-42s %,9d%n", "records", records.size(),
                "duplicate records", UsageRecord.duplicates(records.size()), "invalid records",
                UsageRecord.bad(records.size()),
                "in the topic " + TOPIC + "-rejected", kafka.size(TOPIC + "-rejected"));
    }

    private static Map<String, String> settings(Map<String, String> environment, LagoSandbox sandbox) {
        Map<String, String> settings = new HashMap<>();
        if (sandbox != null) {
            settings.put("camel.component.lago.api-key", sandbox.apiKey());
            settings.put("camel.component.lago.base-url", sandbox.baseUrl());
            return settings;
        }
        settings.put("camel.component.lago.api-key", environment.get("LAGO_API_KEY"));
        if (environment.get("LAGO_BASE_URL") != null) {
            settings.put("camel.component.lago.base-url", environment.get("LAGO_BASE_URL"));
        }
        if (environment.get("LAGO_REGION") != null) {
            settings.put("camel.component.lago.region", environment.get("LAGO_REGION"));
        }
        return settings;
    }
}
