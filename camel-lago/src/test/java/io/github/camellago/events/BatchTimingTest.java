package io.github.camellago.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.Acknowledge;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.api.RateLimit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** When batches are sent, and with how many events, by a clock that the test sets. */
class BatchTimingTest {

    private static final int INTERVAL = 1_000;
    private static final RateLimit MOST_LEFT = new RateLimit(100, 50, 7);
    private static final RateLimit LITTLE_LEFT = new RateLimit(100, 49, 7);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final LagoConfiguration options = new LagoConfiguration();
    private final BatchTiming timing = new BatchTiming(options, now::get);

    @BeforeEach
    void start() {
        options.setBatchInterval(INTERVAL);
        options.setBatchSize(100);
        options.setConcurrentBatches(4);
        timing.start();
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private int next(int waiting) {
        return timing.next(waiting, now.get());
    }

    private void sent(int... batches) {
        for (int size : batches) {
            timing.sent(size);
        }
    }

    @Test
    void anEventIsSentAtOnceIfNothingIsInFlight() {
        assertThat(next(1)).isEqualTo(1);
        assertThat(next(0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"192,64,64", "192,63,0", "24,8,8", "24,7,0", "3,1,1", "4,1,0", "10,30,10", "0,30,8", "1,400,100", "300,99,0",
            "300,100,100"})
    void anEarlyBatchCarriesAnEqualShareOfTheEventsThatWaitOrAreInFlight(int inFlight, int waiting, int size) {
        sent(inFlight);

        assertThat(next(waiting)).isEqualTo(size);
    }

    @Test
    void messagesThatHaveNotCompletedCountAsTheNextEventsOfTheirSources() {
        sent(64, 64);
        timing.completing(64);
        assertThat(next(63)).isZero();
        assertThat(next(64)).isEqualTo(64);

        for (int i = 0; i < 63; i++) {
            assertThat(timing.completes()).isFalse();
        }
        assertThat(timing.completes()).isTrue();

        assertThat(next(42)).isZero();
        assertThat(next(43)).isEqualTo(43);
    }

    /** Sources that wait for each message send the next one when it completes. */
    @ParameterizedTest
    @CsvSource({"32,8", "256,64", "4,1", "1,1"})
    void sourcesThatWaitKeepAllBatchesInFlight(int sources, int size) {
        Deque<Integer> inFlight = new ArrayDeque<>();
        List<Integer> sizes = new ArrayList<>();
        int waiting = 0;
        int started = 0;
        for (int i = 0; i < 20_000; i++) {
            if (started < sources) {
                started++;
                waiting++;
            }
            for (int next = next(waiting); next > 0; next = next(waiting)) {
                timing.sent(next);
                inFlight.add(next);
                sizes.add(next);
                waiting -= next;
            }
            if (started == sources && !inFlight.isEmpty()) {
                int ended = inFlight.poll();
                timing.ended(ended);
                started -= ended;
            }
        }
        assertThat(sizes.subList(sizes.size() - 100, sizes.size()))
                .allSatisfy(each -> assertThat(each).isBetween(size * 3 / 4, size + 1));
        assertThat(inFlight).hasSizeBetween(Math.min(sources, 4) - 1, 4);
    }

    @Test
    void oneBatchAtATimeCarriesAllEventsThatWait() {
        options.setConcurrentBatches(1);
        assertThat(next(1)).isEqualTo(1);
        sent(1);
        assertThat(next(100)).isZero();

        timing.ended(1);

        assertThat(next(99)).isEqualTo(99);
        assertThat(next(250)).isEqualTo(100);
    }

    @Test
    void noMoreBatchesAreInFlightThanAllowed() {
        sent(1, 1, 1, 1);
        long since = now.get();
        pass(2 * INTERVAL);
        assertThat(timing.next(400, since)).isZero();
        assertThat(timing.nextMillis(400, since)).isZero();

        timing.ended(1);

        assertThat(timing.next(400, since)).isEqualTo(100);
    }

    @Test
    void eventsWaitNoLongerThanTheInterval() {
        sent(90);
        long since = now.get();
        assertThat(timing.nextMillis(5, since)).isEqualTo(INTERVAL);
        pass(INTERVAL - 1);
        assertThat(timing.next(5, since)).isZero();
        assertThat(timing.nextMillis(5, since)).isEqualTo(1);

        pass(1);

        assertThat(timing.next(5, since)).isEqualTo(5);
    }

    @Test
    void messagesThatDoNotWaitFillTheirBatches() {
        options.setAcknowledge(Acknowledge.RECEIVED);

        assertThat(next(99)).isZero();
        assertThat(next(100)).isEqualTo(100);
    }

    @Test
    void noBatchIsSentEarlyIfLessThanHalfOfTheRateLimitIsLeft() {
        sent(1);
        timing.answered(LITTLE_LEFT);
        timing.ended(1);
        assertThat(next(99)).isZero();
        assertThat(next(100)).isEqualTo(100);
        assertThat(timing.nextMillis(99, now.get())).isEqualTo(INTERVAL);
        options.setBatchInterval(60_000);
        assertThat(timing.nextMillis(99, now.get())).isEqualTo(7_001);

        pass(7_000);

        assertThat(next(99)).isEqualTo(25);
        assertThat(timing.nextMillis(24, now.get())).isEqualTo(60_000);
    }

    @Test
    void batchesAreSentEarlyWhileHalfOfTheRateLimitIsLeft() {
        sent(1);
        timing.answered(MOST_LEFT);
        timing.ended(1);

        assertThat(next(1)).isEqualTo(1);
    }

    @Test
    void nothingIsSentInAPause() {
        long since = now.get();
        timing.pause(3_000);
        pass(2_999);
        assertThat(timing.next(100, since)).isZero();
        assertThat(timing.nextMillis(100, since)).isEqualTo(1);

        pass(1);

        assertThat(timing.next(100, since)).isEqualTo(100);
    }

    @Test
    void aFullBatchWaitsForTheEndOfAPauseOnly() {
        timing.pause(10);

        assertThat(timing.nextMillis(100, now.get())).isEqualTo(10);
        assertThat(timing.nextMillis(99, now.get())).isEqualTo(INTERVAL);
    }

    @Test
    void aStopSendsWhatWaitsAtOnce() {
        sent(300);
        timing.pause(3_000);
        assertThat(next(1)).isZero();

        timing.sendAtOnce();

        assertThat(timing.isAtOnce()).isTrue();
        assertThat(next(1)).isEqualTo(1);
        assertThat(next(101)).isEqualTo(100);
        assertThat(timing.nextMillis(1, now.get())).isZero();
        timing.start();
        assertThat(timing.isAtOnce()).isFalse();
    }
}
