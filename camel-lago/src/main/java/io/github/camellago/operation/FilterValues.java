package io.github.camellago.operation;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Calendar;
import java.util.Date;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.BaseStream;

import io.github.camellago.catalog.ValueType;
import org.apache.camel.util.ObjectHelper;

/**
 * Writes single filter values as Lago reads them, and refuses values that Lago would ignore or misread. Dates of every Java type
 * become ISO 8601; moments are written in UTC, and a {@link LocalDateTime} is taken as UTC.
 */
final class FilterValues {

    private FilterValues() {}

    /**
     * The text that is sent for a value.
     *
     * @throws IllegalArgumentException if the parameter does not take the value
     */
    static String toText(String name, ValueType type, Object value) {
        requireSingle(name, value);
        String text = type.form() == ValueType.Form.DATE ? date(value) : text(value);
        requireUnicode(name, text);
        if (type == ValueType.TEXT) {
            return text;
        }
        String written = write(type, text.strip());
        if (written == null) {
            throw new IllegalArgumentException("The filter " + name + "=" + text + " must be " + type.describe());
        }
        return written;
    }

    /** Refuses what would become question marks, which may be the value of another record. */
    static void requireUnicode(String name, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("The filter " + name + " is not valid Unicode text");
        }
    }

    /** Refuses what is no single value, and what Java writes as the name of a class. */
    private static void requireSingle(String name, Object value) {
        boolean several = value instanceof Iterable || value instanceof Iterator || value instanceof BaseStream
                || value instanceof Map || value.getClass().isArray();
        boolean named = value.toString().equals(value.getClass().getName() + '@' + Integer.toHexString(value.hashCode()));
        if (several || named) {
            throw new IllegalArgumentException("The filter " + name + " takes texts, numbers and dates, or a list of them, not "
                    + ObjectHelper.classCanonicalName(value));
        }
    }

    /** The value as Lago reads it, or null if Lago cannot read it. */
    private static String write(ValueType type, String text) {
        return switch (type.form()) {
            case TEXT -> text;
            case DATE -> isDate(text) ? text : isDateTime(text) ? text.substring(0, text.indexOf('T')) : null;
            case DATETIME -> isDate(text) || isDateTime(text) ? text : null;
            case NUMBER -> text.matches("-?\\d+(\\.\\d+)?") ? text : null;
            case INTEGER -> text.matches("\\d+") ? text : null;
            case BOOLEAN -> choice(text, "true", "false");
            case TRUE -> choice(text, "true");
            case CURRENCY -> text.matches("[A-Za-z]{3}") ? text.toUpperCase(Locale.ROOT) : null;
            case CHOICE -> choice(text, type.allowed().toArray(String[]::new));
        };
    }

    private static String choice(String text, String... choices) {
        for (String choice : choices) {
            if (choice.equalsIgnoreCase(text)) {
                return choice;
            }
        }
        return null;
    }

    private static boolean isDate(String text) {
        try {
            return LocalDate.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        try {
            return DateTimeFormatter.ISO_DATE_TIME.parse(text) != null && text.indexOf('[') < 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** A date for a parameter that takes no time: the day of the value where it was given, or in UTC if it names no zone. */
    private static String date(Object value) {
        Object time = time(value);
        if (time instanceof TemporalAccessor day && day.isSupported(ChronoField.EPOCH_DAY)) {
            return LocalDate.from(day).toString();
        }
        return time instanceof Instant ? text(time).replaceFirst("T.*", "") : text(time);
    }

    private static String text(Object value) {
        Object time = time(value);
        if (time instanceof LocalDateTime local) {
            return local.toInstant(ZoneOffset.UTC).toString();
        }
        if (time instanceof TemporalAccessor moment && moment.isSupported(ChronoField.INSTANT_SECONDS)) {
            return Instant.from(moment).toString();
        }
        if (value instanceof BigDecimal || value instanceof Double || value instanceof Float) {
            return new BigDecimal(value.toString()).toPlainString();
        }
        return value instanceof Enum<?> constant ? constant.name() : time.toString();
    }

    /** What java.time has for a value of the older classes, else the value itself. */
    private static Object time(Object value) {
        if (value instanceof java.sql.Date || value instanceof java.sql.Time) {
            // their own text is ISO; they have no instant
            return value.toString();
        }
        if (value instanceof Calendar calendar) {
            return calendar.toInstant().atZone(calendar.getTimeZone().toZoneId());
        }
        return value instanceof Date date ? date.toInstant() : value;
    }
}
