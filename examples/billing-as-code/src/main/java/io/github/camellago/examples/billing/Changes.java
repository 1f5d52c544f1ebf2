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
    private static final String REFUSED = "refused";

    private static final Map<String, String> MARKS = Map.of(CREATED, "  + ", UPDATED, "  ~ ");

    private final boolean dryRun;
    private final PrintStream out;
    private final Set<String> defined = new HashSet<>();
    private final Set<String> created = new HashSet<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private String current;
    private boolean extraParts;

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

    /** Keeps the definition in the body as a property of the exchange. */
    static void begin(Exchange exchange) {
        Definition definition = exchange.getMessage().getBody(Definition.class);
        exchange.setProperty("definition", definition);
        Changes changes = of(exchange);
        changes.current = definition.name();
        changes.defined.add(changes.current);
    }

    /** The object whose upsert began last, or null. */
    String current() {
        return current;
    }

    /** The result of an upsert. After a dry run, the body is its report. */
    void end(Message upsert) {
        String result = upsert.getHeader("CamelLagoResult", String.class);
        print(result);
        if (dryRun) {
            Map<?, ?> report = upsert.getBody(Map.class);
            if (result.equals(UPDATED)) {
                ((List<?>) report.get("changes")).forEach(change -> print((Map<?, ?>) change));
            }
            ((List<?>) report.get("kept")).forEach(part -> {
                extraParts = true;
                undefined(current + ' ' + part);
            });
        }
    }

    /** Whether the run creates an object, or would create it. */
    boolean isNew(String name) {
        return created.contains(name);
    }

    /** The current object would be created in an object that a dry run does not create. */
    void created() {
        print(CREATED);
    }

    private void print(String result) {
        count(result);
        if (result.equals(CREATED)) {
            created.add(current);
        }
        if (!result.equals(UNCHANGED)) {
            out.println((dryRun ? MARKS.get(result) : "  " + result + ' ') + current);
        }
    }

    private void print(Map<?, ?> change) {
        out.printf("      %s: %s -> %s%n", change.get("path"), change.get("before"), change.get("after"));
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

    /** The upsert of the current object was refused. */
    void refused(Exception refusal) {
        count(REFUSED);
        out.println("  ! " + current + " is left as it is: " + refusal.getMessage());
    }

    private void count(String result) {
        counts.merge(result, 1, Integer::sum);
    }

    private int get(String result) {
        return counts.getOrDefault(result, 0);
    }

    /** Whether there is nothing to create or update. */
    boolean isEmpty() {
        return get(CREATED) + get(UPDATED) == 0;
    }

    /** Whether the upserts of all objects were accepted. */
    boolean isAccepted() {
        return get(REFUSED) == 0;
    }

    /** Whether defined objects are exactly as defined. A charge that somebody has added to a plan is a difference, too. */
    boolean isExact() {
        return isEmpty() && !extraParts;
    }

    String summary() {
        StringBuilder summary = new StringBuilder(String.format(dryRun
                ? "+ %d to create, ~ %d to update, %d unchanged"
                : "%d created, %d updated, %d unchanged", get(CREATED), get(UPDATED), get(UNCHANGED)));
        if (get(UNDEFINED) > 0) {
            summary.append(", ? ").append(get(UNDEFINED)).append(" only in Lago (never deleted)");
        }
        if (!isAccepted()) {
            summary.append(", ! ").append(get(REFUSED)).append(" left as they are");
        }
        if (get(NOT_COPIED) > 0) {
            summary.append(", ! ").append(get(NOT_COPIED)).append(" not copied, or not as a whole");
        }
        return summary.toString();
    }
}
