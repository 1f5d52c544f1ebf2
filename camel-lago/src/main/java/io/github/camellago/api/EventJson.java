package io.github.camellago.api;

import java.io.IOException;
import java.util.Iterator;
import java.util.function.Function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.std.UntypedObjectDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;

/** Events and records as JSON text. */
public final class EventJson {

    static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModules(JacksonModules.find(Thread.currentThread().getContextClassLoader()))
            // the last one wins: among those found may be one with maps and lists of its own
            .addModule(new SimpleModule("camel-lago").addDeserializer(Object.class, new UntypedObjectDeserializer(null, null)))
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private EventJson() {}

    /** A value as JSON. Text that is a JSON object stays as it is; other text, and anything that has no JSON form, becomes a JSON string. */
    public static String of(Object value) {
        if (value instanceof CharSequence text && isObject(text.toString())) {
            return text.toString();
        }
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException | RuntimeException | LinkageError | StackOverflowError e) {
            return of(text(value));
        }
    }

    /** A value's {@code toString()}, or the name of its class if that fails, too. */
    public static String text(Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            return value.getClass().getName();
        }
    }

    /** A JSON array in parts. */
    public static <T> Iterator<String> array(Iterator<T> values, Function<? super T, String> json) {
        return array("", values, json, "");
    }

    /** JSON text that has an array, in parts: what is before the array, the array, and what is after it. */
    static <T> Iterator<String> array(String head, Iterator<T> values, Function<? super T, String> json, String tail) {
        return new Iterator<>() {
            private String before = head + '[';
            private boolean closed;

            @Override
            public boolean hasNext() {
                return !closed;
            }

            @Override
            public String next() {
                if (!values.hasNext()) {
                    closed = true;
                    return (before.equals(",") ? "]" : before + ']') + tail;
                }
                String part = before + json.apply(values.next());
                before = ",";
                return part;
            }
        };
    }

    /** An event without objects of users, which may not be serializable: text stays text, anything else is made of the maps and lists of its JSON form. */
    public static Object plain(Object event) {
        try {
            return event == null || event instanceof String ? event : MAPPER.readValue(of(event), Object.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isObject(String text) {
        try {
            JsonNode node = text.stripLeading().startsWith("{") ? MAPPER.readTree(text) : null;
            return node != null && node.isObject();
        } catch (JsonProcessingException | NumberFormatException e) {
            // a number whose exponent is too large for a BigDecimal is well-formed
            return false;
        }
    }
}
