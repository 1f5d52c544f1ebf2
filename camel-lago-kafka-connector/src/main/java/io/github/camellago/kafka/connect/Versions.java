package io.github.camellago.kafka.connect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

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

    private final String resource;
    private final Outbox outbox;
    private final List<Bucket> buckets = new ArrayList<>();
    /** The buckets in which a list has rows. */
    private final Map<String, NavigableSet<Integer>> lists = new HashMap<>();
    private final Map<String, Deque<Draft>> waiting = new HashMap<>();
    /** Records whose key is not known here. The consumer stores their versions in the order in which it has read them. */
    private final Deque<Draft> unkeyed = new ArrayDeque<>();

    Versions(String resource, int count, OffsetStorageReader reader, Outbox outbox) {
        this.resource = resource;
        this.outbox = outbox;
        List<Map<String, String>> partitions = IntStream.range(0, count).mapToObj(i -> partition(i, count)).toList();
        Map<Map<String, String>, Map<String, Object>> offsets = reader.offsets(partitions);
        for (int i = 0; i < count; i++) {
            Map<String, Object> offset = offsets.get(partitions.get(i));
            Bucket bucket = new Bucket(offset == null ? Map.of() : offset);
            buckets.add(bucket);
            for (String list : bucket.lists()) {
                bucketsOf(list).add(i);
            }
        }
    }

    /** One field only: Kafka Connect finds an offset by the text of its partition, in which the order of several fields would count. */
    private Map<String, String> partition(int bucket, int count) {
        return Map.of("bucket", resource + ' ' + bucket + '/' + count);
    }

    private NavigableSet<Integer> bucketsOf(String list) {
        return lists.computeIfAbsent(list, name -> new TreeSet<>());
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
        Map<String, Row> found = new HashMap<>();
        keys.forEach(key -> found.computeIfAbsent(key, name -> buckets.get(bucket(name)).find(list, name)));
        return found;
    }

    @Override
    public synchronized void save(Collection<Row> saved) {
        for (Row row : saved) {
            int bucket = bucket(row.key());
            buckets.get(bucket).put(row);
            bucketsOf(row.list()).add(bucket);
            release(row.key());
        }
    }

    @Override
    public synchronized void delete(String list, String key) {
        buckets.get(bucket(key)).remove(list, key);
        release(key);
    }

    /** In the order of buckets and then keys, which does not change: the consumer asks for the rows after the last one. */
    @Override
    public synchronized List<Row> next(String list, String after, int count) {
        List<Row> rows = new ArrayList<>();
        NavigableSet<Integer> all = lists.getOrDefault(list, new TreeSet<>());
        for (int bucket : after == null ? all : all.tailSet(bucket(after), true)) {
            buckets.get(bucket).rows(list).stream()
                    .filter(row -> row.missed() < 2
                            && (after == null || bucket != bucket(after) || row.key().compareTo(after) > 0))
                    .sorted(Comparator.comparing(Row::key)).limit(count - rows.size()).forEach(rows::add);
            if (rows.size() == count) {
                break;
            }
        }
        return rows;
    }

    private void release(String key) {
        Deque<Draft> drafts = waiting.get(key);
        Draft draft = drafts == null ? unkeyed.poll() : drafts.poll();
        if (drafts != null && drafts.isEmpty()) {
            waiting.remove(key);
        }
        if (draft != null) {
            int bucket = bucket(key);
            outbox.add(draft.with(partition(bucket, buckets.size()), buckets.get(bucket).offset()));
        }
    }

    private int bucket(String key) {
        return Math.floorMod(key.hashCode(), buckets.size());
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
