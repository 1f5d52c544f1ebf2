package io.github.camellago.events;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** How Lago reads the property that a metric aggregates. */
enum PropertyKind {

    MISSING, NUMBER,
    /** Text that is not a number, a boolean, a list or an object. */
    OTHER;

    /** @param mapper writes values that are neither text nor numbers */
    static PropertyKind of(Object properties, String name, ObjectMapper mapper) {
        if (properties instanceof Map<?, ?> map) {
            // not by get: keys need not be text
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (name.equals(String.valueOf(entry.getKey()))) {
                    return of(entry.getValue(), mapper);
                }
            }
            return MISSING;
        }
        return properties == null ? MISSING : of(mapper.<JsonNode>valueToTree(properties).path(name));
    }

    private static PropertyKind of(Object value, ObjectMapper mapper) {
        if (value instanceof Number number) {
            return of(number);
        }
        return value instanceof String text ? of(text) : of(mapper.<JsonNode>valueToTree(value));
    }

    static PropertyKind of(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return MISSING;
        }
        return value.isNumber() ? of(value.numberValue()) : value.isTextual() ? of(value.asText()) : OTHER;
    }

    /** JSON has no number for NaN and infinity. Jackson writes them as text. */
    private static PropertyKind of(Number value) {
        boolean floating = value instanceof Double || value instanceof Float;
        return floating && !Double.isFinite(value.doubleValue()) ? OTHER : NUMBER;
    }

    /** Lago takes digits, with a minus before and decimals after them, and nothing else. */
    static PropertyKind of(String text) {
        int digits = 0;
        boolean decimals = false;
        for (int i = text.startsWith("-") ? 1 : 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && digits > 0 && !decimals) {
                decimals = true;
                digits = 0;
            } else if (c < '0' || c > '9') {
                return OTHER;
            } else {
                digits++;
            }
        }
        return digits > 0 ? NUMBER : OTHER;
    }
}
