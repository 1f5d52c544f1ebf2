package io.github.camellago.poll;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.camellago.api.RecordRepository;
import io.github.camellago.api.RecordRepository.Row;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.operation.RecordKeys;
import org.apache.camel.spi.IdempotentRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each record that is new or has changed since it was last processed: by {@code updated_at} if it has one, else by content. The last
 * processed version of each record is remembered in memory, and in a {@link RecordStore}.
 */
public final class ChangedSelection implements Selection {

    private static final Logger LOG = LoggerFactory.getLogger(ChangedSelection.class);

    /** Rows that are compared at a time. */
    private static final int ROWS = 1000;

    private final RecordKeys keys;
    private final String idField;
    private final boolean versions;
    private final RecordStore store;
    private final boolean stored;
    /** Finds what is gone, or null. */
    private final PageStore deletions;
    private final int pagesAtOnce;
    private final LongLongMap known;
    private final Set<Long> inFlight = ConcurrentHashMap.newKeySet();
    private final Map<String, Map<Long, RecordId>> unkeyed = new ConcurrentHashMap<>();
    private final Set<Long> loaded = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean full = new AtomicBoolean();
    /** The number of the poll. Records that it has met are marked. */
    private volatile long polls;
    private volatile boolean polling;

    /**
     * What a selection depends on.
     *
     * @param type        what the records are like
     * @param single      whether the list is one object
     * @param versions    whether a record that has changed is processed again
     * @param deletions   whether records that are gone are found
     * @param pagesAtOnce how many pages may be read at the same time
     * @param pageSize    how many records a page has
     */
    public record Settings(RecordType type, boolean single, boolean versions, boolean deletions, int pagesAtOnce,
            int pageSize) {}

    /** @param repository stores what was processed; null for memory only */
    public ChangedSelection(Settings settings, IdempotentRepository repository) {
        this.keys = RecordKeys.of(settings.type(), settings.single());
        this.idField = settings.type().id();
        this.versions = settings.versions();
        this.pagesAtOnce = settings.pagesAtOnce();
        this.known = new LongLongMap(LongLongMap.forHeap());
        this.stored = repository != null;
        if (repository instanceof RecordRepository || repository == null && settings.deletions()) {
            PageStore pages = new PageStore(repository == null ? new MemoryRecords() : (RecordRepository) repository,
                    settings.pageSize());
            this.store = pages;
            this.deletions = settings.deletions() ? pages : null;
        } else {
            this.store = repository == null ? RecordStore.NONE : new KeyStore(repository);
            this.deletions = null;
        }
    }

    @Override
    public Set<String> fields() {
        return keys.names();
    }

