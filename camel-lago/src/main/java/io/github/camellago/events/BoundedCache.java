package io.github.camellago.events;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A map of limited size. Entries that were not used for the longest time are dropped, half of the map at a time. Thread-safe. */
final class BoundedCache<V> {

    private final int half;
    private volatile Map<String, V> recent = new ConcurrentHashMap<>();
    private volatile Map<String, V> older = Map.of();

    BoundedCache(int size) {
        this.half = Math.max(1, size / 2);
    }

    /** The value, or null. */
    V get(String name) {
        V value = recent.get(name);
        if (value == null) {
            value = older.get(name);
            if (value != null) {
                recent.putIfAbsent(name, value);
                limit();
            }
        }
        return value;
    }

    void put(String name, V value) {
        recent.put(name, value);
        limit();
    }

    /** Whether another name drops no entry. */
    boolean hasRoom() {
        return recent.size() + 1 < half;
    }

    void clear() {
        recent = new ConcurrentHashMap<>();
        older = Map.of();
    }

    Stream<Map.Entry<String, V>> entries() {
        return Stream.of(recent, older).flatMap(map -> map.entrySet().stream());
    }

    private synchronized void limit() {
        if (recent.size() >= half) {
            older = recent;
            recent = new ConcurrentHashMap<>();
        }
    }
}
