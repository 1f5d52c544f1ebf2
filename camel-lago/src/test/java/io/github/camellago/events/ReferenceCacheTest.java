package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReferenceCacheTest {

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final AtomicInteger failures = new AtomicInteger();
    private boolean list;
    private Executor threads = executor;

    private final ReferenceCache<String> cache = new ReferenceCache<>("names", new ReferenceSource<>() {

        @Override
        public boolean isListCheaper(int names) {
            return list;
        }

        @Override
        public boolean list(int names, BiConsumer<String, String> found) {
            fail();
            found.accept("a", "A");
            return true;
        }

        @Override
        public String get(String name) {
            fail();
            return name.toUpperCase();
        }

        @Override
        public int farthest(String unknown) {
            return 1;
        }
    }, 100, 0, task -> threads.execute(task), () -> 0);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    /** The number of failures is that with which one name, or everything, is given up. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aNameIsLookedUpAgainIfItIsAskedForAtTheMomentInWhichItsLookupHasFailed(int failing) throws Exception {
        for (int i = 1; i < failing; i++) {
            failures.set(1);
            cache.lookUp("other-" + i, 0).get(60, TimeUnit.SECONDS);
        }
        failures.set(1);
        CompletableFuture<CompletableFuture<Void>> again = cache.lookUp("a", 0).thenApply(ended -> {
            cache.askAgain();
            return cache.lookUp("a", 0);
        });

        again.get(60, TimeUnit.SECONDS).get(60, TimeUnit.SECONDS);

        assertThat(cache.find("a", 0).value()).isEqualTo("A");
    }

    @Test
    void oneThreadLooksAllNamesUpIfNoOtherCanBeStarted() throws Exception {
        list = true;
        Queue<Runnable> started = new ArrayDeque<>();
        threads = task -> {
            if (!started.isEmpty()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            started.add(task);
        };
        List<CompletableFuture<Void>> lookups = List.of(cache.lookUp("b", 0), cache.lookUp("c", 0));

        started.peek().run();

        assertThat(lookups).allMatch(CompletableFuture::isDone);
        assertThat(cache.find("c", 0).value()).isEqualTo("C");
        threads = executor;
        cache.lookUp("d", 0).get(60, TimeUnit.SECONDS);
    }

    @Test
    void aNameIsLookedUpAloneIfTheListCannotBeRead() throws Exception {
        list = true;
        failures.set(1);

        cache.lookUp("a", 0).get(60, TimeUnit.SECONDS);

        assertThat(cache.find("a", 0).value()).isEqualTo("A");
    }

    private void fail() {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("Lago fails");
        }
    }
}
