package io.github.camellago.examples.connect;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
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
                assertThat(validate(cluster, "metering", "LagoEventsSinkConnector")).contains("\"error_count\":0");
                assertThat(validate(cluster, "billing", "LagoSourceConnector")).contains("\"error_count\":0");
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

    /** As in the README, without the file of the secrets. */
    private static String validate(Cluster cluster, String name, String plugin) throws Exception {
        String config = Files.readString(Path.of("src/main/resources/connectors", name + ".json"))
                .replaceAll("\\$\\{.*}", "http://localhost");
        return HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(cluster.rest().resolve("/connector-plugins/" + plugin + "/config/validate"))
                        .header("Content-Type", "application/json").PUT(BodyPublishers.ofString(config)).build(),
                BodyHandlers.ofString()).body();
    }
}
