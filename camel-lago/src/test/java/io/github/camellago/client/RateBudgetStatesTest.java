package io.github.camellago.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.api.RateLimit;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A rate budget by the answers it sees, with a clock that the test sets. */
class RateBudgetStatesTest {

    private static final RateLimit NONE_LEFT = new RateLimit(50, 0, 1);

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final RateBudget budget = new RateBudget("calls at a test", now::get);

    @Test
    void withoutWordOfALimitNobodyWaits() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            assertThat(take().waited()).isZero();
        }
    }

    @Test
    void noneLeftWaitsForTheNextWindow() throws Exception {
        budget.release(take(), NONE_LEFT);

        CompletableFuture<RateBudget.Ticket> waiting = takeLater();
        assertThat(waiting).isNotDone();
        pass(Duration.ofMillis(1_100));

        assertThat(waiting.get(30, TimeUnit.SECONDS).waited()).isEqualTo(Duration.ofMillis(1_100));
    }

    @Test
    void callsInFlightAreNotLeft() throws Exception {
        RateBudget.Ticket first = take();
        take();
        take();
        budget.release(first, new RateLimit(50, 3, 1));

        assertThat(take().waited()).isZero();
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void afterAnUnusedWindowNobodyWaitsForAProbe() throws Exception {
        budget.release(take(), NONE_LEFT);
        pass(Duration.ofMillis(2_500));

        for (int i = 0; i < 50; i++) {
            assertThat(take().waited()).isZero();
        }
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void aProbeWithoutAnAnswerHoldsUpNobodyForLongerThanAWindow() throws Exception {
        budget.release(take(), NONE_LEFT);
        pass(Duration.ofMillis(1_100));
        RateBudget.Ticket hung = take();
        CompletableFuture<RateBudget.Ticket> second = takeLater();
        assertThat(second).isNotDone();

        pass(Duration.ofMillis(1_000));

        budget.release(second.get(30, TimeUnit.SECONDS), new RateLimit(50, 40, 1));
        for (int i = 0; i < 39; i++) {
            assertThat(take().waited()).isZero();
        }
        budget.release(hung, RateLimit.UNKNOWN);
    }

    @Test
    void aLateAnswerSaysNothingOfTheNextWindow() throws Exception {
        RateBudget.Ticket late = take();
        budget.release(take(), NONE_LEFT);
        pass(Duration.ofMillis(1_100));
        budget.release(take(), new RateLimit(50, 49, 1));

        budget.release(late, NONE_LEFT);

        assertThat(take().waited()).isZero();
    }

    @Test
    void aWaitOfMoreThanTwoMinutesIsRefused() throws Exception {
        budget.exhausted(Duration.ofMinutes(3).toMillis());

        assertThatThrownBy(this::take).isInstanceOfSatisfying(RateBudget.TooLongException.class,
                e -> assertThat(e.left()).isEqualTo(Duration.ofMinutes(3)));
    }

    @Test
    void minusOneIsNoLimit() throws Exception {
        BasicHttpResponse answer = new BasicHttpResponse(200);
        answer.setHeader("X-RateLimit-Remaining", "-1");
        answer.setHeader("X-RateLimit-Limit", "-1");

        budget.release(take(), RateLimitHeaders.read(answer));

        assertThat(take().waited()).isZero();
    }

    @Test
    void unusedKeysAreForgotten() throws Exception {
        RateBudgets budgets = new RateBudgets(now::get);
        RateBudget busy = budgets.of("http://lago", "busy", RateLimitGroup.OTHER);
        busy.acquire(() -> false);
        for (int i = 0; i < 20_000; i++) {
            RateBudget one = budgets.of("http://lago", "key-" + i, RateLimitGroup.OTHER);
            one.release(one.acquire(() -> false), new RateLimit(50, 49, 1));
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
        }

        assertThat(budgets.size()).isLessThanOrEqualTo(1_000);
        assertThat(budgets.of("http://lago", "busy", RateLimitGroup.OTHER)).isSameAs(busy);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private RateBudget.Ticket take() throws Exception {
        return budget.acquire(() -> false);
    }

    /** Takes a call that has to wait; returns when it waits. */
    private CompletableFuture<RateBudget.Ticket> takeLater() {
        CompletableFuture<RateBudget.Ticket> taken = new CompletableFuture<>();
        Thread taker = new Thread(() -> {
            try {
                taken.complete(take());
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
