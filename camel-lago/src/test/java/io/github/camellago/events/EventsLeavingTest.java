package io.github.camellago.events;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.JsonBody;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Other components can store, send and log the body that a delivery leaves, without loss. */
class EventsLeavingTest extends RouteTestSupport {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** An event as an application has it, which does not serialize. */
    public record Usage(String transaction_id, String code) {}

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileGetsAllThatIsNotDelivered(boolean stream) throws Exception {
        sandbox.faults().on("POST", "/events/batch").nth(2).times(3).status(503);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(deadLetterChannel("direct:dead").maximumRedeliveries(0))
                        .to("lago:events?maxRetries=0&concurrentBatches=1");
                // a log reads the body before it is stored
                from("direct:dead").log("${body}").to("file:" + directory + "?fileName=dead.json");
            }
        });
        List<String> lines = IntStream.range(0, 1_000).mapToObj(i -> text(event("t-" + i))).toList();

        template.send("direct:in", e -> e.getMessage().setBody(stream
                ? new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8))
                : lines));

        JsonNode dead = JSON.readTree(Files.readString(directory.resolve("dead.json")));
        assertThat(dead).hasSize(900).allSatisfy(event -> assertThat(event.isObject()).isTrue());
        sandbox.faults().clear();
        route("file:" + directory + "?initialDelay=0", "lago:events");
        org.awaitility.Awaitility.await().until(() -> sandbox.eventCount() == 1_000);
    }

    @Test
    void aRedeliveryAfterALookAtTheBodyLosesNothing() throws Exception {
        sandbox.faults().on("POST", "/events/batch").nth(2).times(3).dropAfter();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(defaultErrorHandler().maximumRedeliveries(9).redeliveryDelay(0)
                        .onRedelivery(e -> e.getMessage().getBody(String.class))).to("lago:events?maxRetries=0");
            }
        });

        Exchange exchange = template.send("direct:in", e -> e.getMessage().setBody(
                IntStream.range(0, 3_000).mapToObj(i -> Map.of("external_subscription_id", "sub-1", "code", "c" + i))
                        .iterator()));

        assertThat(exchange.getException()).isNull();
        assertThat(sandbox.eventCount()).isEqualTo(3_000);
    }

    static Stream<String> forms() {
        return Stream.of("event", "list", "iterator", "report", "rejected");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void convertsToOneJsonForm(String form) throws Exception {
        Object body = left(form);

        String json = convert(String.class, body);

        JsonNode tree = JSON.readTree(json);
        assertThat(json).isEqualTo(((JsonBody) body).toJson()).doesNotContain("\\\"transaction_id");
        assertThat(new String(convert(byte[].class, body), StandardCharsets.UTF_8)).isEqualTo(json);
        try (InputStream in = convert(InputStream.class, body)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(json);
        }
        assertThat(convert(JsonNode.class, body).toString()).isEqualTo(JSON.readTree(json).toString());
        Map<?, ?> map = convert(Map.class, body);
        assertThat((JsonNode) JSON.valueToTree(tree.isArray() ? map.get("events") : map)).isEqualTo(tree);
        assertThat(JSON.readTree(marshalled(body))).isEqualTo(tree);
        assertThat(body.toString()).isNotBlank().doesNotContain("@");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void serializes(String form) throws Exception {
        Object body = left(form);
        String json = convert(String.class, body);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(body);
        }

        Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(JSON.readTree(convert(String.class, read))).isEqualTo(JSON.readTree(json));
    }

    @Test
    void anExceptionKeepsItsReport() throws Exception {
        LagoEventsRejectedException exception = new LagoEventsRejectedException((LagoEventsReport) left("report"), "events");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(exception);
        }

        Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(((LagoEventsRejectedException) read).getReport().toJson()).isEqualTo(exception.getReport().toJson());
    }

    /** A number whose exponent fits no decimal, and an object that fails whatever it is asked. */
    @Test
    void anEventWithoutAReadableFormLeavesToo() throws Exception {
        String text = "{\"code\":\"c\",\"timestamp\":1e99999999999}";
        Object odd = new Object() {
            @SuppressWarnings("unused")
            public String getCode() {
                throw new IllegalStateException("odd");
            }

            @Override
            public String toString() {
                throw new IllegalStateException("odd");
            }
        };

        LagoEventsReport report = send("lago:events?onRejected=report", List.of(text, odd)).getMessage()
                .getBody(LagoEventsReport.class);

        JsonNode json = convert(JsonNode.class, report);
        assertThat(json.at("/rejected/0/event").asText()).isEqualTo(text);
        assertThat(json.at("/rejected/1/event").asText()).isEqualTo(odd.getClass().getName());
        assertThat(JSON.readTree(marshalled(report))).isEqualTo(json);
        new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(report);
    }

    @Test
    void textStaysText() {
        sandbox.faults().onAny().dropBefore();

        Object left = send("lago:events?maxRetries=0", text(event("t-1"))).getMessage().getBody();
        Object list = send("lago:events?maxRetries=0", List.of(text(event("t-1")), event("t-2"))).getMessage().getBody();

        assertThat(left).isEqualTo(text(event("t-1")));
        assertThat(list).isInstanceOf(ArrayList.class);
        assertThat(((List<?>) list).get(0)).isEqualTo(text(event("t-1")));
        assertThat(((List<?>) list).get(1)).isInstanceOf(Map.class);
    }

    private Object left(String form) {
        List<Object> mixed = List.of(event("t-1"), text(event("t-2")), "rubbish", new Usage("t-3", "no subscription"));
        if (form.equals("report") || form.equals("rejected")) {
            LagoEventsReport report = send("lago:events?onRejected=report", mixed).getMessage().getBody(LagoEventsReport.class);
            assertThat(report.rejected()).hasSize(2);
            return form.equals("report") ? report : report.rejected().get(1);
        }
        sandbox.faults().onAny().dropBefore();
        Object body = form.equals("event") ? event("t-1") : form.equals("list") ? mixed : mixed.iterator();
        return send("lago:events?maxRetries=0", body).getMessage().getBody();
    }

    private String marshalled(Object body) throws Exception {
        if (context.getRoute("marshal") == null) {
            route(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:marshal").routeId("marshal").marshal().json(JsonLibrary.Jackson);
                }
            });
        }
        return sent("direct:marshal", body).getMessage().getBody(String.class);
    }

    private <T> T convert(Class<T> type, Object body) throws Exception {
        return context.getTypeConverter().mandatoryConvertTo(type, body);
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
