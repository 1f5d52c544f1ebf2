package io.github.camellago.springboot;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

import io.github.camellago.api.LagoWebhookException;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.spring.EnableLagoSandbox;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/** Webhooks over Spring Boot's server, to a controller and to a platform-http route. */
@CamelSpringBootTest
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "server.max-http-request-header-size=64KB")
@EnableLagoSandbox
class WebhooksTest {

    @Autowired
    private LagoSandbox sandbox;

    @Autowired
    private CamelContext context;

    @LocalServerPort
    private int port;

    private MockEndpoint in;
    private String plan;

    @BeforeEach
    void reset() {
        plan = "{\"webhook_type\":\"plan.created\",\"object_type\":\"plan\",\"organization_id\":\"" + sandbox.organizationId()
                + "\",\"plan\":{\"code\":\"Ü\"}}";
        in = context.getEndpoint("mock:in", MockEndpoint.class);
        in.reset();
    }

    private int post(String path, String body, String signed) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Content-Type", "application/json")
                .header("X-Lago-Signature", sandbox.signWebhook("jwt", signed))
                .header("X-Lago-Signature-Algorithm", "jwt").header("X-Lago-Unique-Key", "k")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/controller", "/route", "/verify"})
    void acceptsSignedWebhooks(String path) throws Exception {
        in.expectedMessageCount(1);
        in.expectedHeaderReceived("CamelLagoWebhookType", "plan.created");

        assertThat(post(path, plan, plan)).isIn(200, 204);

        in.assertIsSatisfied();
        assertThat(in.getExchanges().get(0).getMessage().getBody(Map.class)).containsEntry("code", "Ü");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/controller", "/route", "/verify"})
    void rejectsForgedWebhooks(String path) throws Exception {
        assertThat(post(path, plan + " ", plan)).isEqualTo(401);
        assertThat(in.getExchanges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/controller", "/route", "/verify"})
    void acceptsALongJwtIfTheServerAllowsLargeHeaders(String path) throws Exception {
        String large = plan.replace("Ü", "x".repeat(30_000));
        assertThat(post(path, large, large)).isIn(200, 204);
        assertThat(in.getExchanges()).hasSize(1);
    }

    @RestController
    static class Controller {

        private final ProducerTemplate template;

        Controller(ProducerTemplate template) {
            this.template = template;
        }

        @PostMapping("/controller")
        ResponseEntity<Void> webhook(@RequestBody byte[] body, @RequestHeader HttpHeaders headers) {
            Exchange exchange = template.request("direct:webhook", e -> {
                e.getMessage().setBody(body);
                headers.forEach(e.getMessage()::setHeader);
            });
            if (exchange.getException() instanceof LagoWebhookException refusal) {
                return ResponseEntity.status(refusal.getStatusCode()).build();
            }
            return ResponseEntity.status(exchange.isFailed() ? 500 : 200).build();
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Controller controller(ProducerTemplate template) {
            return new Controller(template);
        }

        @Bean
        RouteBuilder routes() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:webhook").to("lago:webhooks?operation=verify").to("mock:in");
                    from("platform-http:/verify").to("lago:webhooks?operation=verify").to("mock:in").setBody(constant(""));
                    from("webhook:lago:webhooks?webhookComponentName=platform-http&webhookPath=/route&webhookAutoRegister=false")
                            .to("mock:in");
                }
            };
        }
    }
}
