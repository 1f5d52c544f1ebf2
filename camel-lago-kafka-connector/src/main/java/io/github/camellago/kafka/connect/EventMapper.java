package io.github.camellago.kafka.connect;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Makes usage events of records. Without a mapping, a value is an event in Lago's form. An event without a transaction_id gets one from the topic,
 * partition and offset of its record, so that a record that is sent again is the same event. An event without a timestamp gets that of its record.
 */
final class EventMapper {

    static final String KEY = "key:";
    static final String HEADER = "header:";

    private static final ObjectMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final String PROPERTIES = "properties";
    private static final String ID = "transaction_id";
    private static final String TIMESTAMP = "timestamp";

    private final boolean mapped;
    private final Map<String, String> fields;
    private final List<String> properties;
    private final String code;
    private final String idPrefix;

    EventMapper(SinkConfig config) {
        this.mapped = config.isMapped();
        this.fields = config.fields();
        this.properties = config.getList(SinkConfig.PROPERTIES);
        this.code = config.getString(SinkConfig.CODE);
        this.idPrefix = config.getString(SinkConfig.ID_PREFIX);
    }

    /**
     * The event of a record.
     *
     * @throws DataException if the record cannot be an event
     */
    Map<String, Object> event(SinkRecord record) {
        Map<?, ?> value = value(record);
        Map<String, Object> event = new LinkedHashMap<>();
        if (mapped) {
            fields.forEach((field, path) -> put(event, field, find(record, value, path)));
            put(event, PROPERTIES, properties(record, value));
        } else {
            Map<?, ?> given = value.size() == 1 && value.get("event") instanceof Map<?, ?> inner ? inner : value;
            given.forEach((field, each) -> put(event, String.valueOf(field), each));
        }
        fields.keySet().forEach(field -> event.computeIfPresent(field, EventMapper::simple));
        if (!code.isBlank()) {
            event.putIfAbsent("code", code);
        }
        event.putIfAbsent(ID, idPrefix + record.originalTopic() + '-' + record.originalKafkaPartition() + '-'
                + record.originalKafkaOffset());
        if (!event.containsKey(TIMESTAMP)) {
            if (record.timestamp() == null) {
                throw new DataException("Neither the event nor the record has a timestamp");
            }
            event.put(TIMESTAMP, BigDecimal.valueOf(record.timestamp(), 3));
        }
        return event;
    }

    private static void put(Map<String, Object> event, String field, Object value) {
        if (value != null && !(value instanceof String text && text.isBlank())) {
            event.put(field, value);
        }
    }

    private static Object simple(String field, Object value) {
        if (value instanceof Map || value instanceof Collection) {
            throw new DataException("The field " + field + " of the event must be text or a number");
        }
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value;
    }

    private Object properties(SinkRecord record, Map<?, ?> value) {
        if (properties.size() == 1) {
            Object found = find(record, value, properties.get(0));
            if (found instanceof Map || properties.get(0).equals(PROPERTIES)) {
                return found;
            }
        }
        Map<String, Object> found = new LinkedHashMap<>();
        properties.forEach(path -> put(found, lastName(path), find(record, value, path)));
        return found;
    }

    /** The name of a property that is read from a path. */
    static String lastName(String path) {
        return path.substring(Math.max(path.lastIndexOf('.'), path.lastIndexOf(':')) + 1);
    }

    private static Object find(SinkRecord record, Map<?, ?> value, String path) {
        if (path.startsWith(HEADER)) {
            Header header = record.headers().lastWithName(path.substring(HEADER.length()));
            return header == null ? null : text(PlainData.of(header.schema(), header.value()));
        }
        if (path.equals(KEY)) {
            return text(PlainData.of(record.keySchema(), record.key()));
        }
        return path.startsWith(KEY)
                ? find(map("key", record.keySchema(), record.key()), path.substring(KEY.length()))
                : find(value, path);
    }

    private static Object text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value;
    }

    private static Object find(Map<?, ?> value, String path) {
        if (value.containsKey(path)) {
            return value.get(path);
        }
        int dot = path.indexOf('.');
        return dot > 0 && value.get(path.substring(0, dot)) instanceof Map<?, ?> inner
                ? find(inner, path.substring(dot + 1))
                : null;
    }

    private static Map<?, ?> value(SinkRecord record) {
        return map("value", record.valueSchema(), record.value());
    }

    private static Map<?, ?> map(String part, Schema schema, Object given) {
        Object value = PlainData.of(schema, given);
        try {
            if (value instanceof byte[] bytes) {
                value = JSON.readValue(bytes, Object.class);
            } else if (value instanceof String text) {
                value = JSON.readValue(text, Object.class);
            }
        } catch (IOException e) {
            throw new DataException("The " + part + " of the record is not JSON", e);
        }
        if (value == null) {
            throw new DataException("The record has no " + part);
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new DataException("The " + part + " of the record is not an object but "
                    + (value instanceof Collection ? "an array" : "a simple value"));
        }
        return map;
    }
}
