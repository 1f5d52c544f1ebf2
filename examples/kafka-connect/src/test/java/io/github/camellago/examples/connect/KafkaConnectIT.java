package io.github.camellago.examples.connect;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.camellago.test.LagoSandbox;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class KafkaConnectIT {

    @Test
    void sendsUsageFromATopicAndReadsInvoicesIntoATopic() throws Exception {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            sandbox.add("invoices", Map.of("number", "LAG-1", "total_amount_cents", 1250));
            try (Cluster cluster = Cluster.start(0, sandbox.apiKey(), sandbox.baseUrl())) {
                KafkaConnect.run(cluster);
                List<ConsumerRecord<String, String>> invoices = cluster.read("lago.invoices", 1);
                ConsumerRecord<String, String> rejected = cluster.read("usage-rejected", 1).get(0);
                await().atMost(Duration.ofMinutes(1)).until(() -> sandbox.eventCount() >= KafkaConnect.EVENTS);

                assertThat(invoices).singleElement().satisfies(record -> {
                    assertThat(record.key()).isEqualTo(sandbox.records("invoices").get(0).get("lago_id"));
                    assertThat(record.value()).contains("\"number\":\"LAG-1\"");
                });
                assertThat(KafkaConnect.reason(rejected)).contains("not JSON");
                assertThat(sandbox.events().stream().map(event -> event.get("external_subscription_id"))
                        .collect(Collectors.toSet())).hasSize(10).contains("sub-9");
                assertThat(sandbox.events()).extracting(event -> event.get("transaction_id")).doesNotHaveDuplicates()
                        .hasSize(KafkaConnect.EVENTS);
            }
        }
    }
}
