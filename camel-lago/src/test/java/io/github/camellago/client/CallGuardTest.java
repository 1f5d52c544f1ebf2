package io.github.camellago.client;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** When requests are canceled. */
class CallGuardTest {

    private static final long SOON = 1;
    private static final long NEVER = TimeUnit.HOURS.toMillis(1);

    /** A request that counts how often it was canceled. */
    private static final class Request extends HttpUriRequestBase {
        private static final long serialVersionUID = 1L;
        private final AtomicInteger canceled = new AtomicInteger();

        Request() {
            super("GET", URI.create("http://lago.example"));
        }

        @Override
        public boolean cancel() {
            canceled.incrementAndGet();
            return super.cancel();
        }
    }

    private final Request request = new Request();

    @Test
    void cancelsARequestThatTakesTooLong() {
        try (CallGuard guard = new CallGuard(SOON)) {
            guard.guard(request);
            await().untilAsserted(() -> assertThat(request.canceled).hasPositiveValue());

            assertThat(guard.isLate()).isTrue();
            assertThat(guard.isInterrupted()).isFalse();
        }
    }

    @Test
    void cancelsARequestThatBeginsTooLate() {
        try (CallGuard guard = new CallGuard(SOON)) {
            await().until(guard::isLate);

            guard.guard(request);

            assertThat(request.canceled).hasValue(1);
        }
    }

    @Test
    void cancelsNothingInTime() {
        try (CallGuard guard = new CallGuard(NEVER)) {
            guard.guard(request);
            await().during(Duration.ofMillis(600)).until(() -> !guard.isLate() && !guard.isInterrupted());

            assertThat(request.canceled).hasValue(0);
        }
    }

    /** The thread notices an interrupt neither while it reads from a socket, nor while it waits for a monitor. */
    @Test
    void cancelsTheRequestsOfAnInterruptedThread() throws Exception {
        Object monitor = new Object();
        CompletableFuture<CallGuard> made = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            made.complete(new CallGuard(NEVER));
            synchronized (monitor) {
                Thread.onSpinWait();
            }
        });
        synchronized (monitor) {
            caller.start();
            CallGuard guard = made.get(30, TimeUnit.SECONDS);
            guard.guard(request);
            // the thread has been looked at before
            await().during(Duration.ofMillis(500)).until(() -> !guard.isInterrupted());
            caller.interrupt();

            await().untilAsserted(() -> assertThat(request.canceled).hasPositiveValue());
            assertThat(guard.isInterrupted()).isTrue();
            assertThat(guard.isLate()).isFalse();
            Request next = new Request();
            guard.guard(next);
            assertThat(next.canceled).hasValue(1);
            guard.close();
        }
        caller.join(30_000);
    }

    @Test
    void cancelsNothingAfterItsEnd() {
        CallGuard guard = new CallGuard(300);
        guard.guard(request);
        guard.close();

        await().during(Duration.ofMillis(600)).until(() -> !guard.isLate());
        assertThat(request.canceled).hasValue(0);
    }
}
