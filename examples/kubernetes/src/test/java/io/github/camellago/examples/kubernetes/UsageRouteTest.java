package io.github.camellago.examples.kubernetes;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import io.github.camellago.test.LagoSandbox;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UsageRouteTest {

    private final LagoSandbox sandbox = LagoSandbox.start();
    private final Main main = new Main();
    private int port;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addInitialProperty("camel.component.lago.api-key", sandbox.apiKey());
        main.addInitialProperty("camel.component.lago.base-url", sandbox.baseUrl());
        main.addInitialProperty("camel.component.lago.max-retries", "0");
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.port", Integer.toString(port));
        main.configure().addRoutesBuilder(new UsageRoute());
        main.start();
    }

    @AfterEach
    void stop() {
        main.stop();
        sandbox.close();
    }

    @Test
    void answersRejectedUsageWithTheReason() throws Exception {
        String good = "{\"transaction_id\":\"u-1\",\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\"}";

        assertThat(post(good).statusCode()).isEqualTo(202);
        assertThat(post(good).statusCode()).isEqualTo(202);
        rejects("{\"transaction_id\":\"u-2\",\"external_subscription_id\":\"sub-1\"}", "code");
        rejects("{\"transaction_id\":\"u-3\",\"external_subscription_id\":\"sub-1\",\"code\":\"x\",\"region\":\"eu\"}",
                "region");
        rejects("{\"external_subscription_id\":\"sub-1\",\"code\":\"x\",\"properties\":{\"transaction_id\":1}}",
                "transaction_id");
        rejects("{\"transaction_id\":\" \",\"external_subscription_id\":\"sub-1\",\"code\":\"x\"}", "transaction_id");
        rejects("null", "transaction_id");
        rejects("[" + good + "]", "Map");
        rejects("{\"transaction_id\"", "end-of-input");
        assertThat(sandbox.eventCount()).isEqualTo(1);
    }

    @Test
    void keepsAllDigits() throws Exception {
        assertThat(post("{\"transaction_id\":\"u-1\",\"external_subscription_id\":\"sub-1\",\"code\":\"storage\","
                + "\"properties\":{\"gb\":0.12345678901234567891}}").statusCode()).isEqualTo(202);

        assertThat(sandbox.events().get(0).get("properties")).hasToString("{gb=0.12345678901234567891}");
    }

    @Test
    void asksTheCallerToSendAgainWhatLagoDoesNotHave() throws Exception {
        sandbox.faults().on("POST", "/events").status(503);

        HttpResponse<String> answer = post(
                "{\"transaction_id\":\"u-1\",\"external_subscription_id\":\"sub-1\",\"code\":\"x\"}");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("camel"));
    }

    private void rejects(String usage, String reason) throws Exception {
        HttpResponse<String> answer = post(usage);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains(reason);
    }

    private HttpResponse<String> post(String usage) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/usage"))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(usage)).build(),
                BodyHandlers.ofString());
    }
}
