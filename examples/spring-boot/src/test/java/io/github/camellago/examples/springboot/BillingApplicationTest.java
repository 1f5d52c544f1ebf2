package io.github.camellago.examples.springboot;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.spring.EnableLagoSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The application over HTTP. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {"example.invoices.delay=200",
        "example.usage.period=200", "example.webhook-url="})
@EnableLagoSandbox(demo = true)
class BillingApplicationTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Autowired
    private LagoSandbox sandbox;

    @Autowired
    private TestRestTemplate http;

    @Test
    void sendsUsageToLagoAndAnswersWithTheOutcome() {
        Map<String, ?> event = Map.of("transaction_id", "t-1", "external_subscription_id", "sub-acme", "code", "api_calls");

        assertThat(post(event).getBody()).hasToString("{\"delivered\":true}");
        assertThat(post(event).getStatusCode().value()).isEqualTo(200);

        assertThat(sandbox.events()).filteredOn(stored -> stored.get("transaction_id").equals("t-1")).hasSize(1);
        assertThat(http.getForObject("/api/board", JsonNode.class).at("/events/duplicate").asInt()).isEqualTo(1);
    }

    @Test
    void answersWithLagosReasonIfTheEventIsRejected() {
        ResponseEntity<JsonNode> answer = post(Map.of("transaction_id", "t-2", "external_subscription_id", "sub-acme"));

        assertThat(answer.getStatusCode().value()).isEqualTo(422);
        assertThat(answer.getBody().toString()).contains("code").contains("value_is_mandatory");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"transaction_id\": \"t-3\", \"external_subscription_id\": \"sub-acme\", \"code\": \"api_calls\"}",
            "{\"transaction_id\": \"t-4\"}", "{ not JSON"})
    void answersWithoutTheHeadersOfTheRequest(String body) {
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.set("Authorization", "Bearer the-callers");
        headers.set("X-Secret", "s");

        ResponseEntity<String> answer = http.postForEntity("/usage", new HttpEntity<>(body, headers), String.class);

        assertThat(answer.getHeaders()).doesNotContainKeys("Authorization", "X-Secret");
        assertThat(answer.getHeaders().getContentType().toString()).startsWith("application/json");
    }

    @Test
    void answers400IfTheBodyIsNotJson() {
        HttpHeaders json = new HttpHeaders();
        json.setContentType(MediaType.APPLICATION_JSON);

        ResponseEntity<String> answer = http.postForEntity("/usage", new HttpEntity<>("{ not JSON", json), String.class);

        assertThat(answer.getStatusCode().value()).isEqualTo(400);
        assertThat(answer.getBody()).isEqualTo("{\"rejected\":\"not JSON\"}");
    }

    @Test
    void showsInvoicesAndUsageOnThePage() {
        // the table still has the invoices of other tests
        for (String number : List.of("NEW-1", "NEW-2")) {
            sandbox.add("invoices", Map.of("number", number, "customer", Map.of("external_id", "acme")));
        }

        await().atMost(SOON).untilAsserted(() -> {
            JsonNode board = http.getForObject("/api/board", JsonNode.class);
            assertThat(board.get("invoices").findValuesAsText("NUMBER")).contains("NEW-1", "NEW-2");
            assertThat(used(board)).isEqualTo(40);
            assertThat(board.at("/usage/globex")).isNotEmpty();
        });

        post(Map.of("transaction_id", "t-3", "external_subscription_id", "sub-acme", "code", "api_calls"));

        await().atMost(SOON).until(() -> used(http.getForObject("/api/board", JsonNode.class)) == 41);
    }

    @Test
    void servesThePage() {
        assertThat(http.getForObject("/", String.class)).contains("<title>Billing: usage as it arrives</title>")
                .doesNotContain("https://");
    }

    @Test
    void readinessFollowsLago() {
        await().atMost(SOON).until(() -> status("/actuator/health/readiness").equals("UP"));

        sandbox.revokeKey(sandbox.apiKey());

        await().atMost(SOON).until(() -> status("/actuator/health/readiness").equals("DOWN"));
        await().atMost(SOON).untilAsserted(() -> assertThat(http.getForObject("/actuator/health", String.class))
                .contains("\"lago.reason\":\"wrong_key\"").doesNotContain(sandbox.apiKey()));
    }

    /** The current usage of acme. */
    private static int used(JsonNode board) {
        JsonNode acme = board.at("/usage/acme");
        return acme.path(acme.size() - 1).at("/units/api_calls").asInt();
    }

    private String status(String path) {
        return http.getForObject(path, JsonNode.class).path("status").asText();
    }

    private ResponseEntity<JsonNode> post(Map<String, ?> event) {
        return http.postForEntity("/usage", event, JsonNode.class);
    }
}
