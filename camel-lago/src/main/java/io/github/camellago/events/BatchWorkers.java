package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Sends a limited number of batches at a time. One more batch may wait: a thread that has sent a batch takes it at once, while the thread that reads events
 * prepares the next. Used by one thread.
 */
final class BatchWorkers {

    private final int size;
    private final Executor executor;
    private final Consumer<Batch> work;
    private final Semaphore room;
    private final Queue<Batch> waiting = new ArrayDeque<>(1);
    private final Set<Thread> threads = new HashSet<>();
    private int workers;
    private boolean interrupted;

    /** @param work what to do with a batch; must not throw */
    BatchWorkers(int size, Executor executor, Consumer<Batch> work) {
        this.size = size;
        this.executor = executor;
        this.work = work;
        this.room = new Semaphore(size + 1);
    }

    /**
     * Starts to send a batch, or lets it wait for the next thread that has sent its batch. Waits before that while another batch waits.
     *
     * @throws InterruptedException       if interrupted while waiting: the batch is not sent
     * @throws RejectedExecutionException if the executor is shut down: the batch is not sent
     */
    void submit(Batch batch) throws InterruptedException {
        room.acquire();
        synchronized (waiting) {
            if (workers == size) {
                waiting.add(batch);
                return;
            }
            workers++;
        }
        try {
            executor.execute(() -> run(batch));
        } catch (RejectedExecutionException | Error e) {
            synchronized (waiting) {
                workers--;
            }
            room.release();
            throw e;
        }
    }

    /** Waits until no batch is in flight or waits. An interrupt is passed on to the batches, which then fail, and stays pending. */
    void finish() {
        try {
            room.acquire(size + 1);
        } catch (InterruptedException e) {
            synchronized (waiting) {
                interrupted = true;
                threads.forEach(Thread::interrupt);
            }
            room.acquireUninterruptibly(size + 1);
            Thread.currentThread().interrupt();
        }
    }

    private void run(Batch first) {
        synchronized (waiting) {
            threads.add(Thread.currentThread());
            passOn();
        }
        for (Batch batch = first; batch != null; batch = next()) {
            try {
                work.accept(batch);
            } finally {
                room.release();
            }
        }
    }

    private Batch next() {
        synchronized (waiting) {
            Batch next = waiting.poll();
            if (next == null) {
                workers--;
                threads.remove(Thread.currentThread());
            } else {
                passOn();
            }
            return next;
        }
    }

    /** A batch that begins after the interrupt is to fail, too. */
    private void passOn() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
