package io.github.camellago.kafka.connect;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.camellago.test.LagoSandbox;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Records that are no event, and records whose values have unusual types. */
class PoisonedRecordsTest {

    private static final long TIME = 1_760_000_000_123L;
    private static final String GOOD = "\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\"";

    private final LagoSandbox sandbox = LagoSandbox.start();
    private final TestSinkContext context = new TestSinkContext();
    private final LagoEventsSinkTask task = new LagoEventsSinkTask();
    private long offset;

    @AfterEach
    void stop() {
        task.stop();
        sandbox.close();
    }

    static Stream<Arguments> poisoned() {
        return Stream.of(arguments("{" + GOOD + "} {" + GOOD + "}", "not JSON"),
                arguments("[{" + GOOD + "}]", "an array"),
                arguments("", "not JSON"),
                arguments("null", "no value"),
                arguments("42", "not an object but a simple value"),
                arguments("{".repeat(2_000), "not JSON"),
                arguments("{\"a\":".repeat(2_000), "not JSON"),
                arguments("{\"code\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1), "not JSON"),
                arguments(List.of(1), "an array"),
                arguments(true, "not an object"),
                arguments("{" + GOOD + ",\"timestamp\":1760000000123}", "timestamp"),
                arguments("{" + GOOD + ",\"timestamp\":1e999999999}", "timestamp"),
                arguments("{" + GOOD + ",\"precise_total_amount_cents\":1e999999999}", "precise_total_amount_cents"),
                arguments("{" + GOOD + ",\"transaction_id\":{\"a\":1}}", "transaction_id"),
                arguments("{" + GOOD + ",\"transaction_id\":[1]}", "transaction_id"),
                arguments("{" + GOOD + ",\"properties\":\"{\\\"gb\\\":3}\"}", "properties"),
                arguments("{" + GOOD + ",\"gb\":3}", "gb"),
                arguments("{\"external_subscription_id\":\"sub-1\",\"code\":\" \"}", "code"),
                arguments(Map.of("external_subscription_id", "sub-1", "code", "api_calls", "properties",
                        Map.of("gb", List.of(Double.NaN))), "NaN"),
                arguments(Map.of("external_subscription_id", "sub-1", "code", "api_calls", "properties",
                        Map.of("gb", Float.POSITIVE_INFINITY)), "Infinity"));
    }

    @ParameterizedTest
    @MethodSource("poisoned")
    void reportsEachPoisonedRecordAndSendsTheOthers(Object value, String reason) {
        start(Map.of());
        SinkRecord poisoned = record(value);

        task.put(List.of(record(event("a")), poisoned, record(event("b"))));

        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id")).containsExactlyInAnyOrder("a", "b");
        assertThat(context.reported()).singleElement().satisfies(error -> {
            assertThat(error.getKey()).isSameAs(poisoned);
            assertThat(error.getValue()).hasMessageContaining(reason);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsTheOtherRecordsBeforeItFailsForAPoisonedOne(boolean reports) {
        if (reports) {
            context.toleratesNothing();
        } else {
            context.reportsNothing();
        }
        start(Map.of());

        assertThatThrownBy(() -> task.put(List.of(record("{"), record(event("a"))))).isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class).hasMessageContaining("usage-2 offset 0")
                .hasMessageContaining("errors.deadletterqueue.topic.name");
        assertThat(sandbox.eventCount()).isEqualTo(1);
    }

    @Test
    void reportsAPoisonedRecordOnceAlthoughLagoIsDown() {
        start(Map.of("lago.retries", "0"));
        List<SinkRecord> records = List.of(record(event("a")), record("{"), record(event("b")));
        sandbox.faults().on("POST", "/events/batch").times(3).status(503);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> task.put(records)).isInstanceOf(RetriableException.class);
        }
        task.put(records);

        assertThat(context.reported()).hasSize(1);
        assertThat(sandbox.eventCount()).isEqualTo(2);
    }

    @Test
    void aBlankTransactionIdIsSetFromTheOffsetSoThatARepeatIsTheSameEvent() {
        start(Map.of("lago.retries", "0"));
        SinkRecord record = record("{" + GOOD + ",\"transaction_id\":\"\",\"timestamp\":\"\"}");
        sandbox.faults().on("POST", "/events/batch").nth(1).dropAfter();

        assertThatThrownBy(() -> task.put(List.of(record))).isInstanceOf(RetriableException.class);
        task.put(List.of(record));

        assertThat(sandbox.events()).singleElement().satisfies(event -> {
            assertThat(event.get("transaction_id")).isEqualTo("usage-2-0");
            assertThat(event.get("timestamp")).hasToString("2025-10-09T08:53:20.123Z");
        });
    }

    @Test
    void recordsOfTopicsThatWereRoutedToOneNameAreDifferentEvents() {
        start(Map.of());
        SinkRecord first = new SinkRecord("usage-eu", 0, null, null, null, "{" + GOOD + "}", 5, TIME,
                TimestampType.CREATE_TIME);
        SinkRecord second = new SinkRecord("usage-us", 0, null, null, null, "{" + GOOD + "}", 5, TIME,
                TimestampType.CREATE_TIME);

        task.put(List.of(routed(first), routed(second)));

        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id")).containsExactlyInAnyOrder("usage-eu-0-5",
                "usage-us-0-5");
    }

    private static SinkRecord routed(SinkRecord record) {
        return record.newRecord("usage", record.kafkaPartition(), null, null, null, record.value(), record.timestamp());
    }

