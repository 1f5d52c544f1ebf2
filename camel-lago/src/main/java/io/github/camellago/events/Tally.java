package io.github.camellago.events;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.github.camellago.client.LagoResponse;

/** Counts what became of the events of one message. Thread-safe. */
final class Tally {

    private final LongAdder accepted = new LongAdder();
    private final LongAdder duplicate = new LongAdder();
    private final List<Rejection> rejected = new ArrayList<>();
    private volatile LagoResponse last;

    void accepted(long count) {
        accepted.add(count);
    }

    void duplicate() {
        duplicate.increment();
    }

    synchronized void rejected(EventItem item, Map<String, List<String>> reasons) {
        rejected.add(new Rejection(item, reasons));
    }

    void answered(LagoResponse response) {
        last = response;
    }

    /** The last answer of success, or null. */
    LagoResponse lastAnswer() {
        return last;
    }

    /** Takes the rejected events out, to try them again. */
    synchronized List<EventItem> takeRejected() {
        List<EventItem> taken = rejected.stream().map(Rejection::item).toList();
        rejected.clear();
        return taken;
    }

    synchronized LagoEventsReport report() {
        rejected.sort(Comparator.comparingLong(r -> r.item.index()));
        return new LagoEventsReport(accepted.sum(), duplicate.sum(),
                rejected.stream().map(r -> new RejectedEvent(r.item.index(), r.item.event(), r.reasons)).toList());
    }

    synchronized String words() {
        return "accepted " + accepted.sum() + ", duplicate " + duplicate.sum() + ", rejected " + rejected.size();
    }

    private record Rejection(EventItem item, Map<String, List<String>> reasons) {}
}
