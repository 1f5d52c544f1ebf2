package io.github.camellago.examples.springboot;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.test.util.TestSocketUtils;
import org.springframework.web.util.UriComponentsBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A real Prometheus reads the application, loads the alerts, and answers each query of the dashboard. */
class PrometheusTest extends ObservabilityIT {

    private static final Duration SOON = Duration.ofMinutes(2);

    private final int port = TestSocketUtils.findAvailableTcpPort();
    @TempDir
    private Path folder;
    @Value("${server.port}")
    private int application;
    @Autowired
    private TestRestTemplate http;
    private Process prometheus;

    @BeforeEach
    void startPrometheus() throws IOException {
        Path files = Path.of("observability");
        Files.copy(files.resolve("alerts.yml"), folder.resolve("alerts.yml"));
        Files.writeString(folder.resolve("prometheus.yml"), Files.readString(files.resolve("prometheus.yml"))
                .replace("localhost:8080", "localhost:" + application).replace("scrape_interval: 5s", "scrape_interval: 1s"));
        prometheus = new ProcessBuilder("prometheus", "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"), "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true).redirectOutput(Path.of("target", "prometheus.log").toFile()).start();
    }

    @AfterEach
    void stopPrometheus() throws InterruptedException {
        prometheus.destroy();
        prometheus.waitFor();
    }

    @Test
    void answersEachQueryOfTheDashboard() throws IOException {
        produceAllKindsOfEvents();

        for (String query : dashboard()) {
            String runnable = query.replace("$component", ".*").replace("$__rate_interval", "1m");
            await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
                JsonNode answer = ask("query", runnable);
                assertThat(answer.get("status").asText()).as(runnable).isEqualTo("success");
                assertThat(answer.at("/data/result")).as(runnable).isNotEmpty();
            });
        }
    }

    @Test
    void loadsTheAlerts() {
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            JsonNode rules = ask("rules", null).at("/data/groups/0/rules");
            assertThat(rules).hasSizeGreaterThan(8).allSatisfy(rule -> assertThat(rule.get("health").asText()).isEqualTo("ok"));
        });
    }

    private JsonNode ask(String path, String query) {
        UriComponentsBuilder uri = UriComponentsBuilder.fromUriString("http://127.0.0.1:" + port + "/api/v1/" + path);
        URI target = query == null
                ? uri.build().toUri()
                : uri.queryParam("query", "{query}").encode().buildAndExpand(query).toUri();
        return http.getForObject(target, JsonNode.class);
    }
}
