package io.github.camellago.examples.springboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.spring.EnableLagoSandbox;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.util.TestSocketUtils;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The application exposes the metrics and labels that the dashboard and the alerts query. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.DEFINED_PORT, properties = {"example.invoices.delay=200",
        "example.usage.period=500"})
@EnableLagoSandbox(demo = true)
@AutoConfigureObservability(tracing = false)
class ObservabilityIT {

    private static final Path FILES = Path.of("observability");
    private static final Pattern SELECTOR = Pattern.compile("(camel_lago_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");

    @Autowired
    private LagoSandbox sandbox;

    @Autowired
    private TestRestTemplate http;

    @Autowired
    private ProducerTemplate template;

    /** Chosen before the start, because the webhook endpoint's URL contains the port. */
    @DynamicPropertySource
    static void freePort(DynamicPropertyRegistry properties) {
        int port = TestSocketUtils.findAvailableTcpPort();
        properties.add("server.port", () -> port);
    }

    @Test
    void exposesEachMetricAndLabelOfTheDashboardAndTheAlerts() throws IOException {
        List<String> queries = new ArrayList<>(dashboard());
        queries.addAll(alerts());
        assertThat(queries).hasSizeGreaterThan(25);

        produceAllKindsOfEvents();

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Map<String, Set<String>> exposed = exposed();
            for (String expression : queries) {
                Set<String> labels = new HashSet<>();
                Matcher by = BY.matcher(expression);
                while (by.find()) {
                    labels.addAll(List.of(by.group(1).split(",\\s*")));
                }
                Matcher selector = SELECTOR.matcher(expression);
                while (selector.find()) {
                    assertThat(exposed).as(expression).containsKey(selector.group(1));
                    Set<String> has = exposed.get(selector.group(1));
                    assertThat(has).as(expression).containsAll(labels);
                    if (selector.group(2) != null) {
                        Matcher label = LABEL.matcher(selector.group(2));
                        while (label.find()) {
                            assertThat(has).as(expression).contains(label.group(1));
                        }
                    }
                }
            }
        });
    }

    @Test
    void dashboardShowsEachMetric() throws IOException {
        String shown = String.join("\n", dashboard());
        produceAllKindsOfEvents();

        await().atMost(Duration.ofSeconds(60)).until(() -> exposed().containsKey("camel_lago_webhooks_total"));
        assertThat(exposed().keySet()).filteredOn(name -> !name.matches(".*_(max|count)"))
                .allSatisfy(name -> assertThat(shown).contains(name));
    }

    /** Produces rejected and duplicate events, failures, retries, waits for the rate limit, and an unsigned webhook. */
    void produceAllKindsOfEvents() {
        sandbox.faults().on("GET", "/plans").times(1).status(503);
        template.request("lago:plans?operation=list&retryDelay=1", exchange -> {});
        template.request("lago:events",
                exchange -> exchange.getMessage().setBody(List.of(event("acme", "a-1"), event("acme", "a-1"),
                        event("nobody", "a-2"), Map.of("transaction_id", "a-3"))));
        http.postForEntity("/lago", Map.of("webhook_type", "events.errors"), String.class);
        sandbox.faults().on("GET", "/add_ons").times(1).status(404).header("X-RateLimit-Remaining", "0")
                .header("X-RateLimit-Reset", "3");
        template.request("lago:add_ons?operation=list", exchange -> {});
        template.request("lago:customers?operation=get&id=acme", exchange -> {});
    }

    private static Map<String, String> event(String customer, String transaction) {
        return Map.of("transaction_id", transaction, "external_subscription_id", "sub-" + customer, "code", "api_calls");
    }

    /** The label names by metric in Prometheus format. */
    private Map<String, Set<String>> exposed() {
        Map<String, Set<String>> exposed = new HashMap<>();
        for (String line : http.getForObject("/actuator/prometheus", String.class).split("\n")) {
            Matcher selector = SELECTOR.matcher(line);
            if (selector.lookingAt()) {
                Matcher label = LABEL.matcher(selector.group(2) == null ? "" : selector.group(2));
                Set<String> labels = exposed.computeIfAbsent(selector.group(1), name -> new HashSet<>());
                while (label.find()) {
                    labels.add(label.group(1));
                }
            }
        }
        return exposed;
    }

    static List<String> dashboard() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(FILES.resolve("dashboard.json").toFile());
        assertThat(dashboard.get("panels")).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.get("title").asText()).isNotBlank();
            assertThat(panel.get("targets")).isNotEmpty();
            assertThat(panel.get("gridPos").get("x").asInt() + panel.get("gridPos").get("w").asInt()).isLessThanOrEqualTo(24);
        });
        assertThat(dashboard.get("panels").findValuesAsText("id")).doesNotHaveDuplicates();
        return dashboard.findValuesAsText("expr");
    }

    private static List<String> alerts() throws IOException {
        Map<String, List<Map<String, List<Map<String, Object>>>>> alerts = new Yaml()
                .load(Files.readString(FILES.resolve("alerts.yml")));
        List<Map<String, Object>> rules = alerts.get("groups").get(0).get("rules");
        assertThat(rules).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule).containsKeys("alert", "expr", "labels", "annotations");
            assertThat((Map<?, ?>) rule.get("annotations")).hasFieldOrProperty("summary");
        });
        assertThat(rules).extracting(rule -> rule.get("alert")).doesNotHaveDuplicates();
        return rules.stream().map(rule -> String.valueOf(rule.get("expr"))).toList();
    }
}
