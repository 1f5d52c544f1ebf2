package io.github.camellago.examples.metering;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The table in the end, and whether it adds up: the usage file, what the routes counted, the files they wrote, and Lago. */
final class Statement {

    private final Books books;
    private final Folders folders;

    Statement(Books books, Folders folders) {
        this.books = books;
        this.folders = folders;
    }

    /** What does not add up; empty when all does. */
    List<String> differences() throws IOException {
        List<String> differences = new ArrayList<>();
        compare(differences, "lines dealt with", books.lines(), "lines in the file", books.content().lines());
        compare(differences, "unreadable lines", books.unreadable(), "lines in " + folders.unreadable(),
                lines(folders.unreadable()));
        compare(differences, "rejected events", books.rejected(), "lines in " + folders.rejected(), lines(folders.rejected()));
        compare(differences, "invoices read", books.invoices(), "files in " + folders.invoices(), files(folders.invoices()));
        if (books.invoices() < books.issuedInvoices()) {
            differences.add(books.issuedInvoices() + " invoices were issued, but " + books.invoices() + " read");
        }
        books.content().units().forEach((metered, units) -> {
            if (!books.matches(metered)) {
                differences.add(metered.customer() + " used " + plain(units) + " of " + metered.metric() + ", but Lago counts "
                        + plain(books.units(metered)));
            }
        });
        return differences;
    }

    private static void compare(List<String> differences, String one, long count, String other, long otherCount) {
        if (count != otherCount) {
            differences.add(count + " " + one + ", but " + otherCount + " " + other);
        }
    }

    private static long lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private static long files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    String toTable() {
        StringBuilder table = new StringBuilder(System.lineSeparator());
        row(table, "lines in the file", books.content().lines(), null);
        row(table, "  not readable", books.unreadable(), folders.unreadable());
        row(table, "  sent as events", books.lines() - books.unreadable(), null);
        row(table, "    accepted", books.accepted(), null);
        row(table, "    duplicates", books.duplicates(), null);
        row(table, "    rejected", books.rejected(), folders.rejected());
        books.reasons().forEach((reason, count) -> row(table, "      " + reason, count, null));
        row(table, "invoices", books.invoices(), folders.invoices());
        table.append(String.format("%n%-20s %-22s %14s %14s %12s%n", "customer", "metric", "in the file", "in Lago", "EUR"));
        BigDecimal total = BigDecimal.ZERO;
        for (Metered metered : books.content().units().keySet()) {
            BigDecimal cents = books.cents(metered);
            total = total.add(cents);
            table.append(String.format("%-20s %-22s %14s %14s %12s%n", metered.customer(), metered.metric(),
                    plain(books.content().units().get(metered)), plain(books.units(metered)), euros(cents)));
        }
        return table.append(String.format("%-72s %12s%n", "", euros(total))).toString();
    }

    private static void row(StringBuilder table, String name, long count, Path file) {
        table.append(String.format("%-44s %,9d%s%n", name, count, file == null || count == 0 ? "" : "   → " + file));
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    private static String euros(BigDecimal cents) {
        return cents.movePointLeft(2).setScale(2).toPlainString();
    }
}
