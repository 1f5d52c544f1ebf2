package io.github.camellago.poll;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.api.LagoObserver.PollOutcome;
import io.github.camellago.api.LagoObserver.Reader;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.GuardedObserver;
import io.github.camellago.client.Iso8601;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;

/** Reports the progress of a consumer to an observer. Polls are reported by one thread at a time, records by any. */
public final class PollMetrics {

    static final long NEVER = Long.MIN_VALUE;

    private final GuardedObserver observer;
    private final Reader reader;
    private final String field;
    private final AtomicLong newest = new AtomicLong(NEVER);
    private final AtomicLong done = new AtomicLong(NEVER);
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong completions = new AtomicLong();
    private long failuresSeen;
    private long completionsSeen;
    private long start;
    private long failuresBefore;
    private boolean complete;

    public PollMetrics(GuardedObserver observer, Reader reader, RecordType type) {
        this.observer = observer;
        this.reader = reader;
        this.field = observer.isNone() ? null : type.updatedAt() ? "updated_at" : "created_at";
    }

    /** The field with the time of a record; null if nobody observes. */
    public String field() {
        return field;
    }

    void begin() {
        start = System.nanoTime();
        failuresBefore = failures.get();
        complete = true;
    }

    void page(Page page) {
        observer.report(o -> o.page(reader, page.records().size()));
        raise(newest, moment(page.records()));
    }

    /** When the newest of these was created or last changed, in milliseconds; not determined if nobody observes. */
    long moment(List<LagoRecord> records) {
        if (field == null) {
            return NEVER;
        }
        long moment = NEVER;
        for (LagoRecord record : records) {
            Long millis = Iso8601.millis(record.field(field));
            moment = millis == null ? moment : Math.max(moment, millis);
        }
        return moment;
    }

    /** A record was processed before. It was created or last changed at that moment. */
    void known(long moment) {
        raise(done, moment);
    }

    /** The records of a message were processed; the newest one is of that moment. */
    void completed(long moment) {
        completions.incrementAndGet();
        raise(done, moment);
    }

    void failed() {
        failures.incrementAndGet();
    }

    /** Whether messages have failed since this method was called before, and none has completed. Messages may outlast their poll. */
    public boolean onlyFailed() {
        boolean failed = failures.get() > failuresSeen;
        boolean completed = completions.get() > completionsSeen;
        failuresSeen = failures.get();
        completionsSeen = completions.get();
        return failed && !completed;
    }

    /** Whether all lists were read to their ends, and no message has failed. */
    public boolean isComplete() {
        return complete && failures.get() == failuresBefore;
    }

    /** A list was read, to its end or not. */
    void list(boolean toTheEnd) {
        complete &= toTheEnd;
    }

    /** @param read whether the lists were read without a failure */
    void ended(boolean read, int messages) {
        PollOutcome outcome = read ? isComplete() ? PollOutcome.COMPLETE : PollOutcome.INCOMPLETE : PollOutcome.FAILED;
        observer.report(o -> o.polled(reader, outcome, messages, Duration.ofNanos(System.nanoTime() - start)));
        if (newest.get() != NEVER) {
            observer.report(o -> o.position(reader, Instant.ofEpochMilli(newest.get()),
                    done.get() == NEVER ? null : Instant.ofEpochMilli(done.get())));
        }
    }

    private static void raise(AtomicLong value, long to) {
        value.accumulateAndGet(to, Math::max);
    }
}
