package io.github.camellago.events;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.api.LagoEvent;
import io.github.camellago.client.Json;

/**
 * Turns events into JSON, completes them, and refuses the ones that Lago could not take. A transaction_id and a timestamp that
 * are missing are set once, from the exchange, so that every repeat is the same event to Lago.
 */
final class EventEncoder {

    private static final String MANDATORY = "value_is_mandatory";
    private static final String TIMESTAMP = "timestamp";
    private static final String AMOUNT = "precise_total_amount_cents";
    private static final ObjectMapper MAPPER = Json.mapper().copy().registerModule(Timestamps.module());

    private EventEncoder() {}

    /** Why an event cannot be sent. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Map<String, List<String>> reasons;

        Refused(Map<String, List<String>> reasons) {
            super(null, null, false, false);
            this.reasons = reasons;
        }

        Refused(String field, String reason) {
            this(Map.of(field, List.of(reason)));
        }

        Map<String, List<String>> reasons() {
            return reasons;
        }
    }

    static EncodedEvent encode(EventItem item) throws Refused {
        Object event = item.event();
        try {
            if (event instanceof Map<?, ?> map) {
                return new EncodedEvent(item, fromMap(unwrapped(map), item));
            }
            if (event instanceof byte[] json) {
                return new EncodedEvent(item, fromJson(json, item));
            }
            if (event instanceof CharSequence json) {
                return new EncodedEvent(item, fromJson(json.toString().getBytes(StandardCharsets.UTF_8), item));
            }
            if (event == null) {
                throw new Refused("event", "it is null");
            }
            return new EncodedEvent(item, fromJson(MAPPER.writeValueAsBytes(event), item));
        } catch (JsonProcessingException e) {
            boolean text = event instanceof byte[] || event instanceof CharSequence;
            throw new Refused("event", (text ? "it is not JSON: " : "it cannot be written as JSON: ") + e.getOriginalMessage());
        } catch (IOException | RuntimeException e) {
            throw new Refused("event", "it cannot be written as JSON: " + e.getMessage());
        }
    }

    /** An event as it was given, but for what was missing: sent again by anyone, it is the same event to Lago. */
    static Object completed(EventItem item) {
        try {
            byte[] json = encode(item).json();
            if (item.event() instanceof byte[] || item.event() instanceof CharSequence) {
                return new String(json, StandardCharsets.UTF_8);
            }
            return item.event() instanceof JsonNode ? MAPPER.readTree(json) : MAPPER.readValue(json, LinkedHashMap.class);
        } catch (Refused | IOException e) {
            return item.event() instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : item.event();
        }
    }

    private static Map<?, ?> unwrapped(Map<?, ?> map) {
        return map.size() == 1 && map.get("event") instanceof Map<?, ?> inner ? inner : map;
    }

