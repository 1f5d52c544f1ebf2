package io.github.camellago.events;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** The threads that send: each takes the next batch that is ready, until there are no more. Directed by one thread. */
final class BatchWorkers {

    private static final Batch END = new Batch(List.of());

    private final int size;
    private final Executor executor;
    private final Consumer<Batch> work;
    private final BlockingQueue<Batch> ready;
    private final Semaphore gone = new Semaphore(0);
    private int hired;

    /** @param work what to do with a batch; must not throw */
    BatchWorkers(int size, Executor executor, Consumer<Batch> work) {
        this.size = size;
        this.executor = executor;
        this.work = work;
        this.ready = new ArrayBlockingQueue<>(size);
    }

    /**
     * Hands a batch to whoever is free next, waiting while as many are ready as there are threads.
     *
     * @throws InterruptedException                            when interrupted while waiting: the batch is not taken
     * @throws java.util.concurrent.RejectedExecutionException when there are no threads any more: the batch is not taken
     */
    void hand(Batch batch) throws InterruptedException {
        if (hired < size) {
            executor.execute(this::takeAll);
            hired++;
        }
        ready.put(batch);
    }

    /** Waits until all batches are done with. Interrupts are kept for later. */
    void finish() {
        for (int i = 0; i < hired; i++) {
            uninterrupted(() -> {
                ready.put(END);
                return END;
            });
        }
        gone.acquireUninterruptibly(hired);
    }

    private void takeAll() {
        try {
            for (Batch batch = next(); batch != END; batch = next()) {
                work.accept(batch);
            }
        } finally {
            gone.release();
        }
    }

    private Batch next() {
        return uninterrupted(ready::take);
    }

    private interface Wait {
        Batch await() throws InterruptedException;
    }

    private static Batch uninterrupted(Wait wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
