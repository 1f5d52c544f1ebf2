package io.github.camellago.poll;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

import io.github.camellago.api.RecordRepository;

/** Records in memory. */
final class MemoryRecords implements RecordRepository {

    private static final int LEFT = 2;

    private final Map<String, ConcurrentNavigableMap<String, Row>> lists = new ConcurrentHashMap<>();

    private ConcurrentNavigableMap<String, Row> rows(String list) {
        return lists.computeIfAbsent(list, name -> new ConcurrentSkipListMap<>());
    }

    @Override
    public Map<String, Row> find(String list, Collection<String> keys) {
        Map<String, Row> found = new HashMap<>();
        Map<String, Row> rows = rows(list);
        for (String key : keys) {
            Row row = rows.get(key);
            if (row != null) {
                found.put(key, row);
            }
        }
        return found;
    }

    @Override
    public void save(Collection<Row> rows) {
        rows.forEach(row -> rows(row.list()).put(row.key(), row));
    }

    @Override
    public void delete(String list, String key) {
        rows(list).remove(key);
    }

    @Override
    public List<Row> next(String list, String after, int count) {
        ConcurrentNavigableMap<String, Row> rows = rows(list);
        return (after == null ? rows : rows.tailMap(after, false)).values().stream().filter(row -> row.missed() < LEFT)
                .limit(count).toList();
    }
}
