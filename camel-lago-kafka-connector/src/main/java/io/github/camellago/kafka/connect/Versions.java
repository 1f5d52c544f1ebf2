package io.github.camellago.kafka.connect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.github.camellago.api.RecordRepository;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * The versions of a resource's records, stored in the offsets of Kafka Connect. Each record belongs to a bucket by its key, and the offset of a bucket
 * is the versions of its records. Records wait here until the consumer stores their version, and leave with the offset of their bucket. Since the
 * records of a bucket have the same source partition, Kafka Connect commits an offset only after all records that it stands for.
 */
final class Versions extends ServiceSupport implements RecordRepository, IdempotentRepository {

    private static final String ROW = "\t";

    private final String resource;
    private final Outbox outbox;
    /** The stored rows by list and key. */
    private final Map<String, NavigableMap<String, Row>> rows = new HashMap<>();
    private final List<Map<String, Row>> buckets = new ArrayList<>();
    private final Map<String, Deque<Draft>> waiting = new HashMap<>();
    /** Records of lists in which only the content identifies a record. */
    private final Deque<Draft> unkeyed = new ArrayDeque<>();

    Versions(String resource, int count, OffsetStorageReader reader, Outbox outbox) {
        this.resource = resource;
        this.outbox = outbox;
        List<Map<String, String>> partitions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            partitions.add(partition(i, count));
            buckets.add(new TreeMap<>());
        }
        Map<Map<String, String>, Map<String, Object>> offsets = reader.offsets(partitions);
        for (int i = 0; i < count; i++) {
            Map<String, Object> offset = offsets.get(partitions.get(i));
            if (offset != null) {
                offset.values().forEach(row -> keep(row(row.toString())));
            }
        }
    }

    private Map<String, String> partition(int bucket, int count) {
        return Map.of("resource", resource, "bucket", bucket + "/" + count);
    }

    /** A record that leaves when the consumer stores its version. */
    synchronized void add(String recordKey, Draft draft) {
        if (recordKey == null) {
            unkeyed.add(draft);
        } else {
            waiting.computeIfAbsent(recordKey, key -> new ArrayDeque<>(1)).add(draft);
        }
    }

    @Override
    public synchronized Map<String, Row> find(String list, Collection<String> keys) {
        NavigableMap<String, Row> all = rows.getOrDefault(list, new TreeMap<>());
        Map<String, Row> found = new HashMap<>();
        keys.forEach(key -> found.computeIfAbsent(key, all::get));
        return found;
    }

    @Override
    public synchronized void save(Collection<Row> saved) {
        for (Row row : saved) {
            keep(row);
            release(row.key());
        }
    }

    @Override
    public synchronized void delete(String list, String key) {
        NavigableMap<String, Row> all = rows.get(list);
        if (all != null) {
            all.remove(key);
        }
        buckets.get(bucket(key)).remove(list + ROW + key);
        release(key);
    }

    @Override
    public synchronized List<Row> next(String list, String after, int count) {
        NavigableMap<String, Row> all = rows.getOrDefault(list, new TreeMap<>());
        return (after == null ? all : all.tailMap(after, false)).values().stream().filter(row -> row.missed() < 2).limit(count)
                .toList();
    }

    private void keep(Row row) {
        rows.computeIfAbsent(row.list(), list -> new TreeMap<>()).put(row.key(), row);
        buckets.get(bucket(row.key())).put(row.list() + ROW + row.key(), row);
    }

    private void release(String key) {
        Deque<Draft> drafts = waiting.get(key);
        Draft draft = drafts == null ? unkeyed.poll() : drafts.poll();
        if (drafts != null && drafts.isEmpty()) {
            waiting.remove(key);
        }
        if (draft != null) {
            int bucket = bucket(key);
            Map<String, String> offset = new HashMap<>();
            buckets.get(bucket).values().forEach(row -> offset.put(Integer.toString(offset.size()), text(row)));
            outbox.add(draft.with(partition(bucket, buckets.size()), offset));
        }
    }

    private int bucket(String key) {
        return Math.floorMod(key.hashCode(), buckets.size());
    }

    private static String text(Row row) {
        return String.join(ROW, row.list(), row.key(), Long.toString(row.version()), Integer.toString(row.missed()),
                row.id() == null ? "" : row.id());
    }

    private static Row row(String text) {
        String[] parts = text.split(ROW, 5);
        return new Row(parts[0], parts[1], parts[4].isEmpty() ? null : parts[4], Long.parseLong(parts[2]),
                Integer.parseInt(parts[3]));
    }

    @Override
    public boolean add(String key) {
        throw unsupported();
    }

    @Override
    public boolean contains(String key) {
        throw unsupported();
    }

    @Override
    public boolean remove(String key) {
        throw unsupported();
    }

    @Override
    public boolean confirm(String key) {
        throw unsupported();
    }

    @Override
    public void clear() {
        throw unsupported();
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("Only versions of records are stored here");
    }
}