    private static byte[] fromMap(Map<?, ?> map, EventItem item) throws IOException, Refused {
        require(isSet(map.get("code")), isSet(map.get("external_subscription_id")));
        boolean id = isSet(map.get("transaction_id"));
        boolean time = isSet(map.get(TIMESTAMP));
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(256);
                JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
            json.setCodec(MAPPER);
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String field = String.valueOf(entry.getKey());
                if (!id && field.equals("transaction_id") || !time && field.equals(TIMESTAMP)) {
                    continue;
                }
                json.writeFieldName(field);
                write(json, asLagoTakesIt(field, entry.getValue()));
            }
            if (!id) {
                json.flush();
                json.writeStringField("transaction_id", transactionId(item, bytes.toByteArray(), 0));
            }
            if (!time) {
                json.writeNumberField(TIMESTAMP, LagoEvent.seconds(item.created()));
            }
            json.writeEndObject();
            json.flush();
            return bytes.toByteArray();
        }
    }

    private static Object asLagoTakesIt(String field, Object value) {
        if (field.equals(TIMESTAMP)) {
            return Timestamps.seconds(value);
        }
        // as a number, Lago would round it
        return field.equals(AMOUNT) && value instanceof Number ? new BigDecimal(value.toString()).toPlainString() : value;
    }

    /** Strings and maps are most of what events have; Jackson's way for anything else is found again for each value. */
    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else {
            json.writeObject(value);
        }
    }

    private static byte[] fromJson(byte[] given, EventItem item) throws IOException, Refused {
        Scan scan = Scan.of(given);
        byte[] json = given;
        if (scan.inner != null) {
            json = scan.inner;
            scan = Scan.of(json);
        }
        require(scan.code, scan.subscription);
        if (scan.other) {
            return fromMap(MAPPER.readValue(json, LinkedHashMap.class), item);
        }
        if (scan.id && scan.time) {
            return scan.open == 0 ? json : Arrays.copyOfRange(json, scan.open, json.length);
        }
        ByteArrayOutputStream spliced = new ByteArrayOutputStream(json.length + 96);
        spliced.write('{');
        if (!scan.id) {
            spliced.writeBytes("\"transaction_id\":\"".getBytes(StandardCharsets.US_ASCII));
            spliced.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(transactionId(item, json, scan.open)));
            spliced.write('"');
            spliced.write(',');
        }
        if (!scan.time) {
            spliced.writeBytes(("\"timestamp\":" + LagoEvent.seconds(item.created()).toPlainString() + ",")
                    .getBytes(StandardCharsets.US_ASCII));
        }
        spliced.write(json, scan.open + 1, json.length - scan.open - 1);
        return spliced.toByteArray();
    }

    /**
     * An id that the same event of the same exchange gets whenever it is asked for, and no other event does: not one that stood in that place
     * in another message of the exchange.
     */
    private static String transactionId(EventItem item, byte[] event, int from) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < event.length; i++) {
            hash = (hash ^ event[i]) * 0x100000001b3L;
        }
        return item.origin() + '-' + HexFormat.of().toHexDigits(hash);
    }

    private static boolean isSet(Object value) {
        return value != null && !(value instanceof CharSequence text && text.toString().isBlank());
    }

    private static void require(boolean code, boolean subscription) throws Refused {
        if (!code || !subscription) {
            Map<String, List<String>> reasons = new LinkedHashMap<>();
            if (!code) {
                reasons.put("code", List.of(MANDATORY));
            }
            if (!subscription) {
                reasons.put("external_subscription_id", List.of(MANDATORY));
            }
            throw new Refused(reasons);
        }
    }

    /** One pass over an event's JSON: whether it is well-formed, and which of the fields that matter it has. */
    private static final class Scan {

        private boolean code;
        private boolean subscription;
        private boolean id;
        private boolean time;
        /** whether a field is there that must be written in another way, or is empty and must be left out */
        private boolean other;
        private int open;
        private byte[] inner;

        static Scan of(byte[] json) throws IOException, Refused {
            Scan scan = new Scan();
            if (json.length > 1 && (json[0] == 0 || json[1] == 0)) {
                throw new Refused("event", "it is not UTF-8");
            }
            int fields = 0;
            try (JsonParser parser = MAPPER.getFactory().createParser(json)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new Refused("event", "it is not a JSON object");
                }
                scan.open = (int) parser.currentTokenLocation().getByteOffset();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    fields++;
                    scan.field(parser, json);
                }
                if (parser.nextToken() != null) {
                    throw new Refused("event", "something follows the JSON object");
                }
            }
            if (fields != 1) {
                scan.inner = null;
            }
            return scan;
        }

        private void field(JsonParser parser, byte[] json) throws IOException {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            boolean set = value != JsonToken.VALUE_NULL
                    && !(value == JsonToken.VALUE_STRING && parser.getTextLength() < 16 && parser.getText().isBlank());
            switch (field) {
                case "code" -> code = set;
                case "external_subscription_id" -> subscription = set;
                case "transaction_id" -> {
                    id = set;
                    other |= !set;
                }
                case TIMESTAMP -> {
                    time = set;
                    other |= !set || value == JsonToken.VALUE_STRING && Timestamps.isDateTime(parser.getText());
                }
                case AMOUNT -> other |= value.isNumeric();
                default -> {
                    int start = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    if (value == JsonToken.START_OBJECT && field.equals("event")) {
                        inner = Arrays.copyOfRange(json, start, (int) parser.currentLocation().getByteOffset());
                    }
                }
            }
            parser.skipChildren();
        }
    }
}
