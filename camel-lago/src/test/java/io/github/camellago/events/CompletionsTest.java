package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultExecutorServiceManager;
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

    @Test
    void aStopGivesMessagesThreadsBeforeTheNextLook() throws Exception {
        CountDownLatch all = new CountDownLatch(20);
        ManualTimer manual = new ManualTimer();
        Completions stopped = new Completions(this, context.getExecutorServiceManager(), manual);
        stopped.run(20, waiting(all, ConcurrentHashMap.newKeySet()));
        manual.shutdownNow();

        stopped.close();

        assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    }

    /** As it does if it is stopped at that moment. */
    @Test
    void aTimerThatTakesNothingMoreLeavesNoMessage() throws Exception {
        ManualTimer manual = new ManualTimer();
        Completions stopped = new Completions(this, context.getExecutorServiceManager(), manual);
        manual.rejects = true;
        for (int i = 0; i < 2; i++) {
            CountDownLatch all = new CountDownLatch(20);

            stopped.run(20, waiting(all, ConcurrentHashMap.newKeySet()));

            assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
        }
        manual.shutdownNow();
        stopped.close();
    }

    /** One more, and then twice as many each time, but no more than there are messages left. */
    @Test
    void moreThreadsHelpWhileMessagesAreLeft() {
        ManualTimer manual = new ManualTimer();
        Deque<Runnable> started = new ArrayDeque<>();
        Completions watched = new Completions(this, new DefaultExecutorServiceManager(context) {
            @Override
            public ExecutorService newCachedThreadPool(Object source, String name) {
                return new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
                    @Override
                    public void execute(Runnable task) {
                        started.add(task);
                    }
                };
            }
        }, manual);
        List<Integer> threads = new ArrayList<>();
        manual.looks.remove().run();
        watched.run(1, number -> {});
        assertThat(manual.looks).isEmpty();
        started.remove().run();

        watched.run(5, number -> {
            for (Runnable look = manual.looks.poll(); number == 0 && look != null; look = manual.looks.poll()) {
                look.run();
                threads.add(started.size());
            }
        });
        started.remove().run();

        assertThat(threads).containsExactly(1, 3, 7);
        manual.shutdownNow();
        watched.close();
        assertThat(started).hasSize(7);
    }

    /** A timer whose tasks run when the test runs them. */
    private static final class ManualTimer extends ScheduledThreadPoolExecutor {

        private final Deque<Runnable> looks = new ArrayDeque<>();
        private boolean rejects;

        ManualTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            if (rejects) {
                throw new RejectedExecutionException();
            }
            looks.add(task);
            return null;
        }
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
