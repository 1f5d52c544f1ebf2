package io.github.camellago.webhook;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.github.camellago.LogCapture;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code webhook:lago:webhooks} on the HTTP servers that Camel has. */
class WebhookServersTest extends WebhookTestSupport {

    private URI listen(String component, String algorithm) throws Exception {
        assumeRuns(component);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        boolean platform = component.equals("platform-http");
        URI hook = URI.create((platform ? server : "http://localhost:" + port) + "/hook");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                if (!platform) {
                    restConfiguration().component(component).host("localhost").port(port);
                }
                from("webhook:lago:webhooks?webhookComponentName=" + component + "&webhookPath=/hook&webhookExternalUrl="
                        + hook.resolve("/") + "&maxBodySize=100000&signatureAlgo=" + algorithm + "&hmacKey="
                        + sandbox.hmacKey())
                        .to("mock:in")
                        .filter(header("CamelLagoId").isEqualTo("bad")).throwException(new IllegalStateException("bad"));
            }
        });
        return hook;
    }

    private static HttpResponse<String> post(URI hook, String body, Map<String, Object> headers) throws Exception {
        return post(hook, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"platform-http", "undertow", "jetty"})
    void eachAnswersTheSame(String component) throws Exception {
        URI hook = listen(component, "hmac");
        MockEndpoint in = mock("in");
        in.expectedMinimumMessageCount(1);
        sandbox.sendWebhook("plan.created", "plan", Map.of("code", "p"));
        in.assertIsSatisfied();
        in.reset();

        assertThat(post(hook, invoice, signed("hmac", invoice)).statusCode()).isEqualTo(200);
        assertThat(post(hook, invoice + " ", signed("hmac", invoice)).statusCode()).isEqualTo(401);
        String bad = invoice.replace("inv-1", "bad");
        assertThat(post(hook, bad, signed("hmac", bad)).statusCode()).isEqualTo(500);
        String large = invoice.replace("Ü-1", "x".repeat(100_000));
        assertThat(post(hook, large, signed("hmac", large)).statusCode()).isEqualTo(413);
        assertThat(in.getExchanges()).hasSize(2);
    }

    /** Lago would send to the external URL, where nobody listens. */
    @ParameterizedTest
    @ValueSource(strings = {"undertow", "jetty"})
    void warnsOfAServerWithoutAPort(String component) throws Exception {
        String uri = "webhook:lago:webhooks?webhookPath=/hook&webhookExternalUrl=https://hooks.example.com&webhookComponentName=";
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            listen(component, "jwt");
            context.getEndpoint(uri + "platform-http");
            assertThat(log.lines().toString()).doesNotContain("random");
        }
        try (LogCapture log = LogCapture.from(Level.WARN); CamelContext other = new DefaultCamelContext()) {
            other.addComponent("lago", component(other, sandbox));
            other.start();
            other.getEndpoint(uri + component);
            assertThat(log.lines().toString())
                    .contains("The component " + component + " has no port and listens on a random one, while Lago"
                            + " sends to https://hooks.example.com/hook");
        }
    }

    /** A jwt signature contains the body, so a body of some KB makes a header that platform-http's server rejects. */
    @Test
    void aLongJwtDoesNotFitIntoThePlatformsHeaders() throws Exception {
        URI hook = listen("platform-http", "jwt");
        String small = invoice.replace("Ü-1", "x".repeat(4_000));
        assertThat(post(hook, small, signed("jwt", small)).statusCode()).isEqualTo(200);
        String larger = invoice.replace("Ü-1", "x".repeat(6_000));
        assertThat(post(hook, larger, signed("jwt", larger)).statusCode()).isEqualTo(431);
        assertThat(mock("in").getExchanges()).hasSize(1);
    }
}
