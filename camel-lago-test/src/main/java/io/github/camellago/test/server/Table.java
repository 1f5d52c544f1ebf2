package io.github.camellago.test.server;

import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The records of one resource, by {@code lago_id} and by the key field, in Lago's order. Not thread-safe: guarded by its {@link Store}.
 */
public final class Table {

    private static final int FEW = 100;

    private final Resource resource;
    private final SandboxClock clock;
    private final Comparator<Row> order;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<String, Set<String>> idsByKey = new HashMap<>();
    /** The rows in Lago's order, without the latest changes. Never changed, so that lists can show it. */
    private List<Row> sorted = List.of();
    /** The {@code lago_id}s of the rows that have changed since then, with their rows in {@link #sorted}, or null. */
    private final Map<String, Row> latest = new HashMap<>();
    private List<Map<String, Object>> ordered;
    private long version;

    Table(Resource resource, SandboxClock clock) {
        this.resource = resource;
        this.clock = clock;
        this.order = Order.of(resource.order());
    }

    public Resource resource() {
        return resource;
    }

    /** Stores a new record. Sets {@code lago_id} and {@code created_at} if they are missing. */
    public Map<String, Object> insert(Map<String, Object> record) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("lago_id", record.get("lago_id") == null ? Ids.next() : record.get("lago_id"));
        data.putAll(record);
        data.putIfAbsent("lago_id", Ids.next());
        Instant created = SandboxClock.parse(data.get("created_at"));
        if (created == null) {
            created = clock.now();
            data.put("created_at", SandboxClock.text(created));
        }
        if (resource.updatedAt()) {
            data.putIfAbsent("updated_at", data.get("created_at"));
        }
        Row row = new Row(String.valueOf(data.get("lago_id")), created, Json.frozen(data));
        if (rows.putIfAbsent(row.id(), row) != null) {
            throw new IllegalArgumentException(resource.name() + " already has a record with lago_id " + row.id());
        }
        index(row);
        changed(row.id(), null);
        return row.data();
    }

    /** Changes fields of a record. Sets {@code updated_at} if the resource has it. */
    public Map<String, Object> update(String id, Map<String, ?> changes) {
        Row old = rows.get(id);
        if (old == null) {
            throw new IllegalArgumentException(resource.name() + " has no record with lago_id " + id);
        }
        Map<String, Object> data = new LinkedHashMap<>(old.data());
        if (resource.updatedAt()) {
            data.put("updated_at", SandboxClock.text(clock.now()));
        }
        data.putAll(changes);
        Instant created = SandboxClock.parse(changes.get("created_at"));
        Row row = new Row(id, created == null ? old.created() : created, Json.frozen(data));
        unindex(old);
        rows.put(id, row);
        index(row);
        changed(id, old);
        return row.data();
    }

    /** Removes a record and returns it, or null if it does not exist. */
    public Map<String, Object> remove(String id) {
        Row row = rows.remove(id);
        if (row == null) {
            return null;
        }
        unindex(row);
        changed(id, row);
        return row.data();
    }

    /** The record with the {@code lago_id}, or null. */
    public Map<String, Object> byId(Object id) {
        Row row = rows.get(String.valueOf(id));
        return row == null ? null : row.data();
    }

    /** The records with the value in the key field, oldest first. */
    public List<Map<String, Object>> byKey(Object key) {
        return idsByKey.getOrDefault(String.valueOf(key), Set.of()).stream().map(id -> rows.get(id).data()).toList();
    }

    /** The newest record with the value in the key field, or null. */
    public Map<String, Object> oneByKey(Object key) {
        List<Map<String, Object>> found = byKey(key);
        return found.isEmpty() ? null : found.get(found.size() - 1);
    }

    /** A snapshot of all records in Lago's order. The same list is returned until a record changes. */
    public List<Map<String, Object>> all() {
        if (ordered == null) {
            sorted = sort();
            latest.clear();
            ordered = new Data(sorted);
        }
        return ordered;
    }

    /** Applies a few changes to the sorted rows. After many, all rows are sorted again. */
    private List<Row> sort() {
        if (latest.size() > FEW) {
            List<Row> all = new ArrayList<>(rows.values());
            all.sort(order);
            return all;
        }
        List<Row> all = new ArrayList<>(sorted);
        latest.forEach((id, old) -> {
            if (old != null) {
                all.remove(Collections.binarySearch(all, old, order));
            }
        });
        latest.keySet().stream().map(rows::get).filter(Objects::nonNull)
                .forEach(row -> all.add(-Collections.binarySearch(all, row, order) - 1, row));
        return all;
    }

    /** All records, the last stored one first. */
    public List<Map<String, Object>> lastStoredFirst() {
        List<Row> reversed = new ArrayList<>(rows.values());
        Collections.reverse(reversed);
        return new Data(reversed);
    }

    public int size() {
        return rows.size();
    }

    /** Changes with each change of a record. */
    public long version() {
        return version;
    }

    void clear() {
        rows.clear();
        idsByKey.clear();
        latest.clear();
        sorted = List.of();
        ordered = null;
        version++;
    }

    private void changed(String id, Row old) {
        if (latest.size() <= FEW && !latest.containsKey(id)) {
            latest.put(id, old);
        }
        ordered = null;
        version++;
    }

    private void index(Row row) {
        Object key = row.data().get(resource.key());
        if (key != null) {
            idsByKey.computeIfAbsent(String.valueOf(key), k -> new LinkedHashSet<>(2)).add(row.id());
        }
    }

    private void unindex(Row row) {
        Set<String> ids = idsByKey.get(String.valueOf(row.data().get(resource.key())));
        if (ids != null) {
            ids.remove(row.id());
            if (ids.isEmpty()) {
                idsByKey.remove(String.valueOf(row.data().get(resource.key())));
            }
        }
    }

    /** A view of the rows as records. */
    private static final class Data extends AbstractList<Map<String, Object>> {
        private final List<Row> rows;

        private Data(List<Row> rows) {
            this.rows = rows;
        }

        @Override
        public Map<String, Object> get(int index) {
            return rows.get(index).data();
        }

        @Override
        public int size() {
            return rows.size();
        }
    }
}
