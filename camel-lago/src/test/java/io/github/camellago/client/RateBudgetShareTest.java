package io.github.camellago.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camellago.LogCapture;
import io.github.camellago.api.RateLimit;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A rate budget after a 429, which shows that others use the same limit. */
class RateBudgetShareTest extends RateBudgetTestSupport {

    @Test
    void a429HalvesTheShareAndSpreadsTheCallsOfTheNextWindow() throws Exception {
        meet429(10, 1);
        budget.release(take(), new RateLimit(10, 9, 1));
        take();

        assertNextCallAfter(200_000_000);
        assertNextCallAfter(200_000_000);
    }

    @Test
    void each429HalvesTheShareOncePerWindow() throws Exception {
        meet429(10, 1);
        budget.release(take(), new RateLimit(10, 0, 1));
        budget.exhausted(1_000);
        budget.exhausted(1_000);
        pass(Duration.ofSeconds(1));
        take();
        take();

        assertNextCallAfter(400_000_000);
    }

    @Test
    void theShareFallsIfLessThanTheReserveIsLeft() throws Exception {
        meet429(100, 1);
        answer(5, new RateLimit(100, 5, 1));
        nextWindow();

        // 0.5 - 0.5 * (0.15 - 0.05) + 0.01 * 0.05
        assertNextCallAfter(22_197_558);
    }

    @Test
    void theShareGrowsByThePartOfTheLimitBeyondTheReserve() throws Exception {
        meet429(100, 1);
        answer(5, new RateLimit(100, 65, 1));
        nextWindow();

        // 0.5 + 0.5 * (0.65 - 0.15) + 0.01 * 0.65
        assertNextCallAfter(13_218_770);
    }

    @Test
    void theShareStaysUntilFiveCallsAreAnswered() throws Exception {
        meet429(100, 1);
        answer(4, new RateLimit(100, 65, 1));
        nextWindow();
        assertNextCallAfter(20_000_000);
        answer(1, new RateLimit(100, 99, 1));
        nextWindow();

        assertNextCallAfter(13_218_770);
    }

    @Test
    void aLateAnswerCountsForTheShare() throws Exception {
        meet429(100, 1);
        RateBudget.Ticket late = take();
        answer(3, new RateLimit(100, 99, 1));
        nextWindow();
        budget.release(late, new RateLimit(100, 65, 1));
        answer(1, new RateLimit(100, 99, 1));
        nextWindow();

        assertNextCallAfter(13_218_770);
    }

