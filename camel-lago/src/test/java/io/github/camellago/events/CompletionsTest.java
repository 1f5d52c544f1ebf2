package io.github.camellago.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Every message completes once, whatever the next steps of the others do. */
class CompletionsTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private ScheduledExecutorService timer;
    private Completions completions;

    @BeforeEach
    void create() {
        context.start();
        timer = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "timer");
        completions = new Completions(this, context.getExecutorServiceManager(), timer);
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
        completions.close();
        context.stop();
    }

    @Test
    void completesEachMessageOnce() throws Exception {
        List<Integer> completed = new ArrayList<>();

        completions.run(100, number -> {
            synchronized (completed) {
                completed.add(number);
            }
        });

        await().untilAsserted(() -> {
            synchronized (completed) {
                assertThat(completed).hasSize(100).doesNotHaveDuplicates();
            }
        });
    }

    @Test
    void messagesThatWaitForEachOtherComplete() throws Exception {
        CountDownLatch all = new CountDownLatch(100);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();

        completions.run(100, waiting(all, threads));

        assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(threads).hasSize(100);
    }

    @Test
    void anErrorDoesNotHoldUpOtherMessages() throws Exception {
        CountDownLatch other = new CountDownLatch(2);

        completions.run(3, number -> {
            if (number == 0) {
                throw new StackOverflowError();
            }
            other.countDown();
        });

        assertThat(other.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aStopGivesMessagesThatAreLeftThreads() throws Exception {
        CountDownLatch all = new CountDownLatch(20);
        timer.shutdownNow();

        completions.run(20, waiting(all, ConcurrentHashMap.newKeySet()));
        completions.close();

        assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void completesMessagesInTheCallingThreadAfterAStop() {
        completions.close();
        List<Thread> threads = new ArrayList<>();

        completions.run(2, number -> threads.add(Thread.currentThread()));

        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    /** A task that ends when all have begun. */
    private static IntConsumer waiting(CountDownLatch all, Set<Thread> threads) {
        return number -> {
            threads.add(Thread.currentThread());
            all.countDown();
            try {
                all.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }
}
