package io.github.camellago.operation;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.camellago.RouteTestSupport;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** A route that states its operation, id, path and filters does the same whatever headers a sender puts into a message. */
class HeaderInjectionTest extends RouteTestSupport {

    private static final Map<String, UnaryOperator<String>> SPELLINGS = new LinkedHashMap<>();

    static {
        SPELLINGS.put("as documented", name -> name);
        SPELLINGS.put("lower case", name -> name.toLowerCase(Locale.ROOT));
        SPELLINGS.put("upper case", name -> name.toUpperCase(Locale.ROOT));
        SPELLINGS.put("camel case", name -> "c" + name.substring(1));
        SPELLINGS.put("upper-case prefix", name -> "CAMEL" + name.substring(5));
        SPELLINGS.put("lower-case prefix", name -> "camel" + name.substring(5));
    }

    private static final Map<String, String> HOSTILE = Map.of("CamelLagoOperation", "delete", "CamelLagoId", "victim",
            "CamelLagoPath.external_customer_id", "victim", "CamelLagoFilter", "external_customer_id=victim",
            "CamelLagoPage", "7", "CamelHttpUri", "http://127.0.0.1:9/victim", "CamelHttpPath", "/victim",
            "CamelHttpQuery", "victim=1", "CamelHttpMethod", "DELETE");
    private static final List<String> BARE = List.of("id", "operation", "external_customer_id", "filter.external_customer_id",
            "path.external_customer_id", "Authorization", "baseUrl", "apiKey");

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int port = freePort();

    static Stream<Arguments> transportsAndSpellings() {
        return Stream.of("platform-http", "jetty", "undertow", "jms", "direct")
                .flatMap(transport -> SPELLINGS.keySet().stream().map(spelling -> arguments(transport, spelling)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("transportsAndSpellings")
    void noHeaderOverrulesTheEndpoint(String transport, String spelling) throws Exception {
        assumeRuns(transport);
        sandbox.add("customers", Map.of("external_id", "acme"));
        sandbox.add("customers", Map.of("external_id", "victim"));
        Map<String, Object> headers = new LinkedHashMap<>();
        HOSTILE.forEach((name, value) -> headers.put(SPELLINGS.get(spelling).apply(name), value));
        BARE.forEach(name -> headers.put(name, "victim"));

        try (AutoCloseable server = serve(transport)) {
            send(transport, headers);
        }

        assertThat(sandbox.requests()).extracting(r -> r.method() + " " + r.path().replace("/api/v1/", "")).containsExactly(
                "GET invoices", "GET customers/acme", "GET customers/acme/wallets");
        assertThat(sandbox.requests()).allSatisfy(request -> {
            assertThat(request.path() + "?" + request.query()).doesNotContain("victim");
            assertThat(request.header("Authorization")).isEqualTo("Bearer " + sandbox.apiKey());
            assertThat(request.headers().toString()).doesNotContain("victim").doesNotContainIgnoringCase("camellago");
        });
        assertThat(sandbox.requests().get(0).query()).contains("external_customer_id=acme");
        assertThat(sandbox.records("customers")).hasSize(2);
    }

    private AutoCloseable serve(String transport) throws Exception {
        AutoCloseable server = () -> {};
        String from = switch (transport) {
            case "platform-http" -> {
                VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
                configuration.setBindHost("localhost");
                configuration.setBindPort(port);
                VertxPlatformHttpServer http = new VertxPlatformHttpServer(configuration);
                context.addService(http);
                yield "platform-http:/in";
            }
            case "jms" -> {
                EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
                broker.setConfiguration(new ConfigurationImpl().setPersistenceEnabled(false).setSecurityEnabled(false)
                        .addAcceptorConfiguration("vm", "vm://0"));
                broker.start();
                context.addComponent("jms", JmsComponent.jmsComponent(new ActiveMQConnectionFactory("vm://0")));
                server = () -> {
                    context.stop();
                    broker.stop();
                };
                yield "jms:queue:in";
            }
            case "direct" -> "direct:in";
            default -> transport + ":http://localhost:" + port + "/in";
        };
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(from)
                        .to("lago:invoices?operation=list&filter.external_customer_id=acme")
                        // a filter that an operation does not have is refused, wherever it is from
                        .removeHeader("CamelLagoFilter")
                        .to("lago:customers?operation=get&id=acme")
                        .to("lago:customers/{external_customer_id}/wallets?operation=list&path.external_customer_id=acme")
                        .setBody(constant("done"));
            }
        });
        return server;
    }

    private void send(String transport, Map<String, Object> headers) throws Exception {
        if (transport.equals("direct")) {
            assertThat(send("direct:in", null, headers).getException()).isNull();
        } else if (transport.equals("jms")) {
            sendOverJms(headers);
        } else {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/in?"
                    + String.join("&", headers.keySet().stream().map(name -> name + "=victim").toList())));
            headers.forEach((name, value) -> request.header(name, value.toString()));
            assertThat(HTTP.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    /** Not by Camel's producer, which would leave such headers out. */
    private static void sendOverJms(Map<String, Object> headers) throws Exception {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("vm://0");
                var jms = factory.createContext()) {
            jms.start();
            var message = jms.createTextMessage("");
            var reply = jms.createTemporaryQueue();
            message.setJMSReplyTo(reply);
            for (Map.Entry<String, Object> header : headers.entrySet()) {
                message.setStringProperty(header.getKey().replace(".", "_DOT_"), header.getValue().toString());
            }
            jms.createProducer().send(jms.createQueue("in"), message);
            assertThat(jms.createConsumer(reply).receive(60_000)).isNotNull();
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
