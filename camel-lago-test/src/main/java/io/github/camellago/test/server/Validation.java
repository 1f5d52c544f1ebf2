package io.github.camellago.test.server;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Collects the errors of a call by field, with Lago's reasons.
 */
public final class Validation {

    private final Map<String, List<String>> details = new LinkedHashMap<>();

    /** Checks the mandatory fields, enums and formats of a create. */
    public static Validation create(Resource resource, Map<String, Object> given) {
        Validation validation = new Validation();
        for (String field : resource.required()) {
            validation.mandatory(given, field);
        }
        return validation.values(resource, given);
    }

    /** Checks an update. Only the given fields must be valid. */
    public static Validation update(Resource resource, Map<String, Object> given) {
        Validation validation = new Validation();
        for (String field : resource.required()) {
            if (given.containsKey(word(field, 0))) {
                validation.mandatory(given, field);
            }
        }
        return validation.values(resource, given);
    }

    /** @param field the name. The reason may follow after a space. The default is {@code value_is_mandatory} */
    public Validation mandatory(Map<String, Object> given, String field) {
        if (isBlank(given.get(word(field, 0)))) {
            add(word(field, 0), field.indexOf(' ') < 0 ? "value_is_mandatory" : word(field, 1));
        }
        return this;
    }

    private Validation values(Resource resource, Map<String, Object> given) {
        resource.enums().forEach((field, allowed) -> {
            Object value = given.get(word(field, 0));
            if (!isBlank(value) && !allowed.contains(String.valueOf(value))) {
                add(word(field, 0), field.indexOf(' ') < 0 ? "value_is_invalid" : word(field, 1));
            }
        });
        resource.formats().forEach((field, format) -> format(given, field, format));
        return this;
    }

    /**
     * Checks a field that has a value.
     *
     * @param format {@code email}, {@code country}, {@code currency}, {@code flag}, {@code positive} or {@code not_negative} (numbers),
     *               {@code at_most_255} (characters)
     */
    public Validation format(Map<String, Object> given, String field, String format) {
        Object value = given.get(field);
        if (isBlank(value)) {
            return this;
        }
        String text = String.valueOf(value);
        switch (format) {
            case "email" -> unless(Values.isEmail(text), field, "invalid_email_format");
            case "country" -> unless(Values.isCountry(text.toUpperCase(Locale.ROOT)), field, "not_a_valid_country_code");
            case "currency" -> unless(Values.isCurrency(text), field, "value_is_invalid");
            case "flag" -> unless(value instanceof Boolean || Values.of("flags").contains(text), field, "value_is_invalid");
            case "positive" -> number(text, field, 1);
            case "not_negative" -> number(text, field, 0);
            default -> unless(text.length() <= Integer.parseInt(format.substring("at_most_".length())), field,
                    "value_is_too_long");
        }
        return this;
    }

    private void number(String text, String field, int leastSign) {
        if (!Values.of("numbers").contains(text)) {
            add(field, "is not a number");
        } else {
            unless(new BigDecimal(text.strip()).signum() >= leastSign, field, "value_is_out_of_range");
        }
    }

    private void unless(boolean right, String field, String reason) {
        if (!right) {
            add(field, reason);
        }
    }

    private static boolean isBlank(Object value) {
        return value == null || value instanceof String text && text.isBlank();
    }

    private static String word(String text, int index) {
        return text.split(" ")[index];
    }

    public Validation add(String field, String reason) {
        details.computeIfAbsent(field, f -> new ArrayList<>()).add(reason);
        return this;
    }

    public Map<String, List<String>> details() {
        return details;
    }

    /** 422 if there are errors. */
    public void check() {
        if (!details.isEmpty()) {
            throw LagoError.invalid(details);
        }
    }
}
