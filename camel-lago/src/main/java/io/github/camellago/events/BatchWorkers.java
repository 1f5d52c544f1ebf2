package io.github.camellago.events;

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
            executor.execute(() -> {
                try {
                    work.accept(batch);
                } finally {
                    free.release();
                }
            });
        } catch (RejectedExecutionException e) {
            free.release();
            throw e;
        }
    }

    /** Waits until no batch is in flight. Interrupts stay pending. */
    void finish() {
        free.acquireUninterruptibly(size);
    }
}