    @Test
    void rejectsARecordWithoutATimestampBecauseEachRepeatWouldHaveAnother() {
        start(Map.of());

        task.put(List.of(new SinkRecord("usage", 2, null, null, null, "{" + GOOD + "}", 0)));

        assertThat(sandbox.eventCount()).isZero();
        assertThat(context.reported()).singleElement()
                .satisfies(error -> assertThat(error.getValue()).hasMessageContaining("timestamp"));
    }

    @Test
    void structsWithLogicalTypesKeepTheirValues() {
        start(Map.of());
        Schema inner = SchemaBuilder.struct().optional().field("amount", Decimal.schema(4)).field("at", Timestamp.SCHEMA)
                .field("day", org.apache.kafka.connect.data.Date.SCHEMA).field("time", Time.SCHEMA)
                .field("tags", SchemaBuilder.array(org.apache.kafka.connect.data.Date.SCHEMA).build())
                .field("byName", SchemaBuilder.map(Schema.STRING_SCHEMA, Decimal.schema(2)).build())
                .field("region", SchemaBuilder.string().optional().defaultValue("eu").build())
                .field("none", Schema.OPTIONAL_STRING_SCHEMA).field("tiny", Schema.INT8_SCHEMA)
                .field("big", Schema.INT64_SCHEMA).field("float", Schema.FLOAT32_SCHEMA).build();
        Schema schema = SchemaBuilder.struct().name("usage.Event").field("transaction_id", Schema.BYTES_SCHEMA)
                .field("external_subscription_id", Schema.STRING_SCHEMA).field("code", Schema.STRING_SCHEMA)
                .field("timestamp", Timestamp.SCHEMA).field("properties", inner).build();
        Date day = Date.from(Instant.parse("2025-10-09T00:00:00Z"));
        Struct properties = new Struct(inner).put("amount", new BigDecimal("12345678901234567890.1230"))
                .put("at", new Date(TIME))
                .put("day", day).put("time", new Date(3_723_004)).put("tags", List.of(day))
                .put("byName", Map.of("a", new BigDecimal("1.50"))).put("tiny", (byte) 7).put("big", Long.MAX_VALUE)
                .put("float", 0.1f);
        Struct struct = new Struct(schema).put("transaction_id", ByteBuffer.wrap("t-1".getBytes(StandardCharsets.UTF_8)))
                .put("external_subscription_id", "sub-1").put("code", "api_calls").put("timestamp", new Date(TIME))
                .put("properties", properties);

        task.put(List.of(record(schema, struct)));

        assertThat(context.reported()).isEmpty();
        assertThat(sandbox.events()).singleElement().satisfies(event -> {
            assertThat(event.get("transaction_id")).isEqualTo("t-1");
            assertThat(event.get("timestamp")).hasToString("2025-10-09T08:53:20.123Z");
            assertThat(event.get("properties")).hasToString("{amount=12345678901234567890.1230, at=2025-10-09T08:53:20.123Z, "
                    + "day=2025-10-09, time=01:02:03.004, tags=[2025-10-09], byName={a=1.50}, region=eu, tiny=7, "
                    + "big=9223372036854775807, float=0.1}");
        });
    }

    @Test
    void mapsFieldsOfTheKeyAndHeaders() {
        start(Map.of("event.code", "api_calls", "event.field.external_subscription_id", "header:subscription",
                "event.field.transaction_id", "key:id", "event.field.properties", "gb,header:region"));
        SinkRecord record = new SinkRecord("usage", 2, null, "{\"id\":\"k-1\"}", null, Map.of("gb", 3), 0, TIME,
                TimestampType.CREATE_TIME);
        record.headers().addString("subscription", "old").addString("subscription", "sub-1")
                .addBytes("region", "eu".getBytes(StandardCharsets.UTF_8));

        task.put(List.of(record));

        assertThat(sandbox.events()).singleElement().satisfies(event -> {
            assertThat(event.get("transaction_id")).isEqualTo("k-1");
            assertThat(event.get("external_subscription_id")).isEqualTo("sub-1");
            assertThat(event.get("properties")).hasToString("{gb=3, region=eu}");
        });
    }

    @Test
    void mapsTheWholeKey() {
        start(Map.of("event.code", "api_calls", "event.field.external_subscription_id", "key:", "event.id.prefix", "eu-"));

        task.put(List.of(new SinkRecord("usage", 2, Schema.BYTES_SCHEMA, "sub-1".getBytes(StandardCharsets.UTF_8), null,
                Map.of("gb", 3), 9, TIME, TimestampType.CREATE_TIME)));

        assertThat(sandbox.events()).singleElement().satisfies(event -> {
            assertThat(event.get("external_subscription_id")).isEqualTo("sub-1");
            assertThat(event.get("transaction_id")).isEqualTo("eu-usage-2-9");
        });
    }

    private void start(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(
                Map.of("lago.api.key", sandbox.apiKey(), "lago.base.url", sandbox.baseUrl(), "topics", "usage"));
        properties.putAll(more);
        task.initialize(context.get());
        task.start(properties);
    }

    private SinkRecord record(Object value) {
        return record(null, value);
    }

    private SinkRecord record(Schema schema, Object value) {
        return new SinkRecord("usage", 2, null, null, schema, value, offset++, TIME, TimestampType.CREATE_TIME);
    }

    private static Map<String, Object> event(String id) {
        return Map.of("transaction_id", id, "external_subscription_id", "sub-1", "code", "api_calls", "timestamp",
                Instant.ofEpochMilli(TIME).truncatedTo(ChronoUnit.SECONDS).getEpochSecond());
    }
}
