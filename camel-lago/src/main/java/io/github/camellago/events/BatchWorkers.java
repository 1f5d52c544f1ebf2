package io.github.camellago.events;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Sends a limited number of batches at a time. Used by one thread. */
final class BatchWorkers {

    private final int size;
    private final Executor executor;
    private final Consumer<Batch> work;
    private final Semaphore free;
    private final Set<Thread> threads = new HashSet<>();

    /** @param work what to do with a batch; must not throw */
    BatchWorkers(int size, Executor executor, Consumer<Batch> work) {
        this.size = size;
        this.executor = executor;
        this.work = work;
        this.free = new Semaphore(size);
    }

    /**
     * Starts to send a batch, and waits before that while as many batches as allowed are in flight.
     *
     * @throws InterruptedException       if interrupted while waiting: the batch is not sent
     * @throws RejectedExecutionException if the executor is shut down: the batch is not sent
     */
    void submit(Batch batch) throws InterruptedException {
        free.acquire();
        try {
            executor.execute(() -> run(batch));
        } catch (RejectedExecutionException e) {
            free.release();
            throw e;
        }
    }

    /** Waits until no batch is in flight. An interrupt is passed on to the batches, which then fail, and stays pending. */
    void finish() {
        try {
            free.acquire(size);
        } catch (InterruptedException e) {
            interrupt();
            free.acquireUninterruptibly(size);
            Thread.currentThread().interrupt();
        }
    }

    private void run(Batch batch) {
        synchronized (threads) {
            threads.add(Thread.currentThread());
        }
        try {
            work.accept(batch);
        } finally {
            synchronized (threads) {
                threads.remove(Thread.currentThread());
            }
            free.release();
        }
    }

    private void interrupt() {
        synchronized (threads) {
            threads.forEach(Thread::interrupt);
        }
    }
}
