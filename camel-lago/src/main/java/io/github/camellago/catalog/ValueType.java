package io.github.camellago.catalog;

import java.util.List;

/**
 * The values that a query parameter takes.
 *
 * @param form    how Lago reads a value
 * @param allowed the values that Lago knows if {@code form} is {@link Form#CHOICE}, else empty
 */
public record ValueType(Form form, List<String> allowed) {

    /** Any text. */
    public static final ValueType TEXT = new ValueType(Form.TEXT, List.of());

    /** How Lago reads a value. */
    public enum Form {
        TEXT, DATE, DATETIME, NUMBER, INTEGER, BOOLEAN, CURRENCY,
        /** {@code true} only: Lago reads every other text as true, {@code false} too. */
        TRUE,
        /** One of a list. */
        CHOICE
    }

    /** The values in words, or null for any text. */
    public String describe() {
        return switch (form) {
            case TEXT -> null;
            case DATE -> "a date such as 2026-01-31";
            case DATETIME -> "a date or an ISO 8601 date and time such as 2026-01-31T10:00:00Z";
            case NUMBER -> "a number";
            case INTEGER -> "a whole number";
            case BOOLEAN -> "true or false";
            case CURRENCY -> "a currency code of three letters such as EUR";
            case TRUE -> "true: Lago reads every other value as true too";
            case CHOICE -> "one of " + String.join(", ", allowed);
        };
    }
}
