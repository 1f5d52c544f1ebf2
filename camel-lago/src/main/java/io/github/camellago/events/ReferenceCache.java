package io.github.camellago.events;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.camellago.catalog.Spelling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one kind at Lago, by name. One thread at a time looks names up. What is known stays in use while it is looked up again in the
 * background. While Lago cannot be asked, nothing waits: one name is looked up per minute, until Lago answers. Thread-safe.
 */
final class ReferenceCache<V> {

    /** An older entry does not reject an event: the object may just have been corrected at Lago. */
    static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(ReferenceCache.class);
    private static final int NEAREST = 3;
    /** Comparing names takes time, so not all of them are compared. */
    private static final int COMPARED = 2000;

    private final String kind;
    private final ReferenceSource<V> source;
    private final long maxAge;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final BoundedCache<Entry<V>> entries;
    /** Names that events wait for, with what completes when they have been looked up. */
    private final Map<String, CompletableFuture<Void>> awaited = new LinkedHashMap<>();
    /** Names to look up again. Nothing waits for them. */
    private final Set<String> aging = new LinkedHashSet<>();
    private boolean working;
    private volatile boolean failing;
    private long failedAt;
    private volatile boolean closed;

    /**
     * The known state of a name.
     *
     * @param value   null if Lago does not have it
     * @param problem the reason to reject an event that refers to it, if Lago does not have it
     * @param time    when it was looked up
     */
    record Entry<V>(V value, String problem, long time) {

        boolean isRecent(long now) {
            return now - time < MINUTE;
        }
    }

    /**
     * @param kind   what the objects are called, for the log
     * @param size   the number of names to remember
     * @param maxAge nanoseconds after which what is known of a name is no longer used. A minute if it is less
     */
    ReferenceCache(String kind, ReferenceSource<V> source, int size, long maxAge, Executor executor, LongSupplier nanoTime) {
        this.kind = kind;
        this.source = source;
        this.entries = new BoundedCache<>(size);
        this.maxAge = Math.max(MINUTE, maxAge);
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /** The known state of a name, or null if it must be looked up. */
    Entry<V> find(String name, long now) {
        Entry<V> entry = entries.get(name);
        if (entry == null) {
            return null;
        }
        long age = now - entry.time();
        if (age < MINUTE) {
            return entry;
        }
        if (entry.value() == null || age >= maxAge) {
            return null;
        }
        if (age >= maxAge / 2 && !failing) {
            lookUpAgain(name);
        }
        return entry;
    }

    /** Looks a name up. Returns what completes afterwards, never with an exception, or null if Lago cannot be asked at present. */
    CompletableFuture<Void> lookUp(String name, long now) {
        synchronized (awaited) {
            if (closed) {
                return null;
            }
            if (failing) {
                if (now - failedAt >= MINUTE && !working) {
                    lookUpAgain(name);
                }
                return null;
            }
            Entry<V> entry = entries.get(name);
            if (entry != null && entry.isRecent(now)) {
                // it has just been looked up
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> lookup = awaited.computeIfAbsent(name, n -> new CompletableFuture<>());
            start();
            return lookup;
        }
    }

    private void lookUpAgain(String name) {
        synchronized (awaited) {
            if (!closed && aging.add(name)) {
                start();
            }
        }
    }

    /** Forgets everything: the account may be another one. */
    void clear() {
        entries.clear();
    }

    void close() {
        closed = true;
    }

    private void start() {
        if (!working) {
            try {
                executor.execute(this::work);
                working = true;
            } catch (RejectedExecutionException e) {
                failed(e);
            }
        }
    }

    private void work() {
        while (true) {
            List<String> names;
            synchronized (awaited) {
                Collection<String> next = awaited.isEmpty() ? aging : awaited.keySet();
                working = !next.isEmpty();
                if (!working) {
                    return;
                }
                names = new ArrayList<>(next);
            }
            try {
                lookUp(names);
                answered();
            } catch (Throwable e) {
                failed(e);
            }
        }
    }

    /** Looks up all names in the list, or else the first one. */
    private void lookUp(List<String> names) {
        if (!source.isListCheaper(names.size())) {
            lookUpAlone(names.get(0));
            return;
        }
        Set<String> left = new LinkedHashSet<>(names);
        long time = nanoTime.getAsLong();
        boolean complete = source.list(names.size(), (name, value) -> {
            if (isWanted(name) || entries.get(name) != null || entries.hasRoom()) {
                entries.put(name, new Entry<>(value, null, time));
                done(name);
                left.remove(name);
            }
        });
        // the list does not have everything, and may lack a name if it moves while it is read
        left.stream().limit(complete ? left.size() : 1).forEach(this::lookUpAlone);
    }

    private void lookUpAlone(String name) {
        long time = nanoTime.getAsLong();
        V value = source.get(name);
        entries.put(name, new Entry<>(value, value == null ? "not found at Lago" + nearest(name) : null, time));
        done(name);
    }

    private String nearest(String name) {
        List<String> nearest = Spelling.nearest(name, entries.entries().filter(known -> known.getValue().value() != null)
                .limit(COMPARED).map(Map.Entry::getKey).distinct(), NEAREST, source.farthest(name));
        return nearest.isEmpty() ? "" : ". Nearest: " + String.join(", ", nearest);
    }

    private boolean isWanted(String name) {
        synchronized (awaited) {
            return awaited.containsKey(name) || aging.contains(name);
        }
    }

    private void done(String name) {
        CompletableFuture<Void> lookup;
        synchronized (awaited) {
            lookup = awaited.remove(name);
            aging.remove(name);
        }
        if (lookup != null) {
            lookup.complete(null);
        }
    }

    private void answered() {
        synchronized (awaited) {
            if (failing) {
                failing = false;
                LOG.info("Lago answers again: the {} of events are checked", kind);
            }
        }
    }

    private void failed(Throwable e) {
        List<CompletableFuture<Void>> given;
        synchronized (awaited) {
            if (!failing && !closed) {
                LOG.warn("Cannot look up {} at Lago. Events are sent without this check until Lago answers: {}", kind,
                        e.getMessage());
            }
            failing = true;
            failedAt = nanoTime.getAsLong();
            given = new ArrayList<>(awaited.values());
            awaited.clear();
            aging.clear();
        }
        given.forEach(lookup -> lookup.complete(null));
    }
}
