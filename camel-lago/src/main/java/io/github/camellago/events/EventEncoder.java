package io.github.camellago.events;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.UnknownFields;
import io.github.camellago.api.EventJson;
import io.github.camellago.api.LagoEvent;
import io.github.camellago.client.Json;
import io.github.camellago.events.ReferenceCheck.Unresolved;

/**
 * Writes events as JSON, completes them, and refuses those that Lago would not accept or not bill. A missing transaction_id or timestamp is derived
 * from the exchange, so that every repeat is the same event to Lago.
 */
final class EventEncoder {

    private static final String MANDATORY = "value_is_mandatory";
    static final String EVENT = "event";
    static final String ID = "transaction_id";
    static final String TIMESTAMP = "timestamp";
    static final String AMOUNT = "precise_total_amount_cents";
    /** The keys that Lago reads, and one that its older versions read. */
    private static final Set<String> FIELDS = Set.of(ID, "external_subscription_id", "code", TIMESTAMP, AMOUNT, "properties",
            "external_customer_id");
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int LARGEST_SCALE = 9_999;
    static final ObjectMapper MAPPER = Json.mapper().copy().registerModule(Timestamps.module());

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

    static EncodedEvent encode(EventItem item, UnknownFields unknown) throws Refused {
        try (EventCodec codec = new EventCodec()) {
            return encode(item, unknown, null, codec);
        } catch (Unresolved e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes an event.
     *
     * @param  check      checks what the event refers to, or null
     * @param  codec     parses and writes the event
     * @throws Refused    if it cannot be sent
     * @throws Unresolved if something that it refers to must be looked up first
     */
    static EncodedEvent encode(EventItem item, UnknownFields unknown, ReferenceCheck check, EventCodec codec)
            throws Refused, Unresolved {
        Object event = item.event();
        if (event instanceof EncodedEvent ready && (check == null || !ready.unchecked())) {
            return new EncodedEvent(item, ready.json(), ready.transactionId(), ready.unchecked());
        }
        try {
            if (event instanceof EncodedEvent ready) {
                return fromJson(ready.json(), item, unknown, check, codec);
            }
            if (event instanceof Map<?, ?> map) {
                return fromMap(unwrapped(map), item, unknown, check, codec);
            }
            if (event instanceof byte[] json) {
                return fromJson(json, item, unknown, check, codec);
            }
            if (event instanceof CharSequence json) {
                return fromJson(json.toString().getBytes(StandardCharsets.UTF_8), item, unknown, check, codec);
            }
            if (event instanceof NoEvent no) {
                throw new Refused(EVENT, no.reason());
            }
            if (event == null) {
                throw new Refused(EVENT, "it is null");
            }
            return fromJson(MAPPER.writeValueAsBytes(event), item, unknown, check, codec);
        } catch (JsonProcessingException e) {
            boolean text = event instanceof byte[] || event instanceof CharSequence;
            throw new Refused(EVENT, (text ? "it is not JSON: " : "it cannot be written as JSON: ") + e.getOriginalMessage());
        } catch (IOException | RuntimeException e) {
            throw new Refused(EVENT, "it cannot be written as JSON: " + e.getMessage());
        } catch (Error e) {
            if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
                throw e;
            }
            // an event's own code failed: this says nothing about the other events
            throw new Refused(EVENT, "it cannot be written as JSON: " + e);
        }
    }

    /** An event as it was given, with its missing fields. Sent again, it is the same event to Lago. */
    static Object completed(EventItem item) {
        try {
            byte[] json = encode(item, UnknownFields.DROP).json();
            if (item.event() instanceof byte[] || item.event() instanceof CharSequence
                    || item.event() instanceof EncodedEvent) {
                return new String(json, StandardCharsets.UTF_8);
            }
            return MAPPER.readValue(json, UndeliveredEvent.class);
        } catch (Refused | IOException e) {
            return EventJson.plain(item.given());
        }
    }

    private static Map<?, ?> unwrapped(Map<?, ?> map) {
        return map.size() == 1 && map.get("event") instanceof Map<?, ?> inner ? inner : map;
    }

    private static EncodedEvent fromMap(Map<?, ?> map, EventItem item, UnknownFields unknown, ReferenceCheck check,
            EventCodec codec)
            throws IOException, Refused, Unresolved {
        Map<String, List<String>> problems = missing(codec.problems(), isSet(map.get("code")),
                isSet(map.get("external_subscription_id")));
        Object timestamp = Timestamps.seconds(map.get(TIMESTAMP));
        problem(problems, timestamp);
        if (unknown == UnknownFields.REJECT) {
            map.forEach((field, value) -> unknown(problems, String.valueOf(field), value != null));
            Object properties = map.get("properties");
            properties(problems, properties instanceof CharSequence || properties instanceof Number
                    || properties instanceof Boolean || properties instanceof Collection || properties instanceof Object[]);
        }
        refuse(problems);
        boolean time = isSet(timestamp);
        if (check != null) {
            String code = text(map.get("code"));
            String property = check.property(code);
            check.check(code, text(map.get("external_subscription_id")), time ? timestamp : null, item,
                    property == null ? null : PropertyKind.of(map.get("properties"), property, MAPPER), problems);
            refuse(problems);
        }
        boolean id = isSet(map.get(ID));
        String transactionId = id ? text(map.get(ID)) : null;
        JsonGenerator json = codec.beginWriting();
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String field = String.valueOf(entry.getKey());
            if (!id && field.equals(ID) || !time && field.equals(TIMESTAMP)) {
                continue;
            }
            json.writeFieldName(field);
            write(json, field.equals(TIMESTAMP) ? timestamp : inLagosForm(field, entry.getValue()));
        }
        if (!id) {
            transactionId = transactionId(item, codec.written(), 0);
            json.writeStringField(ID, transactionId);
        }
        if (!time) {
            json.writeNumberField(TIMESTAMP, LagoEvent.seconds(item.created()));
        }
        json.writeEndObject();
        return new EncodedEvent(item, codec.endWriting(), transactionId, isUnchecked(check));
    }

