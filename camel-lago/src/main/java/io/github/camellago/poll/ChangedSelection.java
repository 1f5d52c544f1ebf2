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
import java.util.function.Predicate;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.operation.RecordKeys;
import org.apache.camel.spi.IdempotentRepository;

/**
 * Each record that is new or has changed since it was last processed: by {@code updated_at} if it has one, else by content.
 * {@link ProcessedRecords} has the last processed version of each record.
 */
public final class ChangedSelection implements Selection {

    private final RecordKeys keys;
    private final String idField;
    private final boolean versions;
    private final int pagesAtOnce;
    private final ProcessedRecords processed;
    private final Map<String, Map<Long, RecordId>> unkeyed = new ConcurrentHashMap<>();

    /**
     * The settings of a selection.
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
        this.processed = new ProcessedRecords(repository, settings.deletions(), settings.pageSize(), LongLongMap.forHeap());
    }

    @Override
    public Set<String> fields() {
        return keys.names();
    }

    @Override
    public Reading begin(String list) {
        processed.beginPoll(list);
        return new ChangedReading(list);
    }

    @Override
    public void flush() {
        processed.flush();
    }

    @Override
    public void polled(boolean whole) {
        processed.endPoll();
    }

    private final class ChangedReading implements Reading {

        private final String list;
        private final RecentRecords seen = new RecentRecords(pagesAtOnce + 2);
        private final Map<Long, RecordId> rows = new HashMap<>();

        private ChangedReading(String list) {
            this.list = list;
        }

        @Override
        public boolean mayReadOutOfOrder() {
            // a record that was missed must be none that has moved
            return !processed.findsDeletions();
        }

        @Override
        public Predicate<LagoRecord> known() {
            return processed.expectsKnown() ? this::isKnown : null;
        }

        private boolean isKnown(LagoRecord record) {
            String identity = keys.identity(list, record);
            return processed.isKnown(id(record, identity), record, versions && identity != null);
        }

        @Override
        public void prepare(Page page) {
            // if memory is full, a record may be processed between this and its claim, without a trace
            if (processed.looksUpMany() && !processed.isFull()) {
                lookUp(page);
            }
        }

        @Override
        public void turnTo(Page page) {
            if (processed.looksUpMany() && processed.isFull()) {
                lookUp(page);
            }
        }

        private void lookUp(Page page) {
            List<RecordId> ids = new ArrayList<>();
            for (LagoRecord record : page.records()) {
                if (record.isRead() && !isKnown(record)) {
                    ids.add(id(record, keys.identity(list, record)));
                }
            }
            processed.lookUp(list, ids);
        }

        private RecordId id(LagoRecord record, String identity) {
            return RecordId.of(list, identity == null ? list + '#' + record.contentDigest() : identity, record.field(idField));
        }

        @Override
        public Claim claim(LagoRecord record, long readAt) {
            String identity = keys.identity(list, record);
            RecordId id = id(record, identity);
            boolean keyed = identity != null;
            if (keyed) {
                processed.mark(id);
                // pages that were read at the same time may show a record twice, the older version last
                if (!seen.add(id.hash())) {
                    return IN_FLIGHT;
                }
            } else {
                rows.put(id.hash(), id);
            }
            Claim claim = processed.claim(id, record, keyed && versions, readAt);
            if (claim != null && !record.isRead()) {
                // it was known when its page was read: the next poll reads it again
                claim.failed();
                return IN_FLIGHT;
            }
            return claim;
        }

        @Override
        public boolean hasMore(Page page, long readAt) {
            seen.turn();
            return true;
        }

        @Override
        public ProcessedRecords.Missing missing() {
            return processed.missing(list);
        }

        @Override
        public void end(boolean whole, boolean moved) {
            if (!whole || moved || rows.isEmpty() && !unkeyed.containsKey(list)) {
                return;
            }
            // rows that have only their content: what is gone may come back
            Map<Long, RecordId> before = unkeyed.put(list, rows);
            if (before != null) {
                before.forEach((hash, id) -> {
                    if (!rows.containsKey(hash)) {
                        processed.forget(id);
                    }
                });
            }
        }
    }

    /** The records of the last few pages. */
    private static final class RecentRecords {

        private final Deque<Set<Long>> pages = new ArrayDeque<>();
        private final int count;

        private RecentRecords(int count) {
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
}
