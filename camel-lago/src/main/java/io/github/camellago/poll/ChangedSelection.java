package io.github.camellago.poll;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.operation.RecordKeys;
import org.apache.camel.spi.IdempotentRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each record that is new or has changed since it was last processed: by {@code updated_at} if it has one, else by content.
 *
 * <p>The last processed version of each record is remembered in memory, and, with a repository, as a key {@code identity@version}
 * in it. When an exchange has completed, the key of its version is added, and that of the version before is removed. So the
 * repository has one key per record, and a record that returns to an earlier state is processed again. A record that changed while
 * no consumer was running leaves its earlier key behind, as nobody knows it.
 */
public final class ChangedSelection implements Selection {

    private static final Logger LOG = LoggerFactory.getLogger(ChangedSelection.class);

    private final RecordKeys keys;
    private final boolean versions;
    private final IdempotentRepository repository;
    private final int pagesAtOnce;
    private final LongLongMap known;
    private final Set<Long> inFlight = ConcurrentHashMap.newKeySet();
    private final Map<String, Map<Long, String>> unkeyed = new ConcurrentHashMap<>();
    private final AtomicBoolean full = new AtomicBoolean();

    /**
     * @param type        what the records are like
     * @param single      whether the list is one object
     * @param versions    whether a record that has changed is processed again
     * @param repository  stores what was processed; null for memory only
     * @param pagesAtOnce how many pages may be read at the same time
     */
    public ChangedSelection(RecordType type, boolean single, boolean versions, IdempotentRepository repository,
            int pagesAtOnce) {
        this.keys = RecordKeys.of(type, single);
        this.versions = versions;
        this.repository = repository;
        this.pagesAtOnce = pagesAtOnce;
        this.known = new LongLongMap(LongLongMap.forHeap());
    }

    @Override
    public Set<String> fields() {
        return keys.names();
    }

    @Override
    public Reading begin(String list) {
        return new ChangedReading(list);
    }

    private boolean isToBeProcessed(String identity, long hash, boolean keyed, LagoRecord record, long readAt) {
        boolean versioned = keyed && versions;
        long last = known.get(hash);
        if (last != 0 && !(versioned && Version.differs(record, last))) {
            if (versioned) {
                long settled = Version.settle(record, readAt, last);
                if (settled != last) {
                    known.put(hash, settled);
                }
            }
            return false;
        }
        long stored = repository == null ? 0 : stored(identity, record, versioned);
        if (stored == 0) {
            return true;
        }
        // it was processed before we started, or by another instance
        if (last != 0 && repository.contains(key(identity, last))) {
            // but an instance that processes a newer version removes the one that we know. So the key may be left from long ago, or another
            // instance has processed an older version after us: nobody knows which of the two came last
            return true;
        }
        remember(identity, hash, stored);
        return false;
    }

    /** The version under which a record as it is now is in the repository, or 0. */
    private long stored(String identity, LagoRecord record, boolean versioned) {
        if (!versioned) {
            return repository.contains(key(identity, Version.ANY)) ? Version.ANY : 0;
        }
        if (record.field("updated_at") == null) {
            long version = Version.of(record, 0);
            return repository.contains(key(identity, version)) ? version : 0;
        }
        long byTime = Version.byTime(record);
        if (repository.contains(key(identity, byTime))) {
            return byTime;
        }
        long withContent = Version.byTimeAndContent(record);
        return repository.contains(key(identity, withContent)) ? withContent : 0;
    }

    private void remember(String identity, long hash, long version) {
        if (!known.put(hash, version) && full.compareAndSet(false, true)) {
            LOG.warn("More than {} records, and there is no memory to remember more, such as {}. {}", known.limit(), identity,
                    repository == null
                            ? "The rest comes again with every poll. Set idempotentRepository, or give the JVM more heap"
                            : "The rest is looked up in the idempotentRepository with every poll, where superseded versions stay");
        }
    }

    private static String key(String identity, long version) {
        return Hash.key(identity) + '@' + Hash.text(Version.stored(version));
    }

    private final class ChangedReading implements Reading {

        private final String list;
        private final Recent seen = new Recent(pagesAtOnce + 2);
        private final Map<Long, String> rows = new HashMap<>();

        private ChangedReading(String list) {
            this.list = list;
        }

        @Override
        public Claim claim(LagoRecord record, long readAt) {
            String identity = keys.identity(list, record);
            boolean keyed = identity != null;
            if (!keyed) {
                identity = list + '#' + record.contentDigest();
            }
            long hash = Hash.of(identity);
            if (keyed) {
                // pages that were read at the same time may show a record twice, the older version last
                if (!seen.add(hash)) {
                    return IN_FLIGHT;
                }
            } else {
                rows.put(hash, identity);
            }
            if (!inFlight.add(hash)) {
                // one version at a time, so that they stay in order: the other one comes with the next poll
                return IN_FLIGHT;
            }
            boolean claimed = false;
            try {
                claimed = isToBeProcessed(identity, hash, keyed, record, readAt);
            } finally {
                if (!claimed) {
                    inFlight.remove(hash);
                }
            }
            return claimed
                    ? new ChangedClaim(identity, hash, keyed && versions ? Version.of(record, readAt) : Version.ANY)
                    : null;
        }

        @Override
        public boolean hasMore(Page page, long readAt) {
            seen.turn();
            return true;
        }

        @Override
        public void end(boolean whole, boolean moved) {
            if (!whole || moved || keys.single() || rows.isEmpty() && !unkeyed.containsKey(list)) {
                return;
            }
            // rows that have only their content: what is gone may come back
            Map<Long, String> before = unkeyed.put(list, rows);
            if (before != null) {
                before.forEach((hash, identity) -> {
                    if (!rows.containsKey(hash)) {
                        known.put(hash, 0);
                        if (repository != null) {
                            repository.remove(key(identity, Version.ANY));
                        }
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

        private final String identity;
        private final long hash;
        private final long version;

        private ChangedClaim(String identity, long hash, long version) {
            this.identity = identity;
            this.hash = hash;
            this.version = version;
        }

        @Override
        void store() {
            if (repository != null) {
                repository.add(key(identity, version));
                repository.confirm(key(identity, version));
                long last = known.get(hash);
                if (last != 0 && Version.stored(last) != version) {
                    repository.remove(key(identity, last));
                }
            }
        }

        @Override
        void onProcessed() {
            remember(identity, hash, version);
            inFlight.remove(hash);
        }

        @Override
        void onFailed() {
            inFlight.remove(hash);
        }
    }
}