    /** A value as it is in the JSON. */
    private static String text(Object value) {
        return value instanceof CharSequence ? value.toString() : MAPPER.<JsonNode>valueToTree(value).asText();
    }

    private static Object inLagosForm(String field, Object value) throws Refused {
        if (!field.equals(AMOUNT) || !(value instanceof Number)) {
            return value;
        }
        // Lago would round a number
        BigDecimal amount = new BigDecimal(value.toString());
        if (Math.abs(amount.scale()) > LARGEST_SCALE) {
            throw new Refused(AMOUNT, "it has more than " + LARGEST_SCALE + " digits");
        }
        return amount.toPlainString();
    }

    /** Writes the most frequent types directly, because Jackson looks its serializers up for each value. */
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

    private static EncodedEvent fromJson(byte[] given, EventItem item, UnknownFields unknown, ReferenceCheck check,
            EventCodec codec)
            throws IOException, Refused, Unresolved {
        EventScan scan = EventScan.of(given, check, codec);
        byte[] json = given;
        if (scan.inner != null) {
            json = scan.inner;
            scan = EventScan.of(json, check, codec);
        }
        Map<String, List<String>> problems = missing(codec.problems(), scan.code, scan.subscription);
        problem(problems, scan.timestamp);
        if (unknown == UnknownFields.REJECT) {
            scan.unknown.forEach(field -> unknown(problems, field, true));
            properties(problems, scan.noMap);
        }
        refuse(problems);
        if (scan.other) {
            return fromMap(MAPPER.readValue(json, LinkedHashMap.class), item, unknown, check, codec);
        }
        if (check != null) {
            check.check(scan.codeText, scan.subscriptionText, scan.time ? scan.timestamp : null, item, scan.property(json),
                    problems);
            refuse(problems);
        }
        if (scan.id != null && scan.time) {
            return new EncodedEvent(item, scan.open == 0 ? json : Arrays.copyOfRange(json, scan.open, json.length), scan.id,
                    isUnchecked(check));
        }
        String id = scan.id;
        ByteArrayOutputStream spliced = new ByteArrayOutputStream(json.length + 96);
        spliced.write('{');
        if (id == null) {
            id = transactionId(item, json, scan.open);
            spliced.writeBytes("\"transaction_id\":\"".getBytes(StandardCharsets.US_ASCII));
            spliced.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(id));
            spliced.write('"');
            spliced.write(',');
        }
        if (!scan.time) {
            spliced.writeBytes(("\"timestamp\":" + LagoEvent.seconds(item.created()).toPlainString() + ",")
                    .getBytes(StandardCharsets.US_ASCII));
        }
        spliced.write(json, scan.open + 1, json.length - scan.open - 1);
        return new EncodedEvent(item, spliced.toByteArray(), id, isUnchecked(check));
    }

    private static boolean isUnchecked(ReferenceCheck check) {
        return check != null && check.isUnchecked();
    }

    /** The id of an event without one: the same for each repeat, and different for another event at the same place of the exchange. */
    private static String transactionId(EventItem item, byte[] event, int from) {
        String prefix = item.idPrefix();
        int hashed = prefix.indexOf(TransactionIdSeed.HASHED);
        String readable = hashed < 0 ? prefix : prefix.substring(0, hashed);
        long hash = FNV_OFFSET;
        if (hashed > 0) {
            byte[] path = prefix.substring(hashed).getBytes(StandardCharsets.UTF_8);
            hash = hash(hash, path, 0);
        }
        return readable + '-' + HexFormat.of().toHexDigits(hash(hash, event, from));
    }

    private static long hash(long start, byte[] bytes, int from) {
        long hash = start;
        for (int i = from; i < bytes.length; i++) {
            hash = (hash ^ bytes[i]) * FNV_PRIME;
        }
        return hash;
    }

    private static boolean isSet(Object value) {
        return value != null && !(value instanceof CharSequence text && text.toString().isBlank());
    }

    private static Map<String, List<String>> missing(Map<String, List<String>> problems, boolean code, boolean subscription) {
        if (!code) {
            problems.put("code", List.of(MANDATORY));
        }
        if (!subscription) {
            problems.put("external_subscription_id", List.of(MANDATORY));
        }
        return problems;
    }

    private static void problem(Map<String, List<String>> problems, Object timestamp) {
        String problem = Timestamps.problem(timestamp);
        if (problem != null) {
            problems.put(TIMESTAMP, List.of(problem));
        }
    }

    private static void unknown(Map<String, List<String>> problems, String field, boolean set) {
        if (set && !FIELDS.contains(field)) {
            problems.put(field, List.of("Lago would drop this key: use properties." + field));
        }
    }

    private static void properties(Map<String, List<String>> problems, boolean noMap) {
        if (noMap) {
            problems.put("properties", List.of("Lago would drop this value: it is not a map"));
        }
    }

    private static void refuse(Map<String, List<String>> problems) throws Refused {
        if (!problems.isEmpty()) {
            throw new Refused(problems);
        }
    }
}
