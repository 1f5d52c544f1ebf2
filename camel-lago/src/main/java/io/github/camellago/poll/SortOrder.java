package io.github.camellago.poll;

import java.util.List;

import io.github.camellago.catalog.RecordType;

/** What a list's order says of where new records are. */
enum SortOrder {
    /** at the front */
    NEWEST_FIRST,
    /** at the end, and Lago leaves out older ones if asked to */
    NEWEST_LAST,
    /** by a date that is mostly that of creation; little leaves such a list (drafts of invoices), so that its growth tells what came */
    BY_DATE,
    /** anywhere */
    UNKNOWN;

    static SortOrder of(RecordType type) {
        if (type.order().isEmpty()) {
            return UNKNOWN;
        }
        String first = type.order().get(0);
        if (first.equals(createdField(type) + " desc")) {
            return NEWEST_FIRST;
        }
        if (first.equals("created_at asc") && type.since() != null) {
            return NEWEST_LAST;
        }
        return List.of("issuing_date desc", "timestamp desc").contains(first) ? BY_DATE : UNKNOWN;
    }

    /** The field that says when a record was created. */
    static String createdField(RecordType type) {
        boolean logged = !type.order().isEmpty() && type.order().get(0).startsWith("logged_at ");
        return logged ? "logged_at" : "created_at";
    }

    /** The field by which the list is ordered first. */
    static String field(RecordType type) {
        return type.order().isEmpty() ? createdField(type) : type.order().get(0).split(" ")[0];
    }
}
