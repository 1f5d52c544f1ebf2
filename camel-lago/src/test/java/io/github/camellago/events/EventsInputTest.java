package io.github.camellago.events;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEvent;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

/** Every form that events come in. */
class EventsInputTest extends RouteTestSupport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ONE = "{\"transaction_id\":\"t-0\",\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\"}";

    /** An event as an application has it. */
    public record Usage(String transaction_id, String external_subscription_id, String code, Map<String, Object> properties) {}

    static Stream<Arguments> oneEvent() throws Exception {
        return Stream.of(
                named("Map", event("t-0")),
                named("Map with root", Map.of("event", event("t-0"))),
                named("String", ONE),
                named("String with root", "{\"event\":" + ONE + "}"),
                named("String among spaces", "\n  " + ONE + " \n"),
                named("bytes", ONE.getBytes(StandardCharsets.UTF_8)),
                named("bytes with a byte order mark", ("\uFEFF" + ONE).getBytes(StandardCharsets.UTF_8)),
                named("stream", new ByteArrayInputStream(ONE.getBytes(StandardCharsets.UTF_8))),
                named("Reader", new StringReader(ONE)),
                named("JsonNode", JSON.readTree(ONE)),
                named("LagoEvent", new LagoEvent("t-0", "sub-1", "api_calls", Instant.now(), null)),
                named("POJO", new Usage("t-0", "sub-1", "api_calls", Map.of("a", 1)))).map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("oneEvent")
    void sendsOneEventAlone(Object body) throws Exception {
        sent("lago:events", body);

        assertThat(sandbox.events()).singleElement().satisfies(e -> assertThat(e).containsEntry("transaction_id", "t-0"));
        assertThat(sandbox.requests()).singleElement().satisfies(r -> assertThat(r.path()).endsWith("/events"));
    }

    @ParameterizedTest
    @MethodSource("oneEvent")
    void sendsOneEventAsABatchToThePathOfBatches(Object body) throws Exception {
        sent("lago:events/batch", body);

        assertThat(sandbox.events()).hasSize(1);
        assertThat(sandbox.requests()).singleElement().satisfies(r -> assertThat(r.path()).endsWith("/events/batch"));
    }

    static Stream<Arguments> manyEvents() {
        Function<Function<List<Map<String, Object>>, Object>, Function<List<Map<String, Object>>, Object>> form = f -> f;
        return Stream.of(
                named("List", form.apply(list -> list)),
                named("array", form.apply(list -> list.toArray())),
                named("Iterable", form.apply(list -> (Iterable<Object>) () -> new ArrayList<Object>(list).iterator())),
                named("Iterator", form.apply(List::iterator)),
                named("Stream", form.apply(List::stream)),
                named("Map with root", form.apply(list -> Map.of("events", list))),
                named("JsonNode", form.apply(JSON::valueToTree)),
                named("JsonNode with root", form.apply(list -> JSON.valueToTree(Map.of("events", list)))),
                named("String", form.apply(EventsInputTest::text)),
                named("bytes", form.apply(list -> text(list).getBytes(StandardCharsets.UTF_8))),
                named("stream", form.apply(list -> stream(text(list)))),
                named("stream with root", form.apply(list -> stream("{ \"events\" : " + text(list) + "}"))),
                named("bytes with root",
                        form.apply(list -> ("{\"events\":" + text(list) + "}").getBytes(StandardCharsets.UTF_8))),
                named("JSON lines", form.apply(list -> lines(list))),
                named("JSON lines in a stream", form.apply(list -> stream(lines(list)))),
                named("List of JSON", form.apply(list -> list.stream().map(EventsInputTest::text).toList())),
                named("List of bytes",
                        form.apply(list -> list.stream().map(e -> text(e).getBytes(StandardCharsets.UTF_8)).toList())),
                named("List of POJOs", form.apply(list -> list.stream().map(EventsInputTest::usage).toList())))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("manyEvents")
    void sendsManyEventsInBatches(Function<List<Map<String, Object>>, Object> form) throws Exception {
        List<Map<String, Object>> events = events(250);

        Exchange exchange = sent("lago:events", form.apply(events));

        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id"))
                .containsExactlyInAnyOrderElementsOf(events.stream().map(e -> e.get("transaction_id")).toList());
        assertThat(sandbox.events())
                .allSatisfy(e -> assertThat(e.get("properties")).isEqualTo(Map.of("region", "eu, [\"{ü}\\")));
        assertThat(sandbox.requests()).hasSize(3).allSatisfy(r -> assertThat(r.path()).endsWith("/events/batch"));
        assertThat(exchange.getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 250L)
                .containsEntry("CamelLagoEventsDuplicate", 0L).containsEntry("CamelLagoEventsRejected", 0L)
                .containsEntry("CamelHttpResponseCode", 200);
        assertThat(exchange.getMessage().getBody(LagoEventsReport.class).total()).isEqualTo(250);
    }

    @Test
    void acceptsAListOfExchangesOrMessages() throws Exception {
        Exchange map = new DefaultExchange(context);
        map.getMessage().setBody(event("map"));
        Exchange stream = new DefaultExchange(context);
        stream.getMessage().setBody(stream(text(event("stream"))));
        Exchange message = new DefaultExchange(context);
        message.getMessage().setBody(event("message"));

        sent("lago:events", List.of(map, stream, message.getMessage()));

        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id")).containsExactlyInAnyOrder("map", "stream",
                "message");
    }

    @Test
    void messagesOfOneExchangeAreDifferentEvents() throws Exception {
        Exchange exchange = new DefaultExchange(context);
        List<Object> messages = IntStream.range(0, 3).<Object>mapToObj(i -> {
            var message = exchange.getMessage().copy();
            message.setBody(Map.of("external_subscription_id", "sub-1", "code", "api_calls"));
            return message;
        }).toList();

        assertThat(sent("lago:events", messages).getMessage().getBody(LagoEventsReport.class).accepted()).isEqualTo(3);
        assertThat(sandbox.events()).hasSize(3);
    }

    @Test
    void aFileIsStreamed(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("usage.json"), text(events(1_000)));
        route("file:" + directory + "?noop=true&initialDelay=0", "lago:events");
        org.awaitility.Awaitility.await().until(() -> sandbox.eventCount() == 1_000);
    }

    @Test
    void theCharsetOfTheExchangeDoesNotMatterToText() throws Exception {
        String event = text(Map.of("transaction_id", "ü-1", "external_subscription_id", "sub-1", "code", "api_calls"));
        send("lago:events", event, Map.of(Exchange.CONTENT_TYPE, "text/plain; charset=iso-8859-1"));
        template.send("lago:events", e -> {
            e.setProperty(Exchange.CHARSET_NAME, "ISO-8859-1");
            e.getMessage().setBody(event.replace("ü-1", "ü-2"));
        });

        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id")).containsExactlyInAnyOrder("ü-1", "ü-2");
    }

    @Test
    void numbersLoseNoDigit() throws Exception {
        BigDecimal amount = new BigDecimal("1234567890123456789.000000000000000123450");
        Map<String, Object> event = new HashMap<>(event("t-0"));
        event.put("precise_total_amount_cents", amount.toPlainString());
        event.put("properties", Map.of("amount", amount, "count", Long.MAX_VALUE));
        sent("lago:events", List.of(event));
        sent("lago:events", "[" + text(event).replace("t-0", "t-1") + "]");

        assertThat(sandbox.requests()).allSatisfy(r -> assertThat(r.body()).contains("\"amount\":" + amount.toPlainString())
                .contains("\"count\":" + Long.MAX_VALUE));
    }

    @Test
    void setsMissingFieldsFromTheExchange() throws Exception {
        Map<String, Object> bare = Map.of("external_subscription_id", "sub-1", "code", "api_calls");
        Map<String, Object> empty = new LinkedHashMap<>(bare);
        empty.put("transaction_id", "");
        empty.put("timestamp", null);
        List<Object> forms = Arrays.asList(bare, empty, text(bare), text(empty), JSON.valueToTree(bare),
                new LagoEvent(null, "sub-1", "api_calls", (BigDecimal) null, null, null));

        Exchange exchange = sent("lago:events", forms);

        assertThat(sandbox.events()).hasSize(6).allSatisfy(e -> {
            assertThat(e.get("transaction_id").toString()).startsWith(exchange.getExchangeId() + "-");
            assertThat(Instant.parse(e.get("timestamp").toString()).toEpochMilli()).isEqualTo(exchange.getClock().getCreated());
        });
    }

    @Test
    void distinguishesTwoMessagesOfOneExchange() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:two").to("lago:events")
                        .setBody(constant(List.of(Map.of("external_subscription_id", "sub-2", "code", "other"))))
                        .to("lago:events");
            }
        });

        Exchange exchange = sent("direct:two", List.of(Map.of("external_subscription_id", "sub-1", "code", "api_calls")));

        assertThat(sandbox.events()).hasSize(2);
        assertThat(exchange.getMessage().getBody(LagoEventsReport.class).accepted()).isEqualTo(1);
    }

    @Test
    void rejectsInputThatIsNotAnEventBeforeItIsSent() {
        Map<String, Object> itself = new HashMap<>(event("itself"));
        itself.put("properties", itself);
        List<Object> events = new ArrayList<>(Arrays.asList(event("good"), null, "{\"code\":", "7", "[1]", 42, "", new byte[0],
                Map.of("code", "api_calls"), Map.of("external_subscription_id", " ", "code", ""), itself,
                text(event("x")) + text(event("y")), text(event("z")).getBytes(StandardCharsets.UTF_16)));

        Exchange exchange = send("lago:events", events);

        LagoEventsReport report = exchange.getException(LagoEventsRejectedException.class).getReport();
        assertThat(report.accepted()).isEqualTo(1);
        assertThat(report.rejected()).hasSize(12).allSatisfy(r -> assertThat(r.describe()).isNotBlank());
        assertThat(report.rejected().stream().collect(Collectors.toMap(RejectedEvent::index, RejectedEvent::describe)))
                .containsEntry(1L, "event: it is null").containsEntry(3L, "event: it is not a JSON object")
                .containsEntry(8L, "external_subscription_id: value_is_mandatory")
                .containsEntry(9L, "code: value_is_mandatory; external_subscription_id: value_is_mandatory")
                .containsEntry(11L, "event: something follows the JSON object");
        assertThat(sandbox.requestCount()).isEqualTo(1);
        assertThat(sandbox.events()).hasSize(1);
    }

    @Test
    void deliversTheElementsAroundAMalformedOne() {
        String list = "[" + text(event("a")) + ", {\"code\": tru}, {\"code\":\"\\q]\"}, 5, null, " + text(event("b")) + "]";

        Exchange exchange = send("lago:events", stream(list));

        LagoEventsReport report = exchange.getException(LagoEventsRejectedException.class).getReport();
        assertThat(report.rejected()).extracting(RejectedEvent::index).containsExactly(1L, 2L, 3L, 4L);
        assertThat(report.rejected().get(0).event()).isEqualTo("{\"code\": tru}");
        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id")).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void rejectsTheLastElementOfATextThatBreaksOff() {
        String list = text(events(150));

        Exchange exchange = send("lago:events", stream(list.substring(0, list.length() - 30)));

        assertThat(exchange.getException(LagoEventsRejectedException.class).getReport().rejected()).singleElement()
                .satisfies(r -> assertThat(r.index()).isEqualTo(149));
        assertThat(sandbox.eventCount()).isEqualTo(149);
        assertThat(exchange.getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 149L);
    }

    @Test
    void anEmptyListIsNothingToDo() throws Exception {
        for (Object body : List.of(List.of(), "[]", "{\"events\":[]}", stream(" [ ] "), List.of().iterator())) {
            Exchange exchange = sent("lago:events", body);
            assertThat(exchange.getMessage().getBody(LagoEventsReport.class).total()).isZero();
        }
        assertThat(sandbox.requestCount()).isZero();
    }

    private static final Map<String, Object> UNREADABLE = new AbstractMap<>() {
        @Override
        public Set<Entry<String, Object>> entrySet() {
            throw new IllegalStateException("not readable");
        }

        @Override
        public String toString() {
            return "unreadable map";
        }
    };

    static Stream<Arguments> noEvent() {
        return Stream.of(null, "", "  ", "[1", "[null]", "{\"code\":", "no JSON at all", "null", new byte[0], 42,
                Collections.singletonList(null), Collections.singletonList("").iterator(), new Object[]{null},
                stream("[1"), stream("{ no JSON"), Stream.of((Object) null),
                com.fasterxml.jackson.databind.node.NullNode.getInstance(), List.of(List.of()), UNREADABLE)
                .map(body -> Arguments.of(named("'" + body + "'", body)));
    }

    @ParameterizedTest
    @MethodSource("noEvent")
    void rejectsABodyThatIsNoEvent(Object body) throws Exception {
        LagoEventsReport report = sent("lago:events?onRejected=report", body).getMessage().getBody(LagoEventsReport.class);

        assertThat(report.rejected()).hasSize(1);
        assertThat(report.total()).isEqualTo(1);
        assertThat(sandbox.requestCount()).isZero();
    }

    @ParameterizedTest
    @MethodSource("noEvent")
    void rejectsABodyThatIsNoEventWithBatchInterval(Object body) throws Exception {
        // streams of the method source can be read once
        Exchange exchange = send("lago:events?batchInterval=10", body);

        assertThat(exchange.getException(LagoEventsRejectedException.class).getReport().rejected()).hasSize(1);
        assertThat(sandbox.requestCount()).isZero();
    }

    @Test
    void rejectsATombstoneAmongRecords() {
        List<Exchange> records = IntStream.range(0, 3).<Exchange>mapToObj(i -> {
            Exchange record = new DefaultExchange(context);
            record.getMessage().setBody(i == 1 ? null : event("t-" + i));
            return record;
        }).toList();

        LagoEventsReport report = send("lago:events", records).getException(LagoEventsRejectedException.class).getReport();

        assertThat(report.rejected()).extracting(RejectedEvent::index).containsExactly(1L);
        assertThat(sandbox.eventCount()).isEqualTo(2);
    }

    static Stream<Arguments> lines() {
        String cut = "{\"transaction_id\":\"cut";
        return Stream
                .of(cut, "{\"transaction_id\":\"cut\",", "{", "}", "[1", "[\"x", "[{\"a\":1", "[{\"a\":\"cut", "no JSON",
                        "{\"a\":[", "{\"a\":[1,", "{\"a\":\"\\", "\"", "null")
                .flatMap(broken -> Stream.of(0, 10, 999).map(line -> Arguments.of(broken, line)));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void rejectsABrokenLineAlone(String broken, int line) {
        List<String> lines = new ArrayList<>(events(1_000).stream().map(EventsInputTest::text).toList());
        lines.set(line, broken);

        Exchange exchange = send("lago:events", stream(String.join("\n", lines)));

        LagoEventsReport report = exchange.getException(LagoEventsRejectedException.class).getReport();
        assertThat(report.rejected()).extracting(RejectedEvent::index).containsExactly((long) line);
        assertThat(broken).endsWith(report.rejected().get(0).event().toString());
        assertThat(sandbox.eventCount()).isEqualTo(999);
    }

    private static Usage usage(Map<String, Object> e) {
        return new Usage((String) e.get("transaction_id"), (String) e.get("external_subscription_id"), (String) e.get("code"),
                Map.of("region", "eu, [\"{ü}\\"));
    }

    private static List<Map<String, Object>> events(int count) {
        return IntStream.range(0, count).<Map<String, Object>>mapToObj(i -> {
            Map<String, Object> event = new HashMap<>(event("t-" + i));
            event.put("properties", Map.of("region", "eu, [\"{ü}\\"));
            return event;
        }).toList();
    }

    private static String lines(List<Map<String, Object>> events) {
        return events.stream().map(EventsInputTest::text).collect(Collectors.joining("\n", "", "\n"));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
