package io.github.camellago.events;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.client.LagoObserver;
import io.github.camellago.client.LagoResponse;

/** Counts what became of the events of one message. Thread-safe. */
final class EventCounter {

    private static final int DONE = 200;

    private final LongAdder accepted = new LongAdder();
    private final LongAdder duplicate = new LongAdder();
    private final Set<Long> known = ConcurrentHashMap.newKeySet();
    private volatile Rejections rejected = new Rejections();
    private volatile LagoResponse last;
    private volatile Integer status;
    private volatile LagoObserver observer = LagoObserver.NONE;

    /** Who is told of each event that is settled. */
    void tell(LagoObserver told) {
        observer = told;
    }

    void accepted(long count) {
        observer.events(count, 0, 0);
        accepted.add(count);
    }

    void duplicate(long count) {
        observer.events(0, count, 0);
        duplicate.add(count);
    }

    /** Keeps in mind which event was a duplicate. Only for events that are all in memory: others may be endless. */
    void remember(EventItem item) {
        known.add(item.index());
    }

    /** The positions of the duplicates that were kept in mind. */
    Set<Long> known() {
        return known;
    }

    void rejected(EventItem item, Map<String, List<String>> reasons) {
        observer.events(0, 0, 1);
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
     * The HTTP status to tell: 200 where all that was settled is at Lago, for a repeated event is a success although Lago answers it
     * 422, and an HTTP server at the route's front takes this status for its own. Else that of the last answer that settled
     * something, or null.
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

    /** The rejected events so far. Not to be read while events are under way. */
    Rejections rejected() {
        return rejected;
    }

    /** What has come of it so far. Not to be asked while events are under way. */
    LagoEventsReport report() {
        return new LagoEventsReport(accepted.sum(), duplicate.sum(), rejected);
    }

    @Override
    public String toString() {
        return String.format("accepted %,d, duplicate %,d, rejected %,d", accepted.sum(), duplicate.sum(), rejected.size());
    }
}
