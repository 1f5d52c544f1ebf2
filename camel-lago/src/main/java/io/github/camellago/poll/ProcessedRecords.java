package io.github.camellago.poll;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.camellago.api.RecordRepository;
import io.github.camellago.api.RecordRepository.Row;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.poll.Reading.Claim;
import org.apache.camel.spi.IdempotentRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which records were processed in which version, in memory and in a {@link RecordStore}, and which records are in flight. Thread-safe.
 */
final class ProcessedRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessedRecords.class);

    /** Rows that are read at a time. */
    private static final int ROWS = 1000;

    private final RecordStore store;
    private final boolean stored;
    /** Finds what is gone, or null. */
    private final PageStore deletions;
    private final LongLongMap known;
    private final Set<Long> inFlight = ConcurrentHashMap.newKeySet();
    private final Set<Long> loaded = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean full = new AtomicBoolean();
    /** The number of the poll. Records that it has met are marked. */
    private volatile long polls;
    private volatile boolean polling;
    private volatile boolean expectsKnown;

    /**
     * @param repository    stores what was processed; null for memory only
     * @param findDeletions whether records that are gone are found
     * @param pageSize      how many records a page has
     * @param limit         how many records memory has room for
     */
    ProcessedRecords(IdempotentRepository repository, boolean findDeletions, int pageSize, long limit) {
        this.known = new LongLongMap(limit);
        this.stored = repository != null;
        if (repository instanceof RecordRepository || repository == null && findDeletions) {
            PageStore pages = new PageStore(repository == null ? new MemoryRecords() : (RecordRepository) repository, pageSize);
            this.store = pages;
            this.deletions = findDeletions ? pages : null;
        } else {
            this.store = repository == null ? RecordStore.NONE : new IdempotentStore(repository);
            this.deletions = null;
        }
    }

    boolean findsDeletions() {
        return deletions != null;
    }

    /** Whether memory has no room for more records. */
    boolean isFull() {
        return full.get();
    }

    /** Whether it is worth to look up the records of a page together. */
    boolean looksUpMany() {
        return store.looksUpMany();
    }

    void beginPoll(String list) {
        polling = true;
        if (store.looksUpMany() && !loaded.contains(Hash.of(list))) {
            load(list);
        }
    }

    /** Loads what is stored of a list into memory, as far as there is room: this takes less than looking up each page. */
    private void load(String list) {
        String after = null;
        List<Row> rows = List.of();
        do {
            rows = store.next(list, after, ROWS);
            for (Row row : rows) {
                long hash = RecordId.hash(list, row.key());
                // what may have left the list is looked up when it is back
                if (row.missed() == 0 && !known.put(hash, row.version())) {
                    warnOfFullMemory(list + '/' + row.key());
                }
                after = row.key();
                expectsKnown = true;
            }
        } while (rows.size() == ROWS && !full.get());
        loaded.add(Hash.of(list));
    }

    void endPoll() {
        polling = false;
        expectsKnown = true;
        synchronized (known) {
            polls++;
            known.clearMarks();
        }
        store.pollEnded();
        store.flush();
    }

    void flush() {
        store.flush();
    }

    /** Whether most records of a list are probably known. */
    boolean expectsKnown() {
        return expectsKnown;
    }

    /** Whether memory has this version of a record. */
    boolean isKnown(RecordId id, LagoRecord record, boolean versioned) {
        return isSame(record, versioned, known.get(id.hash()));
    }

    private static boolean isSame(LagoRecord record, boolean versioned, long last) {
        return last != 0 && !(versioned && Version.differs(record, last));
    }

    /** Looks up records of a list that will be claimed soon. */
    void lookUp(String list, Collection<RecordId> ids) {
        store.lookUp(list, ids);
    }

    /** The reading has found a record that may be known already. */
    void mark(RecordId id) {
        if (deletions != null) {
            known.mark(id.hash());
        }
    }

    /** The record is gone: should it come back, it is new. */
    void forget(RecordId id) {
        known.put(id.hash(), 0);
        store.forget(id);
    }

    /**
     * Claims a record: see {@link Reading#claim}.
     *
     * @param versioned whether another version of the record is processed, too
     */
    Claim claim(RecordId id, LagoRecord record, boolean versioned, long readAt) {
        if (!inFlight.add(id.hash())) {
            // one version at a time, so that they stay in order: the other one comes with the next poll
            return Reading.IN_FLIGHT;
        }
        boolean claimed = false;
        try {
            claimed = isToBeProcessed(id, record, versioned, readAt);
            mark(id);
        } finally {
            if (!claimed) {
                inFlight.remove(id.hash());
            }
        }
        if (!claimed) {
            return null;
        }
        long version = versioned ? Version.of(record, readAt) : Version.ANY;
        long poll = polls;
        return new OneShotClaim(() -> store.processed(id, version, known.get(id.hash())), () -> processed(id, version, poll),
                () -> release(id));
    }

    private boolean isToBeProcessed(RecordId id, LagoRecord record, boolean versioned, long readAt) {
        long last = known.get(id.hash());
        if (isSame(record, versioned, last)) {
            if (versioned) {
                long settled = Version.settle(record, readAt, last);
                if (settled != last) {
                    known.put(id.hash(), settled);
                }
            }
            return false;
        }
        RecordStore.Found found = store.find(id, record, versioned, last);
        if (found == null) {
            return true;
        }
        // it was processed before we started, or by another instance
        remember(id, found.version());
        return !found.same();
    }

    private void remember(RecordId id, long version) {
        if (!known.put(id.hash(), version)) {
            warnOfFullMemory(id.identity());
        }
    }

    private void warnOfFullMemory(String identity) {
        if (full.compareAndSet(false, true)) {
            LOG.warn("More than {} records, and there is no memory to remember more, such as {}. {}{}", known.limit(), identity,
                    stored
                            ? "Other records are looked up in the idempotentRepository in every poll"
                            : "Other records are delivered again by every poll. Set idempotentRepository, or give the JVM more heap",
                    deletions == null ? "" : ". Deletions are not found until the JVM has more heap");
        }
    }

    Missing missing(String list) {
        return deletions == null ? null : new Missing(list);
    }

    /** The stored records of a list that its reading has not found. */
    final class Missing {

        private final String list;

        private Missing(String list) {
            this.list = list;
        }

        /** Stored rows after a key, or from the first one on if it is null; {@link #contains} shows which are missing. Empty at the end. */
        List<Row> rows(String after) {
            return full.get() ? List.of() : deletions.next(list, after, ROWS);
        }

        /** Whether the reading has not found the record, nor is it in flight. */
        boolean contains(Row row) {
            return !known.isMarked(hash(row)) && !inFlight.contains(hash(row));
        }

        /** Lago has the record, although the complete reading has not found it. */
        void exists(Row row) {
            known.put(hash(row), 0);
            deletions.missed(row);
        }

        /** Claims the deletion of a record; null if it is in flight already. */
        Claim claim(Row row) {
            long hash = hash(row);
            if (!inFlight.add(hash)) {
                return null;
            }
            return new OneShotClaim(() -> deletions.delete(row.list(), row.key()), () -> {
                known.put(hash, 0);
                inFlight.remove(hash);
            }, () -> inFlight.remove(hash));
        }

        private long hash(Row row) {
            return RecordId.hash(list, row.key());
        }
    }

    private void processed(RecordId id, long version, long poll) {
        remember(id, version);
        if (deletions != null) {
            synchronized (known) {
                // a record that is stored only now was met by the reading of the same poll
                if (poll == polls) {
                    known.mark(id.hash());
                }
            }
        }
        release(id);
    }

    /** Writes what was processed after the end of a poll, as no page will follow soon. */
    private void release(RecordId id) {
        inFlight.remove(id.hash());
        if (store.isFull() || !polling && inFlight.isEmpty()) {
            try {
                store.flush();
            } catch (RuntimeException e) {
                LOG.warn("Cannot write which records were processed; the next poll tries again", e);
            }
        }
    }
}
