package io.github.camellago.client;

import java.io.IOException;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.type.TypeReference;

/** The JSON that Lago answers errors with: {@code {status, error}} and, by the kind of error, code, error_details and message. */
record LagoError(int status, Map<String, Object> fields) {

    private static final Set<String> KEYS = Set.of("status", "error", "code", "error_details", "message", "provider");
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {
    };

    static LagoError of(LagoResponse answer) {
        try {
            Map<String, Object> parsed = Json.mapper().readValue(answer.body(), OBJECT);
            return new LagoError(answer.status(), parsed == null ? Map.of() : parsed);
        } catch (IOException | NumberFormatException e) {
            return new LagoError(answer.status(), Map.of());
        }
    }

    /** Whether it is Lago's form. Gateways and frameworks answer JSON too, with other keys. */
    boolean isLagos() {
        return fields.get("error") instanceof String && fields.get("status") instanceof Number number
                && number.intValue() == status && KEYS.containsAll(fields.keySet());
    }

    /** Lago's error code, or null. */
    String code() {
        return text("code");
    }

    /** A sentence beside the code, or null. */
    String message() {
        return text("message");
    }

    /** The code, else the error in words, else null. */
    String word() {
        return code() != null ? code() : text("error");
    }

    /** A map of fields or indexes, a text, or null. */
    Object details() {
        return fields.get("error_details");
    }

    private String text(String key) {
        return fields.get(key) instanceof String text ? text : null;
    }
}
