package io.github.camellago.client;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/**
 * Cancels the HTTP requests of one thread if they take too long, or if the thread is interrupted, as in a forced stop of a route. The thread itself
 * notices neither while it reads from a socket.
 *
 * <p>One timer looks at all guards, 20 times a second while there are any. A timer for each request would wake up another thread with each request.
 */
final class CallGuard implements AutoCloseable {

    private static final long LOOK_MILLIS = 50;
    private static final Set<CallGuard> OPEN = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean TIMER = new AtomicBoolean();

    private final Thread caller = Thread.currentThread();
    private final long deadline;
    private volatile HttpUriRequestBase current;
    private volatile boolean late;
    private volatile boolean interrupted;

    CallGuard(long timeoutMillis) {
        this.deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        OPEN.add(this);
        boolean watched = false;
        try {
            lookLater();
            watched = true;
        } finally {
            if (!watched) {
                close();
            }
        }
    }

    /** The request to cancel from now on. */
    void guard(HttpUriRequestBase message) {
        current = message;
        if (late || interrupted) {
            message.cancel();
        }
    }

    /** Whether the time is over. */
    boolean isLate() {
        return late;
    }

    /** Whether the requests are canceled because the thread was interrupted. */
    boolean isInterrupted() {
        return interrupted;
    }

    @Override
    public void close() {
        OPEN.remove(this);
    }

    private static void lookLater() {
        if (!OPEN.isEmpty() && TIMER.compareAndSet(false, true)) {
            boolean started = false;
            try {
                CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                        .execute(CallGuard::lookAtAll);
                started = true;
            } finally {
                if (!started) {
                    // no thread can be started: the next call tries again
                    TIMER.set(false);
                }
            }
        }
    }

    private static void lookAtAll() {
        // first of all: a guard that is opened from now on starts the timer again
        TIMER.set(false);
        try {
            OPEN.forEach(CallGuard::look);
        } finally {
            lookLater();
        }
    }

    private void look() {
        if (late || interrupted) {
            return;
        }
        late = System.nanoTime() - deadline >= 0;
        interrupted = caller.isInterrupted();
        HttpUriRequestBase message = current;
        if (message != null && (late || interrupted)) {
            message.cancel();
        }
    }
}
