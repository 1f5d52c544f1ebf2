package io.github.camellago.events;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.LagoConstants;
import io.github.camellago.UnknownFields;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.ReconciledEvent;
import io.github.camellago.api.ReconciledEvent.Difference;
import io.github.camellago.api.ReconciledEvent.Status;
import io.github.camellago.api.RejectedEvent;
import io.github.camellago.events.EventEncoder.Refused;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The comparison of one message's events with those of Lago. It reads the events in chunks, of which one is in memory at a time. It survives a failure:
 * run again, it continues with the chunk that failed, and compares rejected events again.
 */
final class ReconcileSession {

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileSession.class);
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int CHUNK = 2_000;

    private final ItemSource source;
    private final boolean inMemory;
    private ReconciledEvents events = new ReconciledEvents();
    private Rejections rejected = new Rejections();
    private List<ExpectedEvent> chunk = List.of();
    /** the answers of Lago about single events of the chunk */
    private final Map<String, Optional<JsonNode>> answers = new ConcurrentHashMap<>();
    /** the events of the chunk that are not stored as they were given */
    private final List<ReconciledEvent> results = new ArrayList<>();
    private EventsSession repair;
    private long stored;
    private long missing;
    /** the missing events that are rejected */
    private long missingRejected;
    private long different;
    private long accepted;
    private long duplicate;
    private long nextProgress;

    /** @param inMemory whether all events are in memory, and can be read again from the message */
    ReconcileSession(Iterator<EventItem> events, boolean inMemory) {
        this.source = new ItemSource(events);
        this.inMemory = inMemory;
    }

    /**
     * Compares all events, or, run again, all that are not compared, and those that were rejected: the reason may be gone.
     *
     * @param  sender           sends missing events; null to send nothing
     * @throws RuntimeException if Lago could not be reached or failed, or if the events could not be read
     */
    synchronized void run(StoredEvents lookup, UnknownFields unknown, Function<EventsSession, LagoEventsReport> sender) {
        nextProgress = System.nanoTime() + PROGRESS_NANOS;
        takeRejected();
        while (repair != null || !chunk.isEmpty() || read(unknown)) {
            if (repair == null) {
                List<EventItem> missed = compare(lookup.find(chunk, answers));
                chunk = List.of();
                answers.clear();
                if (sender != null && !missed.isEmpty()) {
                    repair = new EventsSession(missed.iterator(), false, true, true, (item, stored) -> {});
                }
            }
            if (repair != null) {
                repaired(sender.apply(repair));
                repair = null;
            }
            keepResults();
        }
        keepResults();
        if (source.failure() != null) {
            throw source.failure();
        }
    }

    /** Puts the rejected events back, to compare them again. */
    private void takeRejected() {
        if (!rejected.isEmpty()) {
            source.again(rejected.items());
            rejected = new Rejections();
            events = events.without(Status.REJECTED);
            results.removeIf(result -> result.status() == Status.REJECTED);
            missing -= missingRejected;
            missingRejected = 0;
        }
    }

    /** Reads the next chunk. Returns whether there is one. */
    private boolean read(UnknownFields unknown) {
        List<ExpectedEvent> next = new ArrayList<>();
        for (EventItem item = source.poll(); item != null; item = source.poll()) {
            try {
                next.add(ExpectedEvent.of(item, unknown));
            } catch (Refused refused) {
                rejected.add(item, refused.reasons());
                results.add(new ReconciledEvent(item.index(), item.given(), Status.REJECTED, null, refused.reasons()));
            }
            if (next.size() + results.size() == CHUNK) {
                if (!next.isEmpty()) {
                    break;
                }
                keepResults();
            }
        }
        chunk = next;
        return !next.isEmpty();
    }

    /** Counts what was found. Returns the missing events, except those of which only the id is known. */
    private List<EventItem> compare(List<Map<String, Difference>> found) {
        List<EventItem> missed = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            ExpectedEvent event = chunk.get(i);
            Map<String, Difference> differences = found.get(i);
            if (differences == null) {
                missing++;
                results.add(result(event, Status.MISSING, null));
                if (!event.isIdOnly()) {
                    missed.add(event.item());
                }
            } else if (differences.isEmpty()) {
                stored++;
            } else {
                different++;
                results.add(result(event, Status.DIFFERENT, differences));
            }
        }
        return missed;
    }

    private static ReconciledEvent result(ExpectedEvent event, Status status, Map<String, Difference> differences) {
        return new ReconciledEvent(event.item().index(), event.item().given(), status, differences, null);
    }

    private void repaired(LagoEventsReport report) {
        accepted += report.accepted();
        duplicate += report.duplicate();
        rejected.addAll(repair.rejected());
        missingRejected += report.rejected().size();
        Map<Long, RejectedEvent> refused = new HashMap<>();
        report.rejected().forEach(event -> refused.put(event.index(), event));
        results.replaceAll(result -> refused.containsKey(result.index())
                ? new ReconciledEvent(result.index(), result.event(), Status.REJECTED, null,
                        refused.get(result.index()).reasons())
                : result);
    }

    private void keepResults() {
        results.sort(Comparator.comparingLong(ReconciledEvent::index));
        results.forEach(events::keep);
        results.clear();
        if (System.nanoTime() - nextProgress >= 0) {
            nextProgress = System.nanoTime() + PROGRESS_NANOS;
            LOG.info("Comparing events with Lago, so far: {}", this);
        }
    }

    /** The events that are not stored as they were given. */
    ReconciledEvents events() {
        return events;
    }

    /** Sets the headers with the results so far. */
    void setHeaders(Message message) {
        message.setHeader(LagoConstants.EVENTS_STORED, stored);
        message.setHeader(LagoConstants.EVENTS_MISSING, missing);
        message.setHeader(LagoConstants.EVENTS_DIFFERENT, different);
        message.setHeader(LagoConstants.EVENTS_ACCEPTED, accepted);
        message.setHeader(LagoConstants.EVENTS_DUPLICATE, duplicate);
        message.setHeader(LagoConstants.EVENTS_REJECTED, (long) rejected.size());
    }

    /** The results of the events that were sent, and all events that were rejected. */
    LagoEventsReport report() {
        return new LagoEventsReport(accepted, duplicate, rejected);
    }

    boolean isInMemory() {
        return inMemory;
    }

    /** Whether the events could not be read to their end. */
    boolean sourceFailed() {
        return source.failure() != null;
    }

    /** After a failure, the events that are not compared or not sent, and those that are rejected. */
    synchronized UndeliveredEvents left() {
        Stream<EventItem> items = repair == null
                ? chunk.stream().map(ExpectedEvent::item)
                : ((List<?>) repair.undelivered()).stream().map(event -> new EventItem(0, event, "", 0));
        return new UndeliveredEvents(rejected, items.toList(), source);
    }

    @Override
    public String toString() {
        return String.format("stored %,d, missing %,d, different %,d, rejected %,d", stored, missing, different,
                rejected.size());
    }
}
