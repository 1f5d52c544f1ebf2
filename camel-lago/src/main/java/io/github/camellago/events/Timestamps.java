package io.github.camellago.events;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;

/** Moments as Lago takes them: Unix seconds, with fractions. */
final class Timestamps {

    private Timestamps() {}

    /** A moment in seconds, whatever it is given as; a number, or text that names no moment, as it is: Lago judges it. */
    static Object seconds(Object value) {
        if (value instanceof Instant instant) {
            return seconds(instant);
        }
        if (value instanceof OffsetDateTime time) {
            return seconds(time.toInstant());
        }
        if (value instanceof ZonedDateTime time) {
            return seconds(time.toInstant());
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
        module.addSerializer(new ZonedDateTimes());
        return module;
    }

    private static final class ZonedDateTimes extends StdSerializer<ZonedDateTime> {

        private static final long serialVersionUID = 1L;

        ZonedDateTimes() {
            super(ZonedDateTime.class);
        }

        @Override
        public void serialize(ZonedDateTime value, JsonGenerator json, SerializerProvider provider) throws java.io.IOException {
            json.writeString(value.toOffsetDateTime().toString());
        }
    }
}
