package io.github.camellago.kafka.connect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.LagoSandbox;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LagoEventsSinkTaskTest {

    private static final long TIME = 1_760_000_000_123L;

    private final LagoSandbox sandbox = LagoSandbox.start();
    private final LagoEventsSinkTask task = new LagoEventsSinkTask();
    private final TestSinkContext context = new TestSinkContext();
    private long offset;

    @BeforeEach
    void initialize() {
        task.initialize(context.get());
    }

    @AfterEach
    void stop() {
        task.stop();
        sandbox.close();
    }

    @Test
    void sendsMapsStructsAndTextAsEvents() {
        start(Map.of());
        Schema schema = SchemaBuilder.struct().field("transaction_id", Schema.STRING_SCHEMA)
                .field("external_subscription_id", Schema.STRING_SCHEMA).field("code", Schema.STRING_SCHEMA)
                .field("timestamp", Schema.INT64_SCHEMA)
                .field("properties", SchemaBuilder.struct().field("gb", Decimal.schema(2)).build()).build();
        Struct struct = new Struct(schema).put("transaction_id", "struct").put("external_subscription_id", "sub-1")
                .put("code", "api_calls").put("timestamp", 1_760_000_001L)
                .put("properties",
                        new Struct(schema.field("properties").schema()).put("gb", new java.math.BigDecimal("12.50")));
        String text = "{\"transaction_id\":\"text\",\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\"}";

        task.put(List.of(record(event("map")), record(struct), record(text), record(text.replace("text", "bytes")
                .getBytes(StandardCharsets.UTF_8))));

        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id")).containsExactlyInAnyOrder("map", "struct", "text",
                "bytes");
        assertThat(stored("struct").get("properties")).hasToString("{gb=12.50}");
        assertThat(stored("text").get("timestamp")).hasToString("2025-10-09T08:53:20.123Z");
        assertThat(context.errors()).isEmpty();
    }

    @Test
    void mapsFieldsAndSetsAnIdFromTheOffset() {
        start(Map.of("event.field.external_subscription_id", "customer.subscription", "event.code", "api_calls",
                "event.field.properties", "usage.gb,region"));

        task.put(
                List.of(record(Map.of("customer", Map.of("subscription", "sub-1"), "usage", Map.of("gb", 3), "region", "eu"))));

        assertThat(sandbox.events()).singleElement().satisfies(event -> {
            assertThat(event.get("transaction_id")).isEqualTo("usage-2-0");
            assertThat(event.get("external_subscription_id")).isEqualTo("sub-1");
            assertThat(event.get("code")).isEqualTo("api_calls");
            assertThat(event.get("properties")).hasToString("{gb=3, region=eu}");
        });
    }

    @Test
    void reportsRejectedRecordsWithLagosReasons() {
        start(Map.of());
        SinkRecord tombstone = record(null);
        SinkRecord invalid = record(Map.of("code", "api_calls"));
        SinkRecord broken = record("{");

        task.put(List.of(tombstone, record(event("good")), invalid, broken));

        assertThat(sandbox.events()).hasSize(1);
        assertThat(context.errors()).hasSize(3);
        assertThat(context.errors().get(tombstone)).hasMessage("The record has no value");
        assertThat(context.errors().get(invalid)).hasMessageContaining("external_subscription_id: value_is_mandatory");
        assertThat(context.errors().get(broken)).hasMessageContaining("not JSON");
    }

    @Test
    void failsWithoutAnErrorReporter() {
        context.reportsNothing();
        start(Map.of());

        assertThatThrownBy(() -> task.put(List.of(record(null)))).isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class).hasMessageContaining("usage-2 offset 0");
    }

    @Test
    void asksForTheSameRecordsAgainIfLagoIsDown() {
        start(Map.of("lago.batch.size", "10", "lago.retries", "0"));
        List<SinkRecord> records = new ArrayList<>();
        for (int i = 0; i < 45; i++) {
            records.add(record(event("t-" + i)));
        }
        sandbox.faults().on("POST", "/events/batch").nth(2).statusAfter(503);
        sandbox.faults().on("POST", "/events/batch").nth(3).dropAfter();

        assertThatThrownBy(() -> task.put(records)).isInstanceOf(RetriableException.class);
        sandbox.faults().clear();
        task.put(records);

        assertThat(context.backoffs()).containsExactly(3_000L);
        assertThat(sandbox.events()).hasSize(45).extracting(e -> e.get("transaction_id")).doesNotHaveDuplicates();
        assertThat(context.errors()).isEmpty();
    }

    @Test
    void failsIfTheKeyIsNotAccepted() {
        start(Map.of("lago.api.key", "revoked"));

        assertThatThrownBy(() -> task.put(List.of(record(event("t"))))).isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class).hasMessageContaining("lago.api.key")
                .hasMessageNotContaining("revoked");
    }

    private Map<String, Object> stored(String id) {
        return sandbox.events().stream().filter(event -> event.get("transaction_id").equals(id)).findFirst().orElseThrow();
    }

    private void start(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(
                Map.of("lago.api.key", sandbox.apiKey(), "lago.base.url", sandbox.baseUrl(), "topics", "usage"));
        properties.putAll(more);
        task.start(properties);
    }

    private SinkRecord record(Object value) {
        return new SinkRecord("usage", 2, null, null, null, value, offset++, TIME, TimestampType.CREATE_TIME);
    }

    private static Map<String, Object> event(String id) {
        return Map.of("transaction_id", id, "external_subscription_id", "sub-1", "code", "api_calls", "timestamp",
                1_760_000_000L,
                "properties", Map.of("gb", 1));
    }
}
