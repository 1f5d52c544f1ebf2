package io.github.camellago.events;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Calendar;
import java.util.Date;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.util.StdConverter;

/** Timestamps in Lago's form: Unix seconds, with fractions. */
final class Timestamps {

    /** The first second of 2100. Later timestamps are milliseconds, or a mistake. */
    private static final BigDecimal END = BigDecimal.valueOf(4_102_444_800L);
    private static final BigDecimal SECONDS_PER_YEAR = BigDecimal.valueOf(31_556_952L);
    private static final int EPOCH_YEAR = 1970;
    private static final int LONGEST_NUMBER = 40;

    private Timestamps() {}

    /**
     * Why a timestamp lies in no billing period, or null. Lago accepts any number, and never bills an event that is dated outside of its
     * subscription's time. Values that are not numbers are left to Lago.
     */
    static String problem(Object timestamp) {
        if (timestamp instanceof Long || timestamp instanceof Integer) {
            long seconds = ((Number) timestamp).longValue();
            if (seconds >= 0 && seconds < END.longValue()) {
                return null;
            }
        }
        BigDecimal seconds = number(timestamp);
        if (seconds == null || seconds.signum() >= 0 && seconds.compareTo(END) < 0) {
            return null;
        }
        if (seconds.signum() < 0) {
            return timestamp + " is before 1970: Lago takes seconds since 1970";
        }
        String year = (long) seconds.precision() - seconds.scale() > LONGEST_NUMBER
                ? "after 2099"
                : "in the year "
                        + seconds.divideToIntegralValue(SECONDS_PER_YEAR).add(BigDecimal.valueOf(EPOCH_YEAR)).toPlainString();
        return timestamp + " is " + year + ": Lago takes seconds since 1970. Divide milliseconds by 1000";
    }

    /** A timestamp of seconds in milliseconds, or null if it is not a number. */
    static Long millis(Object timestamp) {
        BigDecimal seconds = number(timestamp);
        return seconds == null ? null : seconds.movePointRight(3).longValue();
    }

    private static BigDecimal number(Object timestamp) {
        try {
            return timestamp instanceof Number || timestamp instanceof CharSequence text && text.length() <= LONGEST_NUMBER
                    ? new BigDecimal(timestamp.toString().strip())
                    : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** A timestamp in seconds. Numbers, and text that is no date and time, stay as they are: Lago validates them. */
    static Object seconds(Object value) {
        if (value instanceof JsonNode node) {
            return node.isNumber() ? node.numberValue() : node.isTextual() ? seconds(node.textValue()) : value;
        }
        if (value instanceof Temporal time && time.isSupported(ChronoField.INSTANT_SECONDS)) {
            return seconds(Instant.from(time));
        }
        if (value instanceof Date date) {
            return seconds(Instant.ofEpochMilli(date.getTime()));
        }
        if (value instanceof Calendar calendar) {
            return seconds(calendar.toInstant());
        }
        if (value instanceof CharSequence text && isDateTime(text)) {
            try {
                return seconds(OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException e) {
                return value;
            }
        }
        return value;
    }

    /** Whether text may be a date and time in ISO 8601; numbers as text are not. */
    static boolean isDateTime(CharSequence text) {
        return text.length() > 16 && text.charAt(4) == '-' && text.charAt(10) == 'T';
    }

    private static BigDecimal seconds(Instant instant) {
        BigDecimal seconds = BigDecimal.valueOf(instant.getEpochSecond());
        return instant.getNano() == 0
                ? seconds
                : seconds.add(BigDecimal.valueOf(instant.getNano(), 9)).stripTrailingZeros();
    }

    /** Writes java.time's moments and dates as ISO 8601, wherever in an event they stand. */
    static Module module() {
        SimpleModule module = new SimpleModule("camel-lago-events");
        module.addSerializer(Instant.class, ToStringSerializer.instance);
        module.addSerializer(OffsetDateTime.class, ToStringSerializer.instance);
        module.addSerializer(LocalDate.class, ToStringSerializer.instance);
        module.addSerializer(LocalDateTime.class, ToStringSerializer.instance);
        module.addSerializer(new StdDelegatingSerializer(ZonedDateTime.class, new StdConverter<ZonedDateTime, Object>() {
            @Override
            public Object convert(ZonedDateTime value) {
                return value.toOffsetDateTime();
            }
        }));
        return module;
    }
}
