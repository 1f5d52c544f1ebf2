package io.github.camellago.test.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * All state of a sandbox, guarded by one lock. Actions in {@link #locked} see and leave a consistent state.
 */
public final class Store {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Table> tables = new LinkedHashMap<>();

    public Store(Resources resources, SandboxClock clock) {
        resources.all().forEach(resource -> tables.put(resource.name(), new Table(resource, clock)));
    }

    public <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** The table of a collection such as {@code customers}. */
    public Table table(String collection) {
        Table table = tables.get(collection);
        if (table == null) {
            throw new IllegalArgumentException("Unknown collection " + collection + ". Known: " + tables.keySet());
        }
        return table;
    }

    public void clear() {
        tables.values().forEach(Table::clear);
    }
}
