package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class BatchWorkersTest {

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final ConcurrentLinkedQueue<Batch> sent = new ConcurrentLinkedQueue<>();

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    @Test
    void oneBatchWaitsWhileTheOthersAreInFlight() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        BatchWorkers workers = new BatchWorkers(1, executor, batch -> {
            await(answer);
            sent.add(batch);
        });
        Batch first = new Batch(List.of());
        Batch second = new Batch(List.of());

        workers.submit(first);
        workers.submit(second);
        assertThat(sent).isEmpty();
        answer.countDown();
        workers.finish();

        assertThat(sent).containsExactly(first, second);
    }

    @Test
    void usesNoMoreThreadsThanBatchesMayBeInFlight() throws Exception {
        Deque<Runnable> threads = new ArrayDeque<>();
        BatchWorkers workers = new BatchWorkers(1, threads::add, sent::add);
        for (int i = 1; i <= 3; i++) {
            workers.submit(new Batch(List.of()));
            workers.submit(new Batch(List.of()));
            assertThat(threads).hasSize(1);

            threads.remove().run();

            assertThat(sent).hasSize(2 * i);
        }
        workers.finish();
    }

    @Test
    void sendsEachBatchAndNoMoreAtATimeThanAllowed() throws Exception {
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        BatchWorkers workers = new BatchWorkers(3, executor, batch -> {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            sent.add(batch);
            inFlight.decrementAndGet();
        });
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            batches.add(new Batch(List.of()));
            workers.submit(batches.get(i));
        }
        workers.finish();

        assertThat(sent).containsExactlyInAnyOrderElementsOf(batches);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void aRejectedBatchIsNotSentAndIsNotWaitedFor() {
        executor.shutdown();
        BatchWorkers workers = new BatchWorkers(2, executor, sent::add);

        assertThatThrownBy(() -> workers.submit(new Batch(List.of()))).isInstanceOf(RejectedExecutionException.class);
        workers.finish();

        assertThat(sent).isEmpty();
    }

    @Test
    void anErrorOfTheExecutorDoesNotBlockTheEnd() {
        BatchWorkers workers = new BatchWorkers(2, task -> {
            throw new OutOfMemoryError("unable to create native thread");
        }, sent::add);

        assertThatThrownBy(() -> workers.submit(new Batch(List.of()))).isInstanceOf(OutOfMemoryError.class);
        workers.finish();

        assertThat(sent).isEmpty();
    }

    @Test
    void aBatchAfterARejectedOneIsSent() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        BatchWorkers workers = new BatchWorkers(2, task -> {
            if (calls.getAndIncrement() == 0) {
                throw new RejectedExecutionException("busy");
            }
            task.run();
        }, sent::add);
        assertThatThrownBy(() -> workers.submit(new Batch(List.of()))).isInstanceOf(RejectedExecutionException.class);
        Batch next = new Batch(List.of());

        workers.submit(next);

        assertThat(sent).containsExactly(next);
    }

    @Test
    void anInterruptIsPassedOnAndTheEndIsWaitedFor() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch ends = new CountDownLatch(1);
        BatchWorkers workers = new BatchWorkers(1, executor, batch -> {
            assertThatThrownBy(never::await).isInstanceOf(InterruptedException.class);
            interrupted.countDown();
            await(ends);
            sent.add(batch);
        });
        Batch batch = new Batch(List.of());
        workers.submit(batch);
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread finisher = new Thread(() -> {
            workers.finish();
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        finisher.start();
        finisher.interrupt();
        await(interrupted);

        Awaitility.await().until(() -> EnumSet.of(Thread.State.WAITING, Thread.State.TERMINATED).contains(finisher.getState()));
        assertThat(finisher.getState()).isEqualTo(Thread.State.WAITING);
        ends.countDown();
        finisher.join(60_000);

        assertThat(stillInterrupted).isTrue();
        assertThat(sent).containsExactly(batch);
    }

    @Test
    void aBatchThatBeginsAfterTheInterruptIsInterruptedToo() throws Exception {
        Deque<Runnable> threads = new ArrayDeque<>();
        List<Boolean> interrupted = new ArrayList<>();
        BatchWorkers workers = new BatchWorkers(1, threads::add, batch -> interrupted.add(Thread.interrupted()));
        workers.submit(new Batch(List.of()));
        workers.submit(new Batch(List.of()));
        Thread finisher = new Thread(() -> {
            Thread.currentThread().interrupt();
            workers.finish();
        });
        finisher.start();
        Awaitility.await().until(() -> Stream.of(finisher.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("acquireUninterruptibly")));

        threads.remove().run();
        finisher.join(60_000);

        assertThat(interrupted).containsExactly(true, true);
        assertThat(finisher.isAlive()).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
