package io.github.camellago.events;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.camellago.UnknownFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The fields that are added to an event. */
class EventEncoderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long CREATED = 1_733_852_206_123L;

    enum Form {
        MAP, TEXT, BYTES, NODE;

        Object of(Map<String, Object> event) throws Exception {
            return switch (this) {
                case MAP -> event;
                case TEXT -> JSON.writeValueAsString(event);
                case BYTES -> JSON.writeValueAsBytes(event);
                case NODE -> JSON.valueToTree(event);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsAnIdAndSetsTheTimestamp(Form form) throws Exception {
        EncodedEvent encoded = encode(form, Map.of("transaction_id", "own"), "x-1", CREATED);

        assertThat(encoded.transactionId()).isEqualTo("own");
        assertThat(tree(encoded).get("transaction_id").asText()).isEqualTo("own");
        assertThat(tree(encoded).get("timestamp").decimalValue()).isEqualByComparingTo("1733852206.123");
        assertThat(tree(encoded)).hasSize(4);
    }

    @Test
    void aTransactionIdOfAnotherTypeIsComparedAsItIsSent() throws Exception {
        Map<String, Object> event = Map.of("code", "c", "external_subscription_id", "s", "transaction_id",
                TextNode.valueOf("own"));

        EncodedEvent encoded = EventEncoder.encode(new EventItem(0, event, "x-1", CREATED), UnknownFields.REJECT);

        assertThat(encoded.transactionId()).isEqualTo("own");
        assertThat(tree(encoded).get("transaction_id").asText()).isEqualTo("own");
    }

    @Test
    void writesTimesInPropertiesAsIso8601() throws Exception {
        OffsetDateTime time = OffsetDateTime.parse("2026-01-31T23:30+01:00");
        Map<String, Object> properties = Map.of("instant", time.toInstant(), "offset", time, "zone",
                time.atZoneSameInstant(ZoneId.of("Europe/Paris")), "local", time.toLocalDateTime(), "date", time.toLocalDate());

        assertThat(JSON.convertValue(tree(encode(Form.MAP, Map.of("properties", properties), "x-1", CREATED)).get("properties"),
                Map.class)).isEqualTo(Map.of("instant", "2026-01-31T22:30:00Z", "offset", "2026-01-31T23:30+01:00",
                        "zone", "2026-01-31T23:30+01:00", "local", "2026-01-31T23:30", "date", "2026-01-31"));
    }

    @ParameterizedTest
    @EnumSource
    void keepsATimestampAndSetsTheId(Form form) throws Exception {
        EncodedEvent encoded = encode(form, Map.of("timestamp", 1_760_000_000L), "x-1", CREATED);

        assertThat(encoded.transactionId()).matches("x-1-[0-9a-f]{16}");
        assertThat(tree(encoded).get("transaction_id").asText()).isEqualTo(encoded.transactionId());
        assertThat(tree(encoded).get("timestamp").asLong()).isEqualTo(1_760_000_000L);
        assertThat(tree(encoded)).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void theIdDependsOnTheOriginAndTheContentOnly(Form form) throws Exception {
        Map<String, Object> timed = Map.of("timestamp", 1_760_000_000L);
        String id = encode(form, timed, "x-1", CREATED).transactionId();

        assertThat(encode(form, timed, "x-1", CREATED + 1).transactionId()).isEqualTo(id);
        assertThat(encode(form, Map.of(), "x-1", CREATED).transactionId())
                .isEqualTo(encode(form, Map.of(), "x-1", CREATED + 1).transactionId()).isNotEqualTo(id);
        assertThat(encode(form, timed, "x-2", CREATED).transactionId()).isNotEqualTo(id);
        assertThat(encode(form, Map.of("timestamp", 1_760_000_001L), "x-1", CREATED).transactionId()).isNotEqualTo(id);
        String copied = encode(form, timed, "x-1\nx/split", CREATED).transactionId();
        assertThat(copied).startsWith("x-1-").doesNotContain("split").isNotEqualTo(id);
        assertThat(encode(form, timed, "x-1\nx/other", CREATED).transactionId()).isNotEqualTo(copied);
    }

    /** A message's events have one parser and one generator. */
    @Test
    void anEventIsEncodedAloneWhateverCameBefore() throws Exception {
        String good = "{\"transaction_id\":\"t\",\"external_subscription_id\":\"s\",\"code\":\"c\",\"timestamp\":1760000000}";
        String wrapped = "{\"event\":" + good + "}";
        String large = good.replace("}", ",\"properties\":{\"text\":\"" + "x".repeat(20_000) + "\"}}");
        List<byte[]> before = Stream
                .of("", "{", "{\"code\":\"c", "[1]", good + good, good + "x", good + " \n", " " + good, "\uFEFF" + good,
                        wrapped, large,
                        large + "x", "{\"code\":1}", "{\"properties\":{\"a\":[[[")
                .map(text -> text.getBytes(StandardCharsets.UTF_8)).collect(Collectors.toCollection(ArrayList::new));
        before.add(("\uFEFF" + good).getBytes(StandardCharsets.UTF_16BE));
        before.add(good.getBytes(StandardCharsets.UTF_16LE));
        try (EventCodec codec = new EventCodec()) {
            for (byte[] first : before) {
                for (String second : List.of(good, wrapped, large)) {
                    for (Object form : List.of(second, JSON.readValue(second, Map.class))) {
                        encoded(first, codec);
                        encoded(Map.of("code", "c", "external_subscription_id", "s", "properties", Map.of("a", new Object() {
                            public String getBroken() {
                                throw new IllegalStateException();
                            }
                        })), codec);

                        EncodedEvent event = encoded(form, codec);

                        assertThat(tree(event)).isEqualTo(JSON.readTree(second.equals(wrapped) ? good : second));
                        assertThat(event.transactionId()).isEqualTo("t");
                    }
                }
            }
        }
    }

    /** Null if it is refused. */
    private static EncodedEvent encoded(Object event, EventCodec codec) throws Exception {
        try {
            return EventEncoder.encode(new EventItem(0, event, "x", CREATED), UnknownFields.REJECT, null, codec);
        } catch (EventEncoder.Refused e) {
            return null;
        }
    }

    private static EncodedEvent encode(Form form, Map<String, Object> fields, String origin, long created) throws Exception {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("external_subscription_id", "sub-1");
        event.put("code", "api_calls");
        event.putAll(fields);
        return EventEncoder.encode(new EventItem(0, form.of(event), origin, created), UnknownFields.REJECT);
    }

    private static JsonNode tree(EncodedEvent event) throws Exception {
        return JSON.readTree(new String(event.json(), StandardCharsets.UTF_8));
    }
}
