package io.github.camellago.poll;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camellago.api.RecordRepository;
import io.github.camellago.api.RecordRepository.Row;
import io.github.camellago.client.LagoRecord;

/**
 * Stores versions in a {@link RecordRepository}: looks up the records of a page together, and writes them together. What was
 * processed waits in memory until {@link #flush}, or until it is as much as a page.
 */
final class PageStore implements RecordStore {

    private final RecordRepository repository;
    private final int most;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<RowKey, Row> waiting = new LinkedHashMap<>();
    /** Rows that were looked up, and not yet asked for. */
    private final Map<RowKey, Row> ahead = new ConcurrentHashMap<>();

    private record RowKey(String list, String key) {

        private static RowKey of(RecordId id) {
            return new RowKey(id.storedList(), id.storedKey());
        }

        private static RowKey of(Row row) {
            return new RowKey(row.list(), row.key());
        }

        /** Stands for a row that is not stored. */
        private Row none() {
            return new Row(list, key, null, 0, 0);
        }
    }

    /** @param most at most so many records wait */
    PageStore(RecordRepository repository, int most) {
        this.repository = repository;
        this.most = most;
    }

    @Override
    public boolean looksUpMany() {
        return true;
    }

    @Override
    public void lookUp(String list, Collection<RecordId> ids) {
        Map<String, RowKey> keys = new LinkedHashMap<>();
        ids.forEach(id -> keys.put(id.storedKey(), RowKey.of(id)));
        if (!keys.isEmpty()) {
            Map<String, Row> found = repository.find(Hash.key(list), keys.keySet());
            keys.forEach((key, rowKey) -> ahead.put(rowKey, found.getOrDefault(key, rowKey.none())));
        }
    }

    /** The stored row of a record, or null. */
    private Row row(RecordId id) {
        RowKey key = RowKey.of(id);
        Row row = ahead.remove(key);
        synchronized (waiting) {
            row = waiting.getOrDefault(key, row);
        }
        if (row == null) {
            row = repository.find(key.list(), List.of(key.key())).get(key.key());
        }
        return row == null || row.version() == 0 ? null : row;
    }

    @Override
    public Found find(RecordId id, LagoRecord record, boolean versioned, long last) {
        Row row = row(id);
        if (row == null) {
            return null;
        }
        boolean same = !(versioned && Version.differs(record, row.version()));
        if (same && row.missed() > 0) {
            // it is back in the list
            add(new Row(row.list(), row.key(), row.id(), row.version(), 0));
        }
        return new Found(row.version(), same);
    }

    @Override
    public void processed(RecordId id, long version, long last) {
        RowKey key = RowKey.of(id);
        add(new Row(key.list(), key.key(), id.id(), version, 0));
    }

    private void add(Row row) {
        synchronized (waiting) {
            waiting.put(RowKey.of(row), row);
        }
    }

    @Override
    public boolean isFull() {
        synchronized (waiting) {
            return waiting.size() >= most;
        }
    }

    /** A complete reading did not find a record that Lago has. */
    void missed(Row row) {
        add(new Row(row.list(), row.key(), row.id(), row.version(), row.missed() + 1));
    }

    @Override
    public void forget(RecordId id) {
        RowKey key = RowKey.of(id);
        delete(key.list(), key.key());
    }

    void delete(String list, String key) {
        writing.lock();
        try {
            synchronized (waiting) {
                waiting.remove(new RowKey(list, key));
            }
            ahead.remove(new RowKey(list, key));
            repository.delete(list, key);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public List<Row> next(String list, String after, int count) {
        return repository.next(Hash.key(list), after, count);
    }

    @Override
    public void pollEnded() {
        ahead.clear();
    }

    @Override
    public void flush() {
        writing.lock();
        try {
            Map<RowKey, Row> rows;
            synchronized (waiting) {
                rows = new LinkedHashMap<>(waiting);
            }
            if (!rows.isEmpty()) {
                repository.save(rows.values());
                synchronized (waiting) {
                    rows.forEach(waiting::remove);
                }
            }
        } finally {
            writing.unlock();
        }
    }
}
