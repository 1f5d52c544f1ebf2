package io.github.camellago.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/**
 * Cancels the HTTP requests of one thread if they take too long, or if the thread is interrupted, as in a forced stop of a route. The thread itself
 * notices neither while it reads from a socket.
 */
final class CallGuard implements AutoCloseable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Thread caller = Thread.currentThread();
    private final long deadline;
    private volatile CompletableFuture<Void> timer;
    private volatile HttpUriRequestBase current;
    private volatile boolean late;
    private volatile boolean interrupted;
    private volatile boolean closed;

    CallGuard(long timeoutMillis) {
        this.deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        lookLater();
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
        closed = true;
        timer.complete(null);
    }

    private void lookLater() {
        CompletableFuture<Void> next = new CompletableFuture<>();
        timer = next;
        next.orTimeout(Math.min(deadline - System.nanoTime(), LOOK_NANOS), TimeUnit.NANOSECONDS).exceptionally(timeout -> {
            look();
            return null;
        });
    }

    private void look() {
        if (closed) {
            return;
        }
        late = System.nanoTime() - deadline >= 0;
        interrupted = caller.isInterrupted();
        HttpUriRequestBase message = current;
        if (!late && !interrupted) {
            lookLater();
        } else if (message != null) {
            message.cancel();
        }
    }
}
