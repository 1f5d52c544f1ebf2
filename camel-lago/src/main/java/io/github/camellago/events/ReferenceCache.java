package io.github.camellago.events;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoRateLimitException;
import io.github.camellago.catalog.Spelling;
import org.apache.camel.support.LRUCacheFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one kind at Lago, by name. A few names are looked up at a time. What is known stays in use while it is looked up again in the
 * background. While Lago cannot be asked, nothing waits: one name is looked up per minute, until Lago answers. A name that Lago fails on is not asked
 * for again for a minute. Thread-safe.
 */
final class ReferenceCache<V> {

    /** An older entry does not reject an event: the object may just have been corrected at Lago. */
    static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(ReferenceCache.class);
    private static final int NEAREST = 3;
    /** Comparing names takes time, so not all of them are compared. */
    private static final int COMPARED = 2000;
    private static final int WORKERS = 4;
    /** If Lago fails on so many names one after the other, it is not asked for others either. */
    private static final int FAILURES = 3;
    private static final int UNANSWERED = 1000;

    private final String kind;
    private final ReferenceSource<V> source;
    private final long maxAge;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final BoundedCache<Entry<V>> entries;
    private final Object lock = new Object();
    /** Names that events wait for, with what completes when they have been looked up. */
    private final Map<String, CompletableFuture<Void>> awaited = new HashMap<>();
    /** Those of them that are not being looked up yet. */
    private final Set<String> next = new LinkedHashSet<>();
    /** Names that the list did not have. */
    private final Set<String> unlisted = new LinkedHashSet<>();
    /** Names to look up again. Nothing waits for them. */
    private final Set<String> aging = new LinkedHashSet<>();
    private final Set<String> running = new HashSet<>();
    /** Names that Lago failed on, with the time. */
    private final Map<String, Long> unanswered = LRUCacheFactory.newLRUCache(UNANSWERED);
    private int workers;
    private boolean listing;
    private int failures;
    private boolean warned;
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

