package io.github.camellago.kafka.connect;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Makes usage events of records. An event without a transaction_id gets one from its topic, partition and offset, so that a record that is sent
 * again is the same event. An event without a timestamp gets that of the record.
 */
final class EventMapper {

    private static final ObjectMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final String PROPERTIES = "properties";

    private final Map<String, String> fields;
    private final List<String> properties;
    private final String code;

    EventMapper(SinkConfig config) {
        this.fields = config.fields();
        this.properties = config.getList(SinkConfig.PROPERTIES);
        this.code = config.getString(SinkConfig.CODE);
    }

    /**
     * The event of a record.
     *
     * @throws DataException if the record's value cannot be an event
     */
    Map<String, Object> event(SinkRecord record) {
        Map<?, ?> value = value(record);
        Map<String, Object> event = new LinkedHashMap<>();
        fields.forEach((field, path) -> put(event, field, find(value, path)));
        put(event, PROPERTIES, properties(value));
        if (!code.isBlank()) {
            event.putIfAbsent("code", code);
        }
        event.putIfAbsent("transaction_id", record.topic() + '-' + record.kafkaPartition() + '-' + record.kafkaOffset());
        if (record.timestamp() != null) {
            event.putIfAbsent("timestamp", BigDecimal.valueOf(record.timestamp(), 3));
        }
        return event;
    }

    private static void put(Map<String, Object> event, String field, Object value) {
        if (value != null) {
            event.put(field, value);
        }
    }

    private Object properties(Map<?, ?> value) {
        if (properties.size() == 1 && find(value, properties.get(0)) instanceof Map<?, ?> map) {
            return map;
        }
        Map<String, Object> found = new LinkedHashMap<>();
        properties.forEach(path -> put(found, path.substring(path.lastIndexOf('.') + 1), find(value, path)));
        return properties.equals(List.of(PROPERTIES)) ? found.get(PROPERTIES) : found;
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
        Object value = PlainData.of(record.value());
        if (value instanceof byte[] bytes) {
            value = new String(bytes, StandardCharsets.UTF_8);
        }
        if (value instanceof String text) {
            try {
                value = JSON.readValue(text, Object.class);
            } catch (IOException e) {
                throw new DataException("The value of the record is not JSON", e);
            }
        }
        if (value == null) {
            throw new DataException("The record has no value");
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new DataException("The value of the record is not an object but a " + value.getClass().getSimpleName());
        }
        return map;
    }
}
