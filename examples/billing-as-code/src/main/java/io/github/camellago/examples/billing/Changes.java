package io.github.camellago.examples.billing;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Prints and counts what a run changes, or would change if it is a dry run. */
final class Changes {

    private static final String CREATED = "created";
    private static final String UPDATED = "updated";
    private static final String UNCHANGED = "unchanged";
    private static final String UNDEFINED = "undefined";
    private static final String NOT_COPIED = "not copied";

    private final boolean dryRun;
    private final PrintStream out;
    private final Set<String> defined = new HashSet<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private String current;

    Changes(boolean dryRun, PrintStream out) {
        this.dryRun = dryRun;
        this.out = out;
    }

    /** The changes that the exchange belongs to. */
    static Changes of(Exchange exchange) {
        return exchange.getProperty("changes", Changes.class);
    }

    boolean isDryRun() {
        return dryRun;
    }

    void begin(Definition definition) {
        current = definition.name();
        defined.add(current);
    }

    /** The object whose upsert began last, or null. */
    String current() {
        return current;
    }

    /** The result of an upsert. */
    void end(Definition definition, Message upsert) {
        String result = upsert.getHeader("CamelLagoResult", String.class);
        count(result);
        if (dryRun) {
            print(definition.name(), result, upsert.getBody(Map.class));
        } else if (!result.equals(UNCHANGED)) {
            out.printf("  %s %s%n", result, definition.name());
        }
    }

    /** Prints the report of a dry run. */
    private void print(String name, String result, Map<?, ?> report) {
        if (result.equals(CREATED)) {
            out.println("  + " + name);
        } else if (result.equals(UPDATED)) {
            out.println("  ~ " + name);
            for (Object change : (List<?>) report.get("changes")) {
                Map<?, ?> values = (Map<?, ?>) change;
                out.printf("      %s: %s -> %s%n", values.get("path"), values.get("before"), values.get("after"));
            }
        }
        ((List<?>) report.get("kept")).forEach(part -> undefined(name + ' ' + part));
    }

    /** An object that Lago has. */
    void existing(Exchange exchange) {
        String name = Definition.name(exchange.getProperty("resource", String.class), exchange.getMessage().getBody(Map.class));
        if (!defined.contains(name)) {
            undefined(name);
        }
    }

    private void undefined(String name) {
        count(UNDEFINED);
        out.println("  ? " + name);
    }

    /** An object that is not copied, or not as a whole. */
    void notCopied(String name, String reason) {
        count(NOT_COPIED);
        if (dryRun) {
            out.println("  ! " + name + ' ' + reason);
        }
    }

    private void count(String result) {
        counts.merge(result, 1, Integer::sum);
    }

    private int get(String result) {
        return counts.getOrDefault(result, 0);
    }

    /** Whether Lago has everything as it is defined. */
    boolean isEmpty() {
        return get(CREATED) + get(UPDATED) == 0;
    }

    String summary() {
        StringBuilder summary = new StringBuilder(String.format(dryRun
                ? "+ %d to create, ~ %d to update, %d unchanged"
                : "%d created, %d updated, %d unchanged", get(CREATED), get(UPDATED), get(UNCHANGED)));
        if (get(UNDEFINED) > 0) {
            summary.append(", ? ").append(get(UNDEFINED)).append(" only in Lago (never deleted)");
        }
        if (get(NOT_COPIED) > 0) {
            summary.append(", ! ").append(get(NOT_COPIED)).append(" not copied, or not as a whole");
        }
        return summary.toString();
    }
}