    /** @param list whether to read the list, or else look up the one name */
    private record Job(List<String> names, boolean list) {}

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
            lookUpAgain(name, now);
        }
        return entry;
    }

    /** Looks a name up. Returns what completes afterwards, never with an exception, or null if Lago cannot be asked at present. */
    CompletableFuture<Void> lookUp(String name, long now) {
        synchronized (lock) {
            if (closed || isUnanswered(name, now)) {
                return null;
            }
            if (failing) {
                if (now - failedAt >= MINUTE && workers == 0) {
                    lookUpAgain(name, now);
                }
                return null;
            }
            Entry<V> entry = entries.get(name);
            if (entry != null && entry.isRecent(now)) {
                // it has just been looked up
                return CompletableFuture.completedFuture(null);
            }
            if (!awaited.containsKey(name) && !running.contains(name)) {
                next.add(name);
            }
            CompletableFuture<Void> lookup = awaited.computeIfAbsent(name, waiting -> new CompletableFuture<>());
            start();
            return lookup;
        }
    }

    private void lookUpAgain(String name, long now) {
        synchronized (lock) {
            if (!closed && !running.contains(name) && !isUnanswered(name, now) && aging.add(name)) {
                start();
            }
        }
    }

    private boolean isUnanswered(String name, long now) {
        Long time = unanswered.get(name);
        return time != null && now - time < MINUTE;
    }

    /** Asks Lago for whatever it could not be asked for. */
    void askAgain() {
        synchronized (lock) {
            failing = false;
            failures = 0;
            unanswered.clear();
        }
    }

    /** Forgets everything: the account may be another one. */
    void clear() {
        entries.clear();
    }

    void close() {
        closed = true;
        release().forEach(lookup -> lookup.complete(null));
    }

    private void start() {
        if (workers < WORKERS && !listing) {
            try {
                executor.execute(this::work);
                workers++;
            } catch (RejectedExecutionException e) {
                close();
            } catch (Error e) {
                // no thread can be started
                if (workers == 0) {
                    throw e;
                }
            }
        }
    }

    /** Looks names up until there are no more. */
    private void work() {
        for (Job job = take(); job != null; job = take()) {
            try {
                if (job.list()) {
                    readList(job.names());
                } else {
                    lookUpAlone(job.names().get(0));
                }
                answered();
            } catch (Throwable e) {
                failed(job, e);
            } finally {
                ended(job);
            }
        }
    }

    /** All names, if reading the list is cheaper, or else one. Null if there are no names. */
    private Job take() {
        synchronized (lock) {
            Set<String> from = !unlisted.isEmpty() ? unlisted : next.isEmpty() ? aging : next;
            if (listing || from.isEmpty()) {
                workers--;
                return null;
            }
            listing = from != unlisted && source.isListCheaper(from.size());
            List<String> names = listing ? List.copyOf(from) : List.of(from.iterator().next());
            names.forEach(from::remove);
            running.addAll(names);
            return new Job(names, listing);
        }
    }

    private void ended(Job job) {
        synchronized (lock) {
            job.names().forEach(running::remove);
            // an event may wait for a name again since its lookup has failed
            job.names().stream().filter(name -> awaited.containsKey(name) && !unlisted.contains(name)).forEach(next::add);
            if (job.list()) {
                listing = false;
                for (int i = workers; i < unlisted.size() + next.size(); i++) {
                    start();
                }
            }
        }
    }

    /** The list does not have everything, and may lack a name if it moves while it is read. */
    private void readList(List<String> names) {
        long time = nanoTime.getAsLong();
        boolean complete = source.list(names.size(), (name, value) -> {
            if (isWanted(name) || entries.get(name) != null || entries.hasRoom()) {
                entries.put(name, new Entry<>(value, null, time));
                done(name);
            }
        });
        synchronized (lock) {
            lookUpRest(names, complete);
        }
    }

    private void lookUpRest(List<String> names, boolean alone) {
        names.stream().filter(running::contains).forEach((alone ? unlisted : next)::add);
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
        synchronized (lock) {
            return awaited.containsKey(name) || running.contains(name) || aging.contains(name);
        }
    }

    private void done(String name) {
        CompletableFuture<Void> lookup;
        synchronized (lock) {
            lookup = awaited.remove(name);
            List.of(next, unlisted, aging, running).forEach(names -> names.remove(name));
            unanswered.remove(name);
        }
        if (lookup != null) {
            lookup.complete(null);
        }
    }

    private void answered() {
        synchronized (lock) {
            failures = 0;
            warned = false;
            if (failing) {
                failing = false;
                LOG.info("Lago answers again: the {} of events are checked", kind);
            }
        }
    }

    private void failed(Job job, Throwable e) {
        Collection<CompletableFuture<Void>> unchecked;
        synchronized (lock) {
            if (!warned && !closed && !unanswered.keySet().containsAll(job.names())) {
                warned = true;
                LOG.warn("Cannot look up {} at Lago. Events are sent without this check until Lago answers: {}", kind,
                        e.getMessage());
            }
            failures++;
            long now = nanoTime.getAsLong();
            if (failures >= FAILURES || concernsAll(e)) {
                failing = true;
                failedAt = now;
                unchecked = release();
            } else if (job.list()) {
                lookUpRest(job.names(), true);
                return;
            } else {
                unanswered.put(job.names().get(0), now);
                unchecked = Stream.ofNullable(awaited.remove(job.names().get(0))).toList();
            }
        }
        unchecked.forEach(lookup -> lookup.complete(null));
    }

    private static boolean concernsAll(Throwable e) {
        return e instanceof LagoAuthenticationException || e instanceof LagoPermissionException
                || e instanceof LagoRateLimitException;
    }

    /** No name is looked up any more. Returns what events wait for. */
    private Collection<CompletableFuture<Void>> release() {
        synchronized (lock) {
            List<CompletableFuture<Void>> released = List.copyOf(awaited.values());
            awaited.clear();
            List.of(next, unlisted, aging).forEach(Set::clear);
            return released;
        }
    }
}