    @Test
    void callsAreNoLongerSpreadAfterEightWindowsInWhichMostCallsAreLeft() throws Exception {
        meet429(500, 30);
        for (int i = 0; i < 8 * 5; i++) {
            RateBudget.Ticket call = take(Duration.ofMillis(12_010));
            assertThat(call.waited()).isZero();
            budget.release(call, new RateLimit(500, 400, 60));
        }
        budget.release(take(Duration.ofMillis(12_010)), new RateLimit(500, 499, 60));

        for (int i = 0; i < 499; i++) {
            assertThat(take().waited()).isZero();
        }
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void callsAreNotSpreadWithoutA429() throws Exception {
        for (int i = 0; i < 6; i++) {
            budget.release(take(), new RateLimit(10, 5 - i, 1));
        }
        pass(Duration.ofMillis(1_050));
        budget.release(take(), new RateLimit(10, 9, 1));

        for (int i = 0; i < 9; i++) {
            assertThat(take().waited()).isZero();
        }
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void callsAreNoLongerSpreadIfNoAnswerReportsALimit() throws Exception {
        meet429(100, 1);
        answer(5, RateLimit.UNKNOWN);
        nextWindow();

        for (int i = 0; i < 90; i++) {
            assertThat(take().waited()).isZero();
        }
    }

    @Test
    void spreadCallsDoNotWaitForAnAnswer() throws Exception {
        meet429(100, 1);
        take();
        take();

        assertNextCallAfter(20_000_000);
    }

    @Test
    void spreadCallsGoOnWhenTheServersWindowIsNew() throws Exception {
        meet429(100, 1);
        RateBudget.Ticket first = take();
        RateBudget.Ticket second = take();
        budget.release(first, new RateLimit(100, 0, 1));
        budget.release(second, new RateLimit(100, 98, 1));

        assertThat(take(Duration.ofMillis(20)).waited()).isZero();
    }

    @Test
    void anAnswerAfterA429LetsNoCallsPass() throws Exception {
        meet429(100, 1);
        RateBudget.Ticket first = take();
        RateBudget.Ticket second = take();
        budget.release(first, new RateLimit(100, 0, 1));
        budget.exhausted(1_000);
        budget.release(second, new RateLimit(100, 98, 1));
        pass(Duration.ofMillis(25));
        CompletableFuture<RateBudget.Ticket> waiting = takeLater();
        assertThat(waiting).isNotDone();

        pass(Duration.ofSeconds(1));

        assertThat(waiting.get(30, TimeUnit.SECONDS).waited()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void oneOfTheSpreadCallsLooksWhetherItsTimeHasCome() throws Exception {
        meet429(500, 1);
        take();
        take();
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        takeLater(() -> first.incrementAndGet() > 10_000);
        takeLater(() -> second.incrementAndGet() > 10_000);

        // the next call passes after 4 ms, but no time passes
        await().atMost(Duration.ofSeconds(60)).until(() -> first.get() + second.get() > 60);

        assertThat(Math.min(first.get(), second.get())).isLessThan(20);
    }

    @Test
    void aSpreadCallThatPassesWakesUpTheNextOne() throws Exception {
        meet429(500, 1);
        take();
        take();
        List<CompletableFuture<RateBudget.Ticket>> waiting = List.of(takeLater(), takeLater(), takeLater());

        for (int passed = 1; passed <= 3; passed++) {
            int all = passed;
            pass(Duration.ofMillis(4));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> waiting.stream().filter(CompletableFuture::isDone).count() == all);
        }
    }

    @Test
    void theShareIsAtLeastOneCallPerWindow() throws Exception {
        meet429(10, 30);
        budget.release(take(), new RateLimit(10, 9, 1));
        take();

        assertNextCallAfter(1_000_000_000);
    }

    @Test
    void anInstanceBesideOthersThatTakeAllKeepsAHundredth() throws Exception {
        meet429(400, 30);
        budget.release(take(), new RateLimit(400, 399, 1));
        take();

        assertNextCallAfter(250_000_000);
    }

    @Test
    void aLimitThatFallsStopsCallsForOneWindowAtMost() throws Exception {
        meet429(100, 30);
        budget.release(take(), new RateLimit(2, 2, 1));
        take();

        assertNextCallAfter(1_000_000_000);
    }

    @Test
    void a429WithoutALimitDoesNotSpreadCalls() throws Exception {
        for (int i = 0; i < 3; i++) {
            take();
            budget.exhausted(1_000);
            pass(Duration.ofSeconds(1));
        }

        for (int i = 0; i < 1_000; i++) {
            assertThat(take(Duration.ofNanos(100)).waited()).isZero();
        }
    }

    @Test
    void withoutALimitTheSmallestNumberOfCallsLeftCountsAfterA429() throws Exception {
        budget.release(take(), new RateLimit(null, 0, 1));
        budget.exhausted(1_000);
        pass(Duration.ofSeconds(1));
        RateBudget.Ticket first = take();
        RateBudget.Ticket second = take();
        budget.release(first, new RateLimit(null, 1, 1));
        budget.release(second, new RateLimit(null, 40, 1));

        assertThat(takeLater()).isNotDone();
    }

    @Test
    void spreadCallsOfALongWindowAreNotRefused() throws Exception {
        meet429(100, 1);
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            budget.release(take(), new RateLimit(100, 90, 180));
            take();

            assertNextCallAfter(2_400_000_000L);
            assertThat(log.lines()).isEmpty();
        }
    }

    /** Windows of one second in which a call is answered 429. */
    private void meet429(int limit, int windows) throws Exception {
        for (int i = 0; i < windows; i++) {
            budget.release(take(), new RateLimit(limit, 0, 1));
            budget.exhausted(1_000);
            pass(Duration.ofSeconds(1));
        }
    }

    private void answer(int calls, RateLimit rate) throws Exception {
        for (int i = 0; i < calls; i++) {
            budget.release(take(Duration.ofMillis(25)), rate);
        }
    }

    /** Takes the first two calls of the next window. The first one comes late, so the second one passes at once. */
    private void nextWindow() throws Exception {
        take(Duration.ofMillis(1_100));
        take();
    }

    /** The test has taken the first two calls of the window. */
    private void assertNextCallAfter(long nanos) throws Exception {
        CompletableFuture<RateBudget.Ticket> waiting = takeLater();
        assertThat(waiting).isNotDone();
        pass(Duration.ofNanos(nanos - 1));
        await().during(Duration.ofMillis(500)).until(() -> !waiting.isDone());
        pass(Duration.ofNanos(1));
        assertThat(waiting.get(30, TimeUnit.SECONDS).waited()).isEqualTo(Duration.ofNanos(nanos));
    }

    private RateBudget.Ticket take(Duration later) throws Exception {
        pass(later);
        return take();
    }
}
