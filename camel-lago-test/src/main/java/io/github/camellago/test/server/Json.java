package io.github.camellago.test.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * JSON as maps and lists. Numbers keep all digits, and keys keep their order.
 */
public final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private Json() {}

    /** Parses a JSON value. Throws {@link JsonProcessingException} if the text is not JSON. */
    public static Object parse(byte[] json) throws JsonProcessingException {
        try {
            return MAPPER.readValue(json, Object.class);
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Cannot be written as JSON: " + value, e);
        }
    }

    public static String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /** A map of name, value, name, value …. Unlike {@link Map#of}, it keeps the order and allows nulls. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    /** A copy of {@code record} with changed fields. */
    public static Map<String, Object> with(Map<String, Object> record, Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>(record);
        map.putAll(object(namesAndValues));
        return map;
    }

    /** An unmodifiable deep copy. */
    public static Map<String, Object> frozen(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>(Math.max(16, map.size() * 2));
        map.forEach((name, value) -> copy.put(String.valueOf(name), freeze(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static Object freeze(Object value) {
        if (value instanceof Map<?, ?> map) {
            return frozen(map);
        }
        if (value instanceof Iterable<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(freeze(element)));
            return Collections.unmodifiableList(copy);
        }
        return value;
    }

    /** {@code value} as an object. Empty if it is not an object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> asObject(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** {@code value} as a list of objects. Empty if it is not a list. */
    public static List<Map<String, Object>> asObjects(Object value) {
        return value instanceof List<?> list ? list.stream().map(Json::asObject).toList() : List.of();
    }

    /** {@code value} as a list of strings. Empty if it is not a list. */
    public static List<String> asStrings(Object value) {
        return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }

    /** {@code value} as text, or null. */
    public static String asText(Object value) {
        return value == null ? null : String.valueOf(value);
    }

    /** The value at a dotted path such as {@code customer.external_id}, or null. */
    public static Object at(Map<String, Object> record, String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? record.get(path) : at(asObject(record.get(path.substring(0, dot))), path.substring(dot + 1));
    }
}
