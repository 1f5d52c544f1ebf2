package io.github.camellago.test.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what is wrong with a call, by field, in Lago's words.
 */
public final class Validation {

    private final Map<String, List<String>> details = new LinkedHashMap<>();

    /** Checks mandatory fields and enums of a create. */
    public static Validation create(Resource resource, Map<String, Object> given) {
        Validation validation = new Validation();
        for (String field : resource.required()) {
            validation.mandatory(given, field);
        }
        return validation.enums(resource, given);
    }

    /** Checks an update: what is given must be valid, what is not given stays. */
    public static Validation update(Resource resource, Map<String, Object> given) {
        Validation validation = new Validation();
        for (String field : resource.required()) {
            if (given.containsKey(field)) {
                validation.mandatory(given, field);
            }
        }
        return validation.enums(resource, given);
    }

    public Validation mandatory(Map<String, Object> given, String field) {
        Object value = given.get(field);
        if (value == null || "".equals(value)) {
            add(field, "value_is_mandatory");
        }
        return this;
    }

    private Validation enums(Resource resource, Map<String, Object> given) {
        resource.enums().forEach((field, allowed) -> {
            Object value = given.get(field);
            if (value != null && !"".equals(value) && !allowed.contains(String.valueOf(value))) {
                add(field, "value_is_invalid");
            }
        });
        return this;
    }

    public Validation add(String field, String reason) {
        details.computeIfAbsent(field, f -> new ArrayList<>()).add(reason);
        return this;
    }

    public Map<String, List<String>> details() {
        return details;
    }

    /** 422 if anything was found. */
    public void check() {
        if (!details.isEmpty()) {
            throw LagoError.invalid(details);
        }
    }
}
