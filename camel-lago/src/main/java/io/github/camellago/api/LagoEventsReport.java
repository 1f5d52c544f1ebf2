package io.github.camellago.api;

import java.io.Serializable;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * The results of the events of one message. Accepted, duplicate and rejected events add up to all that were read. As JSON: {@code total},
 * {@code accepted}, {@code duplicate}, {@code rejected_by_reason} and {@code rejected}.
 *
 * @param accepted  events that Lago has stored
 * @param duplicate events that Lago had already, by their transaction_id: nothing is lost, and nothing is billed twice
 * @param rejected  events that were rejected, as they were given and in the order of their positions; if there are more than a thousand, the
 *                  others are in a temporary file: each iteration reads them again, and they are Maps (or Strings, if they are not JSON)
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LagoEventsReport(long accepted, long duplicate, List<RejectedEvent> rejected) implements JsonBody, Serializable {

    private static final int REASONS = 100;
    private static final String OTHERS = "other reasons";

    public LagoEventsReport {
        rejected = Collections.unmodifiableList(rejected);
    }

    /** All events that were read. */
    public long total() {
        return accepted + duplicate + rejected.size();
    }

    /** The number of rejected events by reason, the most frequent first. Reasons after the first hundred are added up as one. */
    public Map<String, Long> rejectedByReason() {
        Map<String, Long> counts = new HashMap<>();
        for (RejectedEvent event : rejected) {
            String reason = event.describe();
            counts.merge(counts.size() < REASONS || counts.containsKey(reason) ? reason : OTHERS, 1L, Long::sum);
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()).thenComparing(Map.Entry::getKey))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    /** The report as a table for people. */
    public String toTable() {
        StringBuilder table = new StringBuilder();
        row(table, "accepted", accepted);
        row(table, "duplicate", duplicate);
        row(table, "rejected", rejected.size());
        rejectedByReason().forEach((reason, count) -> row(table, "  " + reason, count));
        row(table, "total", total());
        return table.toString();
    }

    private static void row(StringBuilder table, String name, long count) {
        table.append(String.format("%-48s %12d%n", name, count));
    }

    @Override
    public Iterator<String> jsonParts() {
        String head = "{\"total\":" + total() + ",\"accepted\":" + accepted + ",\"duplicate\":" + duplicate
                + ",\"rejected_by_reason\":" + EventJson.of(rejectedByReason()) + ",\"rejected\":";
        return EventJson.array(head, rejected.iterator(), RejectedEvent::toJson, "}");
    }

    @Override
    public String toString() {
        return "accepted " + accepted + ", duplicate " + duplicate + ", rejected " + rejected.size();
    }
}
