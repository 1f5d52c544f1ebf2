package io.github.camellago.api;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.client.Json;
import io.github.camellago.events.Rejections;

/**
 * What became of the events of one message. Accepted, duplicate and rejected ones add up to all that were read.
 *
 * @param accepted  events that Lago stored
 * @param duplicate events that Lago had already, by their transaction_id: nothing is lost, nothing billed twice
 * @param rejected  events that were refused, as they were given and in the order of their positions; where there are more than a thousand, the
 *                  others lie in a temporary file: they are read anew by each iteration, and are Maps (or Strings, where they are no JSON)
 */
public record LagoEventsReport(long accepted, long duplicate, List<RejectedEvent> rejected) {

    private static final int REASONS = 100;
    private static final String OTHERS = "other reasons";

    public LagoEventsReport {
        rejected = rejected instanceof Rejections ? rejected : List.copyOf(rejected);
    }

    /** All events that were read. */
    public long total() {
        return accepted + duplicate + rejected.size();
    }

    /** How many events were rejected for each reason, the most frequent first; reasons beyond the first hundred are summed up as one. */
    public Map<String, Long> rejectedByReason() {
        Map<String, Long> counts = new HashMap<>();
        for (RejectedEvent event : rejected) {
            String words = event.words();
            counts.merge(counts.size() < REASONS || counts.containsKey(words) ? words : OTHERS, 1L, Long::sum);
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

    /** The report as JSON: the counts, the reasons, and each rejected event. */
    public String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("total", total());
        json.put("accepted", accepted);
        json.put("duplicate", duplicate);
        json.put("rejected_by_reason", rejectedByReason());
        json.put("rejected", rejected.stream().map(LagoEventsReport::asJson).iterator());
        try {
            return Json.mapper().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A rejected event cannot be written as JSON", e);
        }
    }

    /** JSON text as what it says, not as a string of JSON. */
    private static RejectedEvent asJson(RejectedEvent rejected) {
        if (rejected.event() instanceof CharSequence text) {
            try {
                return new RejectedEvent(rejected.index(), Json.mapper().readTree(text.toString()), rejected.reasons());
            } catch (JsonProcessingException e) {
                return rejected;
            }
        }
        return rejected;
    }

    @Override
    public String toString() {
        return "accepted " + accepted + ", duplicate " + duplicate + ", rejected " + rejected.size();
    }
}