    @Override
    public Reading begin(String list) {
        polling = true;
        if (store.looksUpMany() && !loaded.contains(Hash.of(list))) {
            load(list);
        }
        return new ChangedReading(list);
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
                if (row.missed() == 0 && known.get(hash) == 0 && !known.put(hash, row.version())) {
                    warnOfFullMemory(list + '/' + row.key());
                }
                after = row.key();
            }
        } while (rows.size() == ROWS && !full.get());
        loaded.add(Hash.of(list));
    }

    @Override
    public void flush() {
        store.flush();
    }

    @Override
    public void polled(boolean whole) {
        polling = false;
        synchronized (known) {
            polls++;
            known.clearMarks();
        }
        store.pollEnded();
        store.flush();
    }

    private boolean isToBeProcessed(RecordId id, boolean keyed, LagoRecord record, long readAt) {
        boolean versioned = keyed && versions;
        long last = known.get(id.hash());
        if (last != 0 && !(versioned && Version.differs(record, last))) {
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
                            ? "The rest is looked up in the idempotentRepository with every poll"
                            : "The rest comes again with every poll. Set idempotentRepository, or give the JVM more heap",
                    deletions == null ? "" : ". Deletions are not found until the JVM has more heap");
        }
    }

    /** A record that is stored only now was met by the reading of the same poll. */
    private void markIfRead(long hash, long poll) {
        if (deletions != null) {
            synchronized (known) {
                if (poll == polls) {
                    known.mark(hash);
                }
            }
        }
    }

    /** Writes what was processed after the end of a poll, as no page will follow soon. */
    private void flushLate() {
        if (store.isFull() || !polling && inFlight.isEmpty()) {
            try {
                store.flush();
            } catch (RuntimeException e) {
                LOG.warn("Cannot write which records were processed; the next poll tries again", e);
            }
        }
    }

    private final class ChangedReading implements Reading {

        private final String list;
        private final Recent seen = new Recent(pagesAtOnce + 2);
        private final Map<Long, RecordId> rows = new HashMap<>();

        private ChangedReading(String list) {
            this.list = list;
        }

        @Override
        public boolean mayReadOutOfOrder() {
            // a record that was missed must be none that has moved
            return deletions == null;
        }

        @Override
        public void prepare(Page page) {
            // if memory is full, a record may be processed between this and its claim, without a trace
            if (store.looksUpMany() && !full.get()) {
                lookUp(page);
            }
        }

        @Override
        public void turnTo(Page page) {
            if (store.looksUpMany() && full.get()) {
                lookUp(page);
            }
        }

        private void lookUp(Page page) {
            List<RecordId> ids = new ArrayList<>();
            for (LagoRecord record : page.records()) {
                RecordId id = id(record);
                long last = known.get(id.hash());
                if (last == 0 || versions && isKeyed(record) && Version.differs(record, last)) {
                    ids.add(id);
                }
            }
            store.lookUp(list, ids);
        }

        private boolean isKeyed(LagoRecord record) {
            return keys.identity(list, record) != null;
        }

        private RecordId id(LagoRecord record) {
            String identity = keys.identity(list, record);
            return RecordId.of(list, identity == null ? list + '#' + record.contentDigest() : identity, record.field(idField));
        }

        @Override
        public Claim claim(LagoRecord record, long readAt) {
            RecordId id = id(record);
            boolean keyed = isKeyed(record);
            if (keyed) {
                if (deletions != null) {
                    known.mark(id.hash());
                }
                // pages that were read at the same time may show a record twice, the older version last
                if (!seen.add(id.hash())) {
                    return IN_FLIGHT;
                }
            } else {
                rows.put(id.hash(), id);
            }
            if (!inFlight.add(id.hash())) {
                // one version at a time, so that they stay in order: the other one comes with the next poll
                return IN_FLIGHT;
            }
            boolean claimed = false;
            try {
                claimed = isToBeProcessed(id, keyed, record, readAt);
                if (deletions != null) {
                    known.mark(id.hash());
                }
            } finally {
                if (!claimed) {
                    inFlight.remove(id.hash());
                }
            }
            return claimed
                    ? new ChangedClaim(id, keyed && versions ? Version.of(record, readAt) : Version.ANY, polls)
                    : null;
        }

        @Override
        public boolean hasMore(Page page, long readAt) {
            seen.turn();
            return true;
        }

        @Override
        public List<Row> missing(String after) {
            if (deletions == null || full.get()) {
                return List.of();
            }
            return deletions.next(list, after, ROWS);
        }

        @Override
        public boolean isMissing(Row row) {
            long hash = hash(row);
            return !known.isMarked(hash) && !inFlight.contains(hash);
        }

        @Override
        public void missed(Row row) {
            known.put(hash(row), 0);
            deletions.missed(row);
        }

        @Override
        public Claim claimDeletion(Row row) {
            long hash = hash(row);
            return inFlight.add(hash) ? new DeletionClaim(row, hash) : null;
        }

        private long hash(Row row) {
            return RecordId.hash(list, row.key());
        }

        @Override
        public void end(boolean whole, boolean moved) {
            if (!whole || moved || keys.single() || rows.isEmpty() && !unkeyed.containsKey(list)) {
                return;
            }
            // rows that have only their content: what is gone may come back
            Map<Long, RecordId> before = unkeyed.put(list, rows);
            if (before != null) {
                before.forEach((hash, id) -> {
                    if (!rows.containsKey(hash)) {
                        known.put(hash, 0);
                        store.forget(id);
                    }
                });
            }
        }
    }

    /** The records of the last few pages. */
    private static final class Recent {

        private final Deque<Set<Long>> pages = new ArrayDeque<>();
        private final int count;

        private Recent(int count) {
            this.count = count;
            pages.add(new HashSet<>());
        }

        private boolean add(long hash) {
            for (Set<Long> page : pages) {
                if (page.contains(hash)) {
                    return false;
                }
            }
            return pages.getLast().add(hash);
        }

        private void turn() {
            pages.add(new HashSet<>());
            if (pages.size() > count) {
                pages.removeFirst();
            }
        }
    }

    private final class ChangedClaim extends OneShotClaim {

        private final RecordId id;
        private final long version;
        private final long poll;

        private ChangedClaim(RecordId id, long version, long poll) {
            this.id = id;
            this.version = version;
            this.poll = poll;
        }

        @Override
        void store() {
            store.processed(id, version, known.get(id.hash()));
        }

        @Override
        void onProcessed() {
            remember(id, version);
            markIfRead(id.hash(), poll);
            inFlight.remove(id.hash());
            flushLate();
        }

        @Override
        void onFailed() {
            inFlight.remove(id.hash());
            flushLate();
        }
    }

    /** A record that is gone, in flight. */
    private final class DeletionClaim extends OneShotClaim {

        private final Row row;
        private final long hash;

        private DeletionClaim(Row row, long hash) {
            this.row = row;
            this.hash = hash;
        }

        @Override
        void store() {
            deletions.delete(row.list(), row.key());
        }

        @Override
        void onProcessed() {
            known.put(hash, 0);
            inFlight.remove(hash);
        }

        @Override
        void onFailed() {
            inFlight.remove(hash);
        }
    }
}
