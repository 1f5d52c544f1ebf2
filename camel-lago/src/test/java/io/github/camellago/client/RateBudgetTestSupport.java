package io.github.camellago.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import static org.awaitility.Awaitility.await;

/** A rate budget with a clock that the test sets. */
abstract class RateBudgetTestSupport {

    final AtomicLong now = new AtomicLong(1_000_000);
    final RateBudget budget = new RateBudget("calls at a test", now::get);

    void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    RateBudget.Ticket take() throws Exception {
        return budget.acquire(() -> false);
    }

    /** Takes a call that has to wait; returns when it waits. */
    CompletableFuture<RateBudget.Ticket> takeLater() {
        return takeLater(() -> false);
    }

    CompletableFuture<RateBudget.Ticket> takeLater(BooleanSupplier stop) {
        CompletableFuture<RateBudget.Ticket> taken = new CompletableFuture<>();
        Thread taker = new Thread(() -> {
            try {
                taken.complete(budget.acquire(stop));
            } catch (Exception e) {
                taken.completeExceptionally(e);
            }
        });
        taker.setDaemon(true);
        taker.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> taken.isDone() || taker.getState() == Thread.State.TIMED_WAITING);
        return taken;
    }
}
