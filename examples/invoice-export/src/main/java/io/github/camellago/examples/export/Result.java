package io.github.camellago.examples.export;

import java.time.Instant;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The result of the export.
 *
 * @param lago       the time of the last change of each invoice in Lago, by id
 * @param rows       the same for the rows of the table
 * @param pdfs       the number of files
 * @param deliveries the number of invoices that each instance has exported
 * @param repeated   the number of invoices that were exported again in the same version
 */
record Result(Map<String, Instant> lago, Map<String, Instant> rows, long pdfs, Map<String, Long> deliveries, long repeated) {

    boolean isRight() {
        return rows.equals(lago) && pdfs == lago.size();
    }

    String toTable() {
        StringJoiner table = new StringJoiner(System.lineSeparator(), System.lineSeparator(), System.lineSeparator());
        row(table, "invoices at Lago", lago.size());
        row(table, "rows in PostgreSQL", rows.size());
        row(table, "  up to date",
                rows.entrySet().stream().filter(r -> r.getValue().equals(lago.get(r.getKey()))).count());
        row(table, "PDFs", pdfs);
        deliveries.forEach((instance, count) -> row(table, "exported by the " + instance + " instance", count));
        row(table, "  exported again after the kill", repeated);
        return table.toString();
    }

    private static void row(StringJoiner table, String name, long number) {
        table.add("%-42s %,8d".formatted(name, number));
    }
}
