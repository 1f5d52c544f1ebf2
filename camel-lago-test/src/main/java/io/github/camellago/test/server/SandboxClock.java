package io.github.camellago.test.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The sandbox's time: that of a {@link Clock} plus all calls of {@link #advance}. Lago writes instants in whole seconds, in UTC.
 */
public final class SandboxClock {

    private final Clock clock;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    public SandboxClock(Clock clock) {
        this.clock = clock;
    }

    public Instant now() {
        return clock.instant().plus(ahead.get());
    }

    public LocalDate today() {
        return LocalDate.ofInstant(now(), ZoneOffset.UTC);
    }

    public void advance(Duration by) {
        ahead.accumulateAndGet(by, Duration::plus);
    }

    /** Resets the time to that of the clock. */
    public void reset() {
        ahead.set(Duration.ZERO);
    }

    /** The time in Lago's format: {@code 2026-01-31T10:00:00Z}. */
    public static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static Instant instant(TemporalAccessor time) {
        return time instanceof OffsetDateTime zoned ? zoned.toInstant() : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
    }

    /** Parses a date-time or a date in ISO 8601, in UTC if it has no zone. Null for other values. */
    public static Instant parse(Object value) {
        if (!(value instanceof String text) || text.length() < 10) {
            return null;
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : instant(DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from));
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
