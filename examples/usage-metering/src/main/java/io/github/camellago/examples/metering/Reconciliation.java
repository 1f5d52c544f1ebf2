package io.github.camellago.examples.metering;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.camellago.LagoConstants;

/** The comparison of the usage file with Lago's events, and of its sums with Lago's current usage. */
final class Reconciliation {

    private final Progress progress;
    private final Map<CustomerMetric, BigDecimal> before = new TreeMap<>();
    private Map<String, Object> counts = Map.of();

    Reconciliation(Progress progress) {
        this.progress = progress;
    }

    /** Remembers Lago's current usage before the repair. */
    void usageBefore() {
        progress.content().units().keySet().forEach(metric -> before.put(metric, progress.units(metric)));
    }

    void compared(Map<String, Object> headers) {
        counts = Map.copyOf(headers);
    }

    long stored() {
        return count(LagoConstants.EVENTS_STORED);
    }

    long missing() {
        return count(LagoConstants.EVENTS_MISSING);
    }

    long different() {
        return count(LagoConstants.EVENTS_DIFFERENT);
    }

    long sent() {
        return count(LagoConstants.EVENTS_ACCEPTED);
    }

    private long count(String header) {
        return (Long) counts.get(header);
    }

    /** The customers' metrics whose usage in Lago differs from the file after the repair. */
    List<CustomerMetric> differences() {
        return progress.content().units().keySet().stream().filter(metric -> !progress.matches(metric)).toList();
    }

    String toTable() {
        StringBuilder table = new StringBuilder(System.lineSeparator());
        row(table, "stored", stored());
        row(table, "missing", missing());
        row(table, "  sent now", sent());
        row(table, "  sent now, known to Lago (repeated lines)", count(LagoConstants.EVENTS_DUPLICATE));
        row(table, "rejected", count(LagoConstants.EVENTS_REJECTED));
        row(table, "different", different());
        table.append(String.format("%n%-20s %-22s %14s %14s %14s%n", "customer", "metric", "in the file", "Lago before",
                "Lago after"));
        progress.content().units().forEach((metric, units) -> table.append(String.format("%-20s %-22s %14s %14s %14s%n",
                metric.customer(), metric.metric(), plain(units), plain(before.get(metric)), plain(progress.units(metric)))));
        return table.toString();
    }

    private static void row(StringBuilder table, String name, long count) {
        table.append(String.format("%-44s %,9d%n", name, count));
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
