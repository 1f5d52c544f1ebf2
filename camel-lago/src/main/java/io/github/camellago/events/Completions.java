package io.github.camellago.events;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes messages in other threads. One thread completes the messages of a batch one after another. If that takes long, more threads complete the
 * messages that are left: whatever a route does next, a redelivery that waits included, must not hold up other messages for long. Thread-safe.
 */
final class Completions {

    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);
    private static final long LOOK_MILLIS = 10;

    private final ExecutorServiceManager pools;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;
    private final Queue<Run> runs = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean looking = new AtomicBoolean();

    /** @param timer checks the progress */
    Completions(Object owner, ExecutorServiceManager pools, ScheduledExecutorService timer) {
        this.pools = pools;
        this.threads = pools.newCachedThreadPool(owner, "LagoEventsDone");
        this.timer = timer;
        // starts its thread, which must work while no thread can be started
        timer.execute(this::look);
    }

    /** A timer that takes every task, whatever limit the context's thread pool profile has. */
    static ScheduledExecutorService timer(Object owner, ExecutorServiceManager pools) {
        ThreadPoolProfile profile = new ThreadPoolProfile("LagoEventsInterval");
        profile.setPoolSize(1);
        profile.setMaxQueueSize(-1);
        return pools.newScheduledThreadPool(owner, profile.getId(), profile);
    }

    /**
     * Completes the messages of a batch.
     *
     * @param task completes the message at a position
     */
    void run(int messages, IntConsumer task) {
        Run run = new Run(messages, task);
        boolean enough = messages == 1;
        try {
            threads.execute(run);
        } catch (RejectedExecutionException e) {
            // closed
            run.run();
        } catch (Error e) {
            LOG.warn("No thread can be started to complete {} messages. They are tried again: {}", messages, e.toString());
            enough = false;
        }
        if (!enough) {
            runs.add(run);
            lookLater();
        }
    }

    /** Gives each message that is left a thread of its own. The timer has stopped. */
    void close() {
        lookLater();
        pools.shutdown(threads);
    }

    private void lookLater() {
        // a timer that has stopped may discard what it gets
        if (timer.isShutdown()) {
            finish();
        } else if (looking.compareAndSet(false, true)) {
            try {
                timer.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                looking.set(false);
                finish();
            }
        }
    }

    private void finish() {
        runs.removeIf(run -> {
            if (!run.help(Integer.MAX_VALUE)) {
                run.run();
            }
            return true;
        });
    }

    private void look() {
        looking.set(false);
        runs.removeIf(run -> run.help(run.helpers));
        if (!runs.isEmpty()) {
            lookLater();
        }
    }

    private final class Run implements Runnable {

        private final int messages;
        private final IntConsumer task;
        private final AtomicInteger next = new AtomicInteger();
        /** So many threads help next. Used by the timer's thread. */
        private int helpers = 1;

        Run(int messages, IntConsumer task) {
            this.messages = messages;
            this.task = task;
        }

        /**
         * Lets more threads help, twice as many as before.
         *
         * @return whether there are enough threads for all messages, not if a thread cannot be started
         */
        boolean help(int most) {
            int left = Math.max(0, messages - next.get());
            try {
                for (int i = 0; i < Math.min(left, most); i++) {
                    threads.execute(this);
                }
                helpers *= 2;
            } catch (RejectedExecutionException e) {
                LOG.debug("The threads are stopped. The one that is at work completes the messages that are left", e);
            } catch (Error e) {
                LOG.debug("No thread can be started to complete messages", e);
                return false;
            }
            return left <= most;
        }

        @Override
        public void run() {
            for (int i = next.getAndIncrement(); i < messages; i = next.getAndIncrement()) {
                try {
                    task.accept(i);
                } catch (Throwable e) {
                    // the others must complete, be it an Error of a route's code
                    LOG.error("Completing a message failed", e);
                }
            }
        }
    }
}
