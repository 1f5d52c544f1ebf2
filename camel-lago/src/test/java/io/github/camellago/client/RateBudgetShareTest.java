package io.github.camellago.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.camellago.LogCapture;
import io.github.camellago.api.RateLimit;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A rate budget after a 429, which shows that others use the same limit. */
class RateBudgetShareTest extends RateBudgetTestSupport {

    @Test
    void a429SpreadsTheCallsOfTheNextWindow() throws Exception {
        meet429(10, 1);
        budget.release(take(), new RateLimit(10, 9, 1));
        take();

        assertNextCallAfter(133_333_333);
        assertNextCallAfter(133_333_333);
    }

    @Test
    void theShareFallsIfHardlyAnyCallsAreLeft() throws Exception {
        meet429(100, 1);
        budget.release(take(), new RateLimit(100, 50, 1));
        take();

        assertNextCallAfter(13_333_333);
        budget.release(take(Duration.ofMillis(14)), new RateLimit(100, 5, 1));
        pass(Duration.ofMillis(1_050));
        budget.release(take(), new RateLimit(100, 99, 1));
        take();

        assertNextCallAfter(17_777_777);
    }

    @Test
    void theShareGrowsByAHundredthOfTheCallsLeft() throws Exception {
        meet429(100, 1);
        budget.release(take(), new RateLimit(100, 6, 1));
        pass(Duration.ofMillis(1_050));
        budget.release(take(), new RateLimit(100, 99, 1));
        take();

        assertNextCallAfter(13_322_675);
    }

    @Test
    void callsAreNoLongerSpreadWhenTheShareIsTheWholeLimit() throws Exception {
        meet429(100, 1);
        for (int i = 0; i < 26; i++) {
            budget.release(take(), new RateLimit(100, 98, 1));
            pass(Duration.ofMillis(1_050));
        }
        budget.release(take(), new RateLimit(100, 98, 1));

        for (int i = 0; i < 98; i++) {
            assertThat(take().waited()).isZero();
        }
        assertThat(takeLater()).isNotDone();
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
            assertThat(take(Duration.ofNanos(1)).waited()).isZero();
        }
    }

    @Test
    void spreadCallsOfALongWindowAreNotRefused() throws Exception {
        meet429(100, 1);
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            budget.release(take(), new RateLimit(100, 90, 180));
            take();

            assertNextCallAfter(1_600_000_000);
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

    /** The first call in a window comes late, so the second one passes at once. The test has taken both. */
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
