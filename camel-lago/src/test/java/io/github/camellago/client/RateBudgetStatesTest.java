package io.github.camellago.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.camellago.LogCapture;
import io.github.camellago.api.RateLimit;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.logging.log4j.Level;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A rate budget by the answers it sees, with a clock that the test sets. */
class RateBudgetStatesTest extends RateBudgetTestSupport {

    private static final RateLimit NONE_LEFT = new RateLimit(50, 0, 1);

    @Test
    void doesNotWaitBeforeALimitIsKnown() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            assertThat(take().waited()).isZero();
        }
    }

    @Test
    void waitsForTheNextWindowIfNoCallsAreLeft() throws Exception {
        budget.release(take(), NONE_LEFT);

        CompletableFuture<RateBudget.Ticket> waiting = takeLater();
        assertThat(waiting).isNotDone();
        pass(Duration.ofMillis(1_100));

        assertThat(waiting.get(30, TimeUnit.SECONDS).waited()).isEqualTo(Duration.ofMillis(1_100));
    }

    @Test
    void subtractsCallsInFlight() throws Exception {
        RateBudget.Ticket first = take();
        take();
        take();
        budget.release(first, new RateLimit(50, 3, 1));

        assertThat(take().waited()).isZero();
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void doesNotWaitForAProbeAfterAnUnusedWindow() throws Exception {
        budget.release(take(), NONE_LEFT);
        pass(Duration.ofMillis(2_500));

        for (int i = 0; i < 50; i++) {
            assertThat(take().waited()).isZero();
        }
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void aProbeWithoutAResponseDelaysOthersForOneWindowAtMost() throws Exception {
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
    void callsToAServerThatIsSlowerThanAWindowUseTheWholeLimit() throws Exception {
        budget.release(take(), NONE_LEFT);
        pass(Duration.ofMillis(1_100));
        take();
        pass(Duration.ofMillis(1_000));

        for (int i = 0; i < 49; i++) {
            assertThat(takeLater().get(30, TimeUnit.SECONDS).waited()).isZero();
        }
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void ignoresALateResponseOfAnEarlierWindow() throws Exception {
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
    void forgetsUnusedKeys() throws Exception {
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

    @Test
    void looksForUnusedKeysWhenTheNumberOfUsedKeysHasDoubled() throws Exception {
        RateBudgets budgets = new RateBudgets(now::get);
        for (RateBudget used : create(budgets, "used", 1_000)) {
            used.acquire(() -> false);
        }
        List<RateBudget> others = create(budgets, "other", 1_000);
        assertThat(budgets.size()).isEqualTo(2_000);

        create(budgets, "another", 1);
        assertThat(budgets.size()).as("used keys and another one").isEqualTo(1_001);
        assertThat(budgets.of("http://lago", "other-0", RateLimitGroup.OTHER)).isNotSameAs(others.get(0));
    }

    @Test
    void aThousandKeysAreKept() {
        RateBudgets budgets = new RateBudgets(now::get);
        create(budgets, "first", 1_000);
        assertThat(budgets.size()).isEqualTo(1_000);
        create(budgets, "second", 1_000);
        assertThat(budgets.size()).isEqualTo(1_000);
        create(budgets, "third", 1);
        assertThat(budgets.size()).isEqualTo(1);
    }

    @Test
    void anAnswerWithoutALimitLetsAnotherProbeGo() throws Exception {
        budget.release(take(), NONE_LEFT);
        pass(Duration.ofMillis(1_100));
        RateBudget.Ticket probe = take();
        CompletableFuture<RateBudget.Ticket> second = takeLater();
        assertThat(second).isNotDone();

        budget.release(probe, RateLimit.UNKNOWN);

        assertThat(second.get(30, TimeUnit.SECONDS).waited()).isZero();
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void anAnswerWithoutALimitChangesNothingInAKnownWindow() throws Exception {
        budget.release(take(), new RateLimit(50, 1, 1));
        budget.release(take(), RateLimit.UNKNOWN);

        assertThat(takeLater()).isNotDone();
    }

    @Test
    void theSmallestNumberOfCallsThatAWindowHasLeftCounts() throws Exception {
        RateBudget.Ticket first = take();
        RateBudget.Ticket second = take();
        budget.release(first, new RateLimit(50, 3, 5));
        budget.release(second, new RateLimit(50, 40, 5));

        take();
        take();
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void theEarliestEndOfAWindowCounts() throws Exception {
        RateBudget.Ticket first = take();
        RateBudget.Ticket second = take();
        RateBudget.Ticket third = take();
        budget.release(first, new RateLimit(50, 0, 3));
        pass(Duration.ofMillis(500));
        budget.release(second, new RateLimit(50, 0, 1));
        budget.release(third, new RateLimit(50, 0, 3));
        CompletableFuture<RateBudget.Ticket> waiting = takeLater();

        pass(Duration.ofMillis(1_040));
        await().during(Duration.ofMillis(500)).until(() -> !waiting.isDone());
        pass(Duration.ofMillis(10));

        assertThat(waiting.get(30, TimeUnit.SECONDS).waited()).isEqualTo(Duration.ofMillis(1_050));
    }

    @Test
    void aWindowWithoutAnEndLastsASecond() throws Exception {
        budget.release(take(), new RateLimit(50, 0, null));
        CompletableFuture<RateBudget.Ticket> waiting = takeLater();

        pass(Duration.ofMillis(1_050));

        assertThat(waiting.get(30, TimeUnit.SECONDS).waited()).isEqualTo(Duration.ofMillis(1_050));
    }

    @Test
    void oneInAHundredCallsOfANewWindowGoesFirst() throws Exception {
        budget.release(take(), new RateLimit(500, 0, 1));
        pass(Duration.ofMillis(1_100));

        for (int i = 0; i < 5; i++) {
            assertThat(take().waited()).isZero();
        }
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void callsInFlightCountInAWindowAfterAnUnusedOne() throws Exception {
        RateBudget.Ticket first = take();
        take();
        take();
        budget.release(first, new RateLimit(10, 0, 1));
        pass(Duration.ofMillis(2_050));

        for (int i = 0; i < 8; i++) {
            assertThat(take().waited()).isZero();
        }
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void aWindowIsUsedUntilAWholeWindowHasPassed() throws Exception {
        budget.release(take(), new RateLimit(10, 0, 1));
        pass(Duration.ofMillis(2_049));

        assertThat(take().waited()).isZero();
        assertThat(takeLater()).isNotDone();
    }

    @Test
    void a429StopsAllCallsUntilItsEnd() throws Exception {
        take();
        budget.exhausted(30_000);
        CompletableFuture<RateBudget.Ticket> waiting = takeLater();
        assertThat(waiting).isNotDone();

        pass(Duration.ofSeconds(30));

        assertThat(waiting.get(30, TimeUnit.SECONDS).waited()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void anAnswerToAnEarlierCallDoesNotShortenTheWaitAfterA429() throws Exception {
        RateBudget.Ticket first = take();
        budget.release(take(), RateLimit.UNKNOWN);
        budget.exhausted(30_000);
        budget.release(first, new RateLimit(50, 49, 1));
        pass(Duration.ofMillis(1_100));
        CompletableFuture<RateBudget.Ticket> waiting = takeLater();
        assertThat(waiting).isNotDone();

        pass(Duration.ofMillis(28_900));

        assertThat(waiting.get(30, TimeUnit.SECONDS).waited()).isEqualTo(Duration.ofMillis(28_900));
    }

    @Test
    void aWindowOfMoreThanTwoMinutesIsLookedAtAgainAfterTwoMinutes() throws Exception {
        budget.exhausted(Duration.ofMinutes(3).toMillis());
        pass(Duration.ofMinutes(1));
        CompletableFuture<RateBudget.Ticket> waiting = takeLater();
        assertThat(waiting).isNotDone();

        pass(Duration.ofMinutes(1));

        assertThat(waiting.get(30, TimeUnit.SECONDS).waited()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aWaitEndsWhenTheClientStops() throws Exception {
        budget.release(take(), NONE_LEFT);

        assertThat(budget.acquire(() -> true).waited()).isZero();
    }

    @Test
    void aBudgetIsIdleAfterAnUnusedWindow() throws Exception {
        assertThat(budget.isIdle()).isTrue();
        RateBudget.Ticket call = take();
        assertThat(budget.isIdle()).isFalse();
        budget.release(call, NONE_LEFT);
        assertThat(budget.isIdle()).isFalse();
        pass(Duration.ofMillis(2_049));
        assertThat(budget.isIdle()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(budget.isIdle()).isTrue();
        assertThat(takeLater().get(30, TimeUnit.SECONDS).waited()).isZero();
    }

    @Test
    void aLongWaitIsLoggedOnce() throws Exception {
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            budget.exhausted(9_999);
            assertThat(log.lines()).isEmpty();
            budget.exhausted(10_000);
            assertThat(log.lines()).singleElement(InstanceOfAssertFactories.STRING)
                    .contains("Lago's rate limit for calls at a test is exhausted. No calls are sent for 10 s");
            takeLater();
            takeLater();

            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void aLongWaitThatASuccessAnnouncesIsLogged() throws Exception {
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            budget.release(take(), new RateLimit(50, 0, 30));
            assertThat(log.lines()).as("nobody waits").isEmpty();
            takeLater();

            assertThat(log.lines()).singleElement(InstanceOfAssertFactories.STRING).contains("No calls are sent for 30 s");
        }
    }

    @Test
    void theNextWindowIsAsLongAsTheLastOne() throws Exception {
        budget.release(take(), new RateLimit(50, 0, 5));
        pass(Duration.ofMillis(5_050));
        take();
        CompletableFuture<RateBudget.Ticket> second = takeLater();
        pass(Duration.ofMillis(4_999));
        await().during(Duration.ofMillis(500)).until(() -> !second.isDone());

        pass(Duration.ofMillis(1));

        assertThat(second.get(30, TimeUnit.SECONDS).waited()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aKeyIsNamedByItsDigest() {
        assertThat(RateBudgets.fingerprint("secret")).isEqualTo("2bb80d537b1da3e3")
                .isNotEqualTo(RateBudgets.fingerprint("other"));
    }

    @Test
    void eachLimitHasABudgetOfItsOwn() {
        RateBudgets budgets = new RateBudgets(now::get);
        RateBudget events = budgets.of("http://lago", "key", RateLimitGroup.EVENTS);

        assertThat(budgets.of("http://lago", "key", RateLimitGroup.EVENTS)).isSameAs(events);
        assertThat(budgets.of("http://lago", "key", RateLimitGroup.OTHER)).isNotSameAs(events);
        assertThat(budgets.of("http://lago", "other", RateLimitGroup.EVENTS)).isNotSameAs(events);
        assertThat(budgets.of("http://other", "key", RateLimitGroup.EVENTS)).isNotSameAs(events);
        assertThat(budgets.size()).isEqualTo(4);
    }

    private static List<RateBudget> create(RateBudgets budgets, String key, int count) {
        return IntStream.range(0, count).mapToObj(i -> budgets.of("http://lago", key + "-" + i, RateLimitGroup.OTHER)).toList();
    }
}
