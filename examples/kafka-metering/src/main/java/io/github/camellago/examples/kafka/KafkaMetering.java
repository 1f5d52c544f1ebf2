package io.github.camellago.examples.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.camellago.test.LagoSandbox;

/** Writes usage to a topic, starts two instances that send it to Lago, and prints their progress. */
public final class KafkaMetering {

    static final String TOPIC = "usage";
    static final int SUBSCRIPTIONS = 50;
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
            Numbers numbers = new Numbers();
            if (sandbox != null) {
                addReferences(sandbox);
            }
            run(kafka, settings(environment, sandbox), numbers, real && environment.get("LAGO_WEBHOOK_URL") == null);
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

    /** Adds the metric and the subscriptions of the records. */
    static void addReferences(LagoSandbox sandbox) {
        sandbox.add("billable_metrics", Map.of("code", "api_calls", "aggregation_type", "count_agg", "filters",
                List.of(Map.of("key", "region", "values", List.of("eu", "us")))));
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            sandbox.add("subscriptions", Map.of("external_id", "kafka-" + i, "status", "active"));
        }
    }

    private static void run(Kafka kafka, Map<String, String> settings, Numbers numbers, boolean withoutWebhooks)
            throws Exception {
        settings.put("camel.component.kafka.brokers", kafka.brokers());
        kafka.createTopics(TOPIC, TOPIC + "-rejected", TOPIC + "-unbilled");
        List<UsageRecord> records = UsageRecord.samples(UUID.randomUUID().toString(), RECORDS);
        kafka.send(TOPIC, records);
        System.out.printf("%,d records in the topic %s%n%n", records.size(), TOPIC);
        int port = Integer.getInteger("example.port", 8080);
        List<Instance> instances = List.of(Instance.start(settings, numbers), Instance.start(settings, numbers));
        try (Desk desk = withoutWebhooks ? null : Desk.start(settings, port, kafka, numbers)) {
            if (desk != null) {
                System.out.printf("The page: http://localhost:%d/%n%n", port);
            }
            for (long left = kafka.lag(GROUP, TOPIC); left > 0; left = kafka.lag(GROUP, TOPIC)) {
                System.out.printf("%,9d records left%n", left);
                Thread.sleep(1_000);
            }
            if (!settings.containsKey("usage.webhookUrl") && desk != null) {
                // the sandbox reports at once, Lago once an hour
                while (numbers.unbilled() < UsageRecord.unbilled(RECORDS)) {
                    Thread.sleep(100);
                }
            }
            if (Boolean.getBoolean("example.keep")) {
                System.out.println("Press Ctrl+C to stop");
                Thread.currentThread().join();
            }
        } finally {
            instances.forEach(Instance::close);
        }
        System.out.printf("%n%-42s %,9d%n%-42s %,9d%n%-42s %,9d%n%-42s %,9d%n%-42s %,9d%n", "records", records.size(),
                "duplicate records", UsageRecord.duplicates(records.size()), "invalid records",
                UsageRecord.bad(records.size()),
                "in the topic " + TOPIC + "-rejected", kafka.size(TOPIC + "-rejected"),
                "in the topic " + TOPIC + "-unbilled", kafka.size(TOPIC + "-unbilled"));
    }

    private static Map<String, String> settings(Map<String, String> environment, LagoSandbox sandbox) {
        Map<String, String> settings = new HashMap<>();
        if (sandbox != null) {
            settings.put("camel.component.lago.api-key", sandbox.apiKey());
            settings.put("camel.component.lago.base-url", sandbox.baseUrl());
            signWith(sandbox.hmacKey(), settings);
            return settings;
        }
        settings.put("camel.component.lago.api-key", environment.get("LAGO_API_KEY"));
        if (environment.get("LAGO_WEBHOOK_URL") != null) {
            settings.put("usage.webhookUrl", environment.get("LAGO_WEBHOOK_URL"));
        }
        if (environment.get("LAGO_HMAC_KEY") != null) {
            signWith(environment.get("LAGO_HMAC_KEY"), settings);
        }
        if (environment.get("LAGO_BASE_URL") != null) {
            settings.put("camel.component.lago.base-url", environment.get("LAGO_BASE_URL"));
        }
        if (environment.get("LAGO_REGION") != null) {
            settings.put("camel.component.lago.region", environment.get("LAGO_REGION"));
        }
        return settings;
    }

    /** A jwt signature contains the body: that of a webhook about some hundred events is too long for the header of an HTTP request. */
    private static void signWith(String hmacKey, Map<String, String> settings) {
        settings.put("camel.component.lago.signature-algo", "hmac");
        settings.put("camel.component.lago.hmac-key", hmacKey);
    }
}
