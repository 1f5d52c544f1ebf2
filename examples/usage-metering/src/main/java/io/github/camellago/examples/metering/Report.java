package io.github.camellago.examples.metering;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Compares the usage file, the counts of the routes, the files that they wrote, and Lago, and prints a table. */
final class Report {

    private final Progress progress;
    private final Folders folders;

    Report(Progress progress, Folders folders) {
        this.progress = progress;
        this.folders = folders;
    }

    /** The differences. Empty if all numbers match. */
    List<String> differences() throws IOException {
        List<String> differences = new ArrayList<>();
        compare(differences, "lines processed", progress.lines(), "lines in the file", progress.content().lines());
        compare(differences, "unreadable lines", progress.unreadable(), "lines in " + folders.unreadable(),
                lines(folders.unreadable()));
        compare(differences, "rejected events", progress.rejected(), "lines in " + folders.rejected(),
                lines(folders.rejected()));
        compare(differences, "invoices read", progress.invoices(), "files in " + folders.invoices(), files(folders.invoices()));
        if (progress.invoices() < progress.issuedInvoices()) {
            differences.add(progress.issuedInvoices() + " invoices were issued, but " + progress.invoices() + " were read");
        }
        progress.content().units().forEach((metric, units) -> {
            if (!progress.matches(metric)) {
                differences.add(metric.customer() + " used " + plain(units) + " of " + metric.metric() + ", but Lago counts "
                        + plain(progress.units(metric)));
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
        row(table, "lines in the file", progress.content().lines(), null);
        row(table, "  unreadable", progress.unreadable(), folders.unreadable());
        row(table, "  sent as events", progress.lines() - progress.unreadable(), null);
        row(table, "    accepted", progress.accepted(), null);
        row(table, "    duplicates", progress.duplicates(), null);
        row(table, "    rejected", progress.rejected(), folders.rejected());
        progress.reasons().forEach((reason, count) -> row(table, "      " + reason, count, null));
        row(table, "invoices", progress.invoices(), folders.invoices());
        table.append(String.format("%n%-20s %-22s %14s %14s %12s%n", "customer", "metric", "in the file", "in Lago", "EUR"));
        BigDecimal total = BigDecimal.ZERO;
        for (CustomerMetric metric : progress.content().units().keySet()) {
            BigDecimal cents = progress.cents(metric);
            total = total.add(cents);
            table.append(String.format("%-20s %-22s %14s %14s %12s%n", metric.customer(), metric.metric(),
                    plain(progress.content().units().get(metric)), plain(progress.units(metric)), euros(cents)));
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
