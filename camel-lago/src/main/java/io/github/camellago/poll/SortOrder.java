package io.github.camellago.poll;

import java.util.List;

import io.github.camellago.catalog.RecordType;

/** Where new records are in a list, by the order in which Lago lists them. */
enum SortOrder {
    /** At the front: {@code created_at desc}. */
    NEWEST_FIRST,
    /** At the end, and Lago leaves out older ones on request: {@code created_at asc} of fees. */
    NEWEST_LAST,
    /** Mostly at the front, by a date that users may set: {@code issuing_date desc} of invoices, {@code timestamp desc} of events. */
    BY_DATE,
    /** Anywhere: {@code subscription_at desc}, {@code status asc}, and the like. */
    ANYWHERE;

    private static final List<String> CREATED = List.of("created_at", "logged_at");
    private static final List<String> DATES = List.of("issuing_date desc", "timestamp desc");

    static SortOrder of(RecordType type) {
        String first = type.order().isEmpty() ? "" : type.order().get(0);
        if (first.equals(createdField(type) + " desc")) {
            return NEWEST_FIRST;
        }
        if (first.equals("created_at asc") && type.since() != null) {
            return NEWEST_LAST;
        }
        return DATES.contains(first) ? BY_DATE : ANYWHERE;
    }

    /** The field with the time of a record's creation. */
    static String createdField(RecordType type) {
        return type.order().stream().anyMatch(part -> part.startsWith("logged_at ")) ? "logged_at" : "created_at";
    }

    /** Whether records have the time of their creation, as far as the order shows. */
    static boolean hasTime(RecordType type) {
        return of(type) == BY_DATE || type.order().stream().anyMatch(part -> CREATED.contains(part.split(" ")[0]));
    }
}
