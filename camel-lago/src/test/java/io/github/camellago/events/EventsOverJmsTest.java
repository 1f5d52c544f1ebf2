package io.github.camellago.events;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.model.rest.RestBindingMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

/** Events, reports and lists that other components send on: to a JMS queue, and as the response of an HTTP server. */
class EventsOverJmsTest extends RouteTestSupport {

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COUNT = 150;
    private static EmbeddedActiveMQ broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = new EmbeddedActiveMQ();
        broker.setConfiguration(new ConfigurationImpl().setPersistenceEnabled(false).setSecurityEnabled(false)
                .addAcceptorConfiguration("vm", "vm://7"));
        broker.start();
    }

    @AfterAll
    static void stopBroker() throws Exception {
        broker.stop();
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.addComponent("jms", JmsComponent.jmsComponent(new ActiveMQConnectionFactory("vm://7")));
        return context;
    }

    static Stream<Arguments> bodies() {
        Function<List<Map<String, Object>>, Object> one = events -> events.get(0);
        return Stream.of(
                Arguments.of(1, named("one Map", one)),
                Arguments.of(1, named("one text", form(events -> text(events.get(0))))),
                Arguments.of(COUNT, named("List", form(events -> events))),
                Arguments.of(COUNT,
                        named("List of texts", form(events -> events.stream().map(EventsOverJmsTest::text).toList()))),
                Arguments.of(COUNT, named("text", form(EventsOverJmsTest::text))),
                Arguments.of(COUNT, named("Iterator", form(List::iterator))));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void undeliveredEventsAreDeliveredFromAQueueOnce(int count, Function<List<Map<String, Object>>, Object> form)
            throws Exception {
        List<Map<String, Object>> events = events(count);
        sandbox.faults().on("POST", "/events").times(1).status(503);
        sandbox.faults().on("POST", "/events/batch").times(1).status(503);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(deadLetterChannel("jms:queue:dlq").maximumRedeliveries(0))
                        .to("lago:events?maxRetries=0&concurrentBatches=1");
            }
        });

        template.send("direct:in", e -> e.getMessage().setBody(form.apply(events)));
        route("jms:queue:dlq", "lago:events");

        org.awaitility.Awaitility.await().until(() -> sandbox.eventCount() == count);
        assertThat(sandbox.events()).extracting(e -> e.get("code")).doesNotHaveDuplicates();
        JsonNode properties = JSON.readTree(text(events.get(0).get("properties")));
        assertThat(sandbox.events())
                .allSatisfy(e -> assertThat(JSON.readTree(text(e.get("properties")))).isEqualTo(properties));
    }

    @Test
    void aReportOfRejectedEventsIsJsonInAQueue() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(deadLetterChannel("jms:queue:rejected").maximumRedeliveries(0))
                        .to("lago:events");
            }
        });

        template.sendBody("direct:in", List.of(event("t-1"), Map.of("code", "no subscription")));

        JsonNode report = received("rejected");
        assertThat(report.at("/accepted").asInt()).isEqualTo(1);
        assertThat(report.at("/rejected/0/event/code").asText()).isEqualTo("no subscription");
    }

    @Test
    void aRejectedEventIsJsonInAQueue() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("lago:events?onRejected=report").split(simple("${body.rejected}"))
                        .to("jms:queue:rejected");
            }
        });

        template.sendBody("direct:in", List.of("no JSON"));

        assertThat(received("rejected").path("event").asText()).isEqualTo("no JSON");
    }

    @Test
    void aListIsJsonInAQueue() throws Exception {
        IntStream.range(0, 25).forEach(i -> sandbox.add("customers", Map.of("external_id", "c-" + i)));
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("lago:customers?operation=list&streaming=true&perPage=10").to("jms:queue:list");
            }
        });

        template.sendBody("direct:in", null);

        assertThat(received("list").findValuesAsText("external_id")).hasSize(25).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(value = RestBindingMode.class, names = {"off", "json"})
    void anHttpResponseIsJson(RestBindingMode binding) throws Exception {
        int port = freePort();
        sandbox.add("customers", Map.of("external_id", "acme"));
        VertxPlatformHttpServerConfiguration http = new VertxPlatformHttpServerConfiguration();
        http.setBindHost("localhost");
        http.setBindPort(port);
        context.addService(new VertxPlatformHttpServer(http));
        route(new RouteBuilder() {
            @Override
            public void configure() {
                restConfiguration().component("platform-http").bindingMode(binding);
                rest("/usage").post().consumes("application/json").produces("application/json").to("direct:usage");
                rest("/customers").get().produces("application/json").to("direct:customers");
                from("direct:usage").onException(Exception.class).handled(true).end().to("lago:events?maxRetries=0");
                from("direct:customers").to("lago:customers?operation=list&streaming=true");
            }
        });
        String usage = "http://localhost:" + port + "/usage";

        HttpResponse<String> rejected = post(usage, text(List.of(event("t-1"), Map.of("code", "no subscription"))));
        assertThat(rejected.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(JSON.readTree(rejected.body()).at("/rejected/0/event/code").asText()).isEqualTo("no subscription");

        sandbox.faults().on("POST", "/events/batch").times(1).status(503);
        HttpResponse<String> undelivered = post(usage, text(List.of(event("t-2"), event("t-3"))));
        assertThat(JSON.readTree(undelivered.body()).findValuesAsText("transaction_id")).containsExactly("t-2", "t-3");

        HttpRequest list = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/customers")).build();
        String customers = HTTP.send(list, BodyHandlers.ofString()).body();
        assertThat(JSON.readTree(customers).findValuesAsText("external_id")).containsExactly("acme");
    }

    private static HttpResponse<String> post(String uri, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)).build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private JsonNode received(String queue) throws Exception {
        Exchange message = context.createConsumerTemplate().receive("jms:queue:" + queue, 60_000);
        return JSON.readTree(message.getMessage().getBody(String.class).getBytes(StandardCharsets.UTF_8));
    }

    /** Events without transaction_id, so that a second one would be stored. */
    private static List<Map<String, Object>> events(int count) {
        return IntStream.range(0, count).<Map<String, Object>>mapToObj(i -> {
            Map<String, Object> event = new HashMap<>(event("t-" + i));
            event.remove("transaction_id");
            event.put("code", "code-" + i);
            event.put("properties", Map.of("region", "eü", "usage", Map.of("tokens", List.of(1, 2.5)), "tier", "a"));
            return event;
        }).toList();
    }

    private static Function<List<Map<String, Object>>, Object> form(Function<List<Map<String, Object>>, Object> form) {
        return form;
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
