package io.github.camellago.examples.export;

import java.time.Instant;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What came of it.
 *
 * @param lago       when each invoice at Lago was last changed, by its id
 * @param rows       the same of the table's
 * @param pdfs       how many files there are
 * @param deliveries how many each instance has handed over
 * @param repeated   how many of those had been handed over in the same version before
 */
record Result(Map<String, Instant> lago, Map<String, Instant> rows, long pdfs, Map<String, Long> deliveries, long repeated) {

    boolean isRight() {
        return rows.equals(lago) && pdfs == lago.size();
    }

    String toTable() {
        StringJoiner table = new StringJoiner(System.lineSeparator(), System.lineSeparator(), System.lineSeparator());
        row(table, "invoices at Lago", lago.size());
        row(table, "rows in PostgreSQL", rows.size());
        row(table, "  of these up to date",
                rows.entrySet().stream().filter(r -> r.getValue().equals(lago.get(r.getKey()))).count());
        row(table, "PDFs", pdfs);
        deliveries.forEach((instance, count) -> row(table, "handed over by the " + instance + " instance", count));
        row(table, "  of these again, after the kill", repeated);
        return table.toString();
    }

    private static void row(StringJoiner table, String name, long number) {
        table.add("%-42s %,8d".formatted(name, number));
    }
}
