package io.github.camellago.test.server;

import java.math.BigDecimal;
import java.util.Comparator;

/**
 * The sort order of a list. {@code "-issuing_date,-created_at"} sorts by date, newest first, then by creation, newest first. Ties are sorted by
 * {@code lago_id}. Records without the field are last.
 */
final class Order {

    private Order() {}

    static Comparator<Row> of(String fields) {
        Comparator<Row> order = null;
        for (String field : fields.split(",")) {
            Comparator<Row> next = by(field);
            order = order == null ? next : order.thenComparing(next);
        }
        return order.thenComparing(Row::id);
    }

    private static Comparator<Row> by(String field) {
        boolean descending = field.startsWith("-");
        String name = descending ? field.substring(1) : field;
        if ("created_at".equals(name)) {
            Comparator<Row> byCreation = Comparator.comparing(Row::created);
            return descending ? byCreation.reversed() : byCreation;
        }
        Comparator<Object> values = descending ? ((Comparator<Object>) Order::compare).reversed() : Order::compare;
        return Comparator.comparing(row -> row.data().get(name), Comparator.nullsLast(values));
    }

    private static int compare(Object one, Object other) {
        return one instanceof Number && other instanceof Number
                ? new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString()))
                : one.toString().compareTo(other.toString());
    }
}
