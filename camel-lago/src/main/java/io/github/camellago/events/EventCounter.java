package io.github.camellago.events;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.client.GuardedObserver;
import io.github.camellago.client.LagoResponse;

/** Counts the results of the events of one message. Thread-safe. */
final class EventCounter {

    private static final int DONE = 200;

    private final BiConsumer<EventItem, Boolean> listener;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder duplicate = new LongAdder();
    private volatile Rejections rejected = new Rejections();
    private volatile LagoResponse last;
    private volatile Integer status;
    private volatile GuardedObserver observer = GuardedObserver.NONE;

    /** @param listener gets each event that Lago has, and whether Lago has stored the event now. If not, Lago knew it */
    EventCounter(BiConsumer<EventItem, Boolean> listener) {
        this.listener = listener;
    }

    /** The observer to notify of each result. */
    void observedBy(GuardedObserver newObserver) {
        observer = newObserver;
    }

    void accepted(List<EncodedEvent> events) {
        observer.report(o -> o.events(events.size(), 0, 0));
        accepted.add(events.size());
        events.forEach(event -> listener.accept(event.item(), true));
    }

    void duplicate(List<EncodedEvent> events) {
        observer.report(o -> o.events(0, events.size(), 0));
        duplicate.add(events.size());
        events.forEach(event -> listener.accept(event.item(), false));
    }

    void rejected(EventItem item, Map<String, List<String>> reasons) {
        observer.report(o -> o.events(0, 0, 1));
        rejected.add(item, reasons);
    }

    void answered(LagoResponse response) {
        last = response;
        status = response.status();
    }

    void refused(int refusal) {
        status = refusal;
    }

    /**
     * The HTTP status to report. It is 200 if Lago has all resolved events: Lago answers 422 to a repeated event, and an HTTP server in front of the
     * route would pass this on as a failure. Otherwise it is the status of the last answer that resolved an event, or null.
     */
    Integer lastStatus() {
        boolean allAtLago = rejected.size() == 0 && accepted.sum() + duplicate.sum() > 0;
        return allAtLago ? Integer.valueOf(DONE) : status;
    }

    /** The last answer of success, or null. */
    LagoResponse lastAnswer() {
        return last;
    }

    /** Takes the rejected events out, to try them again. */
    Rejections takeRejected() {
        Rejections taken = rejected;
        rejected = new Rejections();
        return taken;
    }

    /** The rejected events so far. Not to be read while events are in flight. */
    Rejections rejected() {
        return rejected;
    }

    /** The results so far. Not to be read while events are in flight. */
    LagoEventsReport report() {
        return new LagoEventsReport(accepted.sum(), duplicate.sum(), rejected);
    }

    @Override
    public String toString() {
        return String.format("accepted %,d, duplicate %,d, rejected %,d", accepted.sum(), duplicate.sum(), rejected.size());
    }
}
