package io.github.camellago.test.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;

import io.github.camellago.test.server.SandboxClock;

/**
 * The billing period of an instant, in UTC.
 *
 * @param from the first instant
 * @param to   the last second
 */
record Periods(Instant from, Instant to) {

    static Periods of(Map<String, Object> subscription, Map<String, Object> plan, Instant at) {
        String interval = String.valueOf(plan.getOrDefault("interval", "monthly"));
        Instant begun = SandboxClock.parse(subscription.get("subscription_at"));
        LocalDate anchor = "anniversary".equals(subscription.get("billing_time")) && begun != null
                ? date(begun)
                : LocalDate.of(2001, 1, 1);
        LocalDate today = date(at);
        LocalDate from;
        LocalDate next;
        if ("weekly".equals(interval)) {
            long weeks = Math.floorDiv(ChronoUnit.DAYS.between(anchor, today), 7L);
            from = anchor.plusWeeks(weeks);
            next = from.plusWeeks(1);
        } else {
            int months = switch (interval) {
                case "quarterly" -> 3;
                case "semiannual" -> 6;
                case "yearly" -> 12;
                default -> 1;
            };
            long passed = Math.floorDiv(ChronoUnit.MONTHS.between(anchor, today), (long) months);
            passed += anchor.plusMonths((passed + 1) * months).isAfter(today) ? 0 : 1;
            from = anchor.plusMonths(passed * months);
            next = anchor.plusMonths((passed + 1) * months);
        }
        return new Periods(start(from), start(next).minusSeconds(1));
    }

    /** The same period, starting not before the day on which the subscription started. */
    Periods since(Object startedAt) {
        Instant started = SandboxClock.parse(startedAt);
        if (started == null) {
            return this;
        }
        Instant day = started.truncatedTo(ChronoUnit.DAYS);
        return day.isAfter(from) ? new Periods(day, to) : this;
    }

    private static LocalDate date(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    private static Instant start(LocalDate date) {
        return OffsetDateTime.of(date.atStartOfDay(), ZoneOffset.UTC).toInstant();
    }
}
