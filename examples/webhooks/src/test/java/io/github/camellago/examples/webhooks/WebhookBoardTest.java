package io.github.camellago.examples.webhooks;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.LagoSandboxExtension;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class WebhookBoardTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @RegisterExtension
    static LagoSandboxExtension lago = new LagoSandboxExtension();

    @TempDir
    Path work;

    private String address;
    private Main main;

    @BeforeEach
    void start(LagoSandbox sandbox) throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        address = "http://localhost:" + port;
        main = WebhookBoard.prepare(LagoServer.of(sandbox), port, work);
        main.addInitialProperty("example.period", "50");
        main.start();
    }

    @AfterEach
    void stop() {
        main.stop();
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode shown(long after) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get(address + "/webhooks?after=" + after).body());
    }

    private TreeSet<String> types() throws IOException, InterruptedException {
        TreeSet<String> types = new TreeSet<>();
        shown(0).forEach(e -> types.add(e.get("type").asText()));
        return types;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/webhooks?after=0"})
    void answersWithoutTheHeadersOfTheRequest(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path)).header("X-Secret", "s").build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map()).doesNotContainKey("x-secret");
    }

    @Test
    void showsWebhooksOnThePage() throws Exception {
        await().untilAsserted(() -> assertThat(types()).contains("events.errors", "invoice.one_off_created",
                "invoice.payment_status_updated", "invoice.voided"));
        JsonNode entries = shown(0);
        assertThat(entries.get(0).get("number").asLong()).isEqualTo(1);
        assertThat(entries.get(0).at("/object/total_amount_cents").isNumber()).isTrue();
        long last = entries.get(entries.size() - 1).get("number").asLong();
        assertThat(shown(last - 1).get(0).get("number").asLong()).isEqualTo(last);

        HttpResponse<String> page = get(address + "/");
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.body()).contains("<title>Lago webhooks</title>");
    }

    @Test
    void writesWebhooksToAFile() throws Exception {
        await().until(() -> shown(0).size() >= 5);
        List<String> lines = Files.readAllLines(work.resolve("webhooks.jsonl"));
        assertThat(lines).hasSizeGreaterThanOrEqualTo(5);
        for (String line : lines) {
            assertThat(new ObjectMapper().readTree(line).isObject()).isTrue();
        }
    }

    @Test
    void rejectsUnsignedWebhooks() throws Exception {
        HttpRequest forged = HttpRequest.newBuilder(URI.create(address + "/lago"))
                .header("X-Lago-Signature", "AAAA").header("X-Lago-Signature-Algorithm", "hmac")
                .POST(HttpRequest.BodyPublishers.ofString("{\"webhook_type\":\"invoice.forged\",\"object_type\":\"invoice\"}"))
                .build();
        assertThat(HTTP.send(forged, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        await().until(() -> shown(0).size() >= 1);
        assertThat(types()).doesNotContain("invoice.forged");
    }

    @Test
    void deletesTheWebhookEndpointOnStop(LagoSandbox sandbox) {
        assertThat(sandbox.records("webhook_endpoints")).singleElement()
                .satisfies(e -> assertThat(e).containsEntry("webhook_url", address + "/lago"));
        main.stop();
        assertThat(sandbox.records("webhook_endpoints")).isEmpty();
    }

    @Test
    void namesMissingVariablesForARealLago() {
        LagoServer real = LagoServer.of(Map.of("LAGO_API_KEY", "key", "LAGO_HMAC_KEY", "hmac"));
        assertThatThrownBy(() -> WebhookBoard.prepare(real, 1, work)).hasMessageContaining("LAGO_WEBHOOK_URL");
    }
}
