package io.github.camellago.examples.connect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.LagoSandbox;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Starts a broker and a worker of Kafka Connect, sends usage through a topic to Lago, and reads invoices from a topic. */
public final class KafkaConnect {

    static final int EVENTS = 1_000;
    private static final String REASON = "__connect.errors.exception.message";

    private KafkaConnect() {}

    public static void main(String[] args) throws Exception {
        String key = System.getenv("LAGO_API_KEY");
        try (LagoSandbox sandbox = key == null ? LagoSandbox.start() : null) {
            String server = sandbox == null
                    ? System.getenv().getOrDefault("LAGO_BASE_URL", "https://api.getlago.com")
                    : sandbox.baseUrl();
            System.out.printf("Lago: %s%s%n", server, sandbox == null ? "" : " (a sandbox: set LAGO_API_KEY for a real one)");
            if (sandbox != null) {
                sandbox.add("invoices", Map.of("number", "LAG-1", "total_amount_cents", 1250, "currency", "EUR"));
                sandbox.add("invoices", Map.of("number", "LAG-2", "total_amount_cents", 9900, "currency", "EUR"));
            }
            try (Cluster cluster = Cluster.start(Integer.getInteger("example.port", 8083),
                    sandbox == null ? key : sandbox.apiKey(), server)) {
                System.out.printf("Kafka Connect: %s%n%n", cluster.rest());
                run(cluster);
                if (sandbox != null) {
                    while (sandbox.eventCount() < EVENTS) {
                        Thread.sleep(100);
                    }
                    System.out.printf("%,d events at Lago%n", sandbox.eventCount());
                    cluster.read("lago.invoices", 2).forEach(record -> System.out.println("lago.invoices: " + record.value()));
                }
                if (Boolean.getBoolean("example.keep")) {
                    System.out.println("Press Ctrl+C to stop");
                    Thread.currentThread().join();
                }
            }
        }
    }

    /** Starts the connectors and sends usage: one record cannot be an event. */
    static void run(Cluster cluster) throws Exception {
        cluster.configure("metering");
        cluster.configure("billing");
        List<Map.Entry<String, String>> records = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            records.add(Map.entry("sub-" + i % 10, "{\"gb\": %d.25, \"region\": \"eu\"}".formatted(i)));
        }
        records.add(Map.entry("sub-1", "not JSON"));
        cluster.send(records);
        ConsumerRecord<String, String> rejected = cluster.read("usage-rejected", 1).get(0);
        System.out.printf("%,d records in usage%nusage-rejected: %s%n  %s%n", records.size(), rejected.value(),
                reason(rejected));
    }

    /** Why a record was rejected, as Kafka Connect writes it into a header. */
    static String reason(ConsumerRecord<String, String> rejected) {
        return new String(rejected.headers().lastHeader(REASON).value(), StandardCharsets.UTF_8);
    }
}
