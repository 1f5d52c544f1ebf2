package io.github.camellago.examples.kafka;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

import io.github.camellago.api.LagoObserver;

/** Counts the outcomes of events. Thread-safe. */
final class Numbers implements LagoObserver {

    private static final int SHOWN = 10;

    private final LongAdder accepted = new LongAdder();
    private final LongAdder duplicate = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    /** transaction_ids by reason; Lago may report one twice */
    private final Map<String, Set<String>> unbilled = new ConcurrentSkipListMap<>();

    @Override
    public void events(long newlyAccepted, long newlyDuplicate, long newlyRejected) {
        accepted.add(newlyAccepted);
        duplicate.add(newlyDuplicate);
        rejected.add(newlyRejected);
    }

    void unbilled(String transactionId, String reason) {
        unbilled.computeIfAbsent(reason, r -> ConcurrentHashMap.newKeySet()).add(transactionId);
    }

    /** The number of events that Lago has accepted and does not bill. */
    long unbilled() {
        return unbilled.values().stream().mapToLong(Set::size).sum();
    }

    /** @param sent the number of records in the topic */
    String page(long sent) {
        StringBuilder rows = new StringBuilder();
        row(rows, "sent", sent, "records in the topic");
        row(rows, "accepted", accepted.sum(), "events that Lago has stored");
        row(rows, "duplicate", duplicate.sum(), "events that Lago already had");
        row(rows, "rejected", rejected.sum(), "in the topic usage-rejected, with the reasons");
        unbilled.forEach((reason, ids) -> row(rows, "unbilled", ids.size(),
                escaped(reason + ": " + String.join(", ", ids.stream().sorted().limit(SHOWN).toList()))
                        + (ids.size() > SHOWN ? ", …" : "")));
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Usage</title>
                <style>body { font-family: sans-serif; margin: 2em } td { padding: .3em 1em; border-top: 1px solid #ccc }</style></head>
                <body><h1>Usage</h1><table>
                %s</table></body></html>
                """
                .formatted(rows);
    }

    private static void row(StringBuilder rows, String what, long count, String why) {
        rows.append("<tr><td>%s</td><td>%,d</td><td>%s</td></tr>%n".formatted(what, count, why));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
