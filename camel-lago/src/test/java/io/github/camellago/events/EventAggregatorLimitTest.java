package io.github.camellago.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.test.RateLimits;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** With {@code batchInterval}, batches that are not full are sent early, but only while most of the rate limit is left. */
class EventAggregatorLimitTest extends RouteTestSupport {

    private static final String COLLECT = "lago:events?batchInterval=1h";

    @Test
    void eachBatchCarriesAnEqualShareOfTheEvents() throws Exception {
        Semaphore arrived = new Semaphore(0);
        List<CountDownLatch> answers = List.of(new CountDownLatch(1), new CountDownLatch(1));
        for (int i = 0; i < 2; i++) {
            CountDownLatch answer = answers.get(i);
            sandbox.faults().on("POST", "/events/batch").whenBody(body -> body.contains("t-" + answers.indexOf(answer) + "\""))
                    .when(request -> held(arrived, answer)).delay(Duration.ZERO);
        }
        String uri = COLLECT + "&concurrentBatches=2";
        List<CompletableFuture<Exchange>> messages = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            messages.add(async(uri, event("t-" + i)));
            assertThat(arrived.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }
        IntStream.range(2, 9).forEach(i -> messages.add(async(uri, event("t-" + i))));

        answers.get(1).countDown();
        await().until(() -> sandbox.eventCount() > 1);
        answers.get(0).countDown();

        for (CompletableFuture<Exchange> each : messages) {
            assertThat(each.get(60, TimeUnit.SECONDS).getException()).isNull();
        }
        // the message of the second event may have completed or not
        assertThat(batchWith("t-2")).isIn(4, 5);
    }

    @Test
    void collectsEventsWhenHalfOfTheLimitIsUsed() throws Exception {
        sandbox.rateLimits(new RateLimits(10, 0, 0, Duration.ofDays(10_000), true));
        for (int i = 0; i < 6; i++) {
            sent(COLLECT + "&batchSize=2", event("t-" + i));
        }

        for (int i = 6; i < 12; i += 2) {
            CompletableFuture<Exchange> one = async(COLLECT + "&batchSize=2", event("t-" + i));
            sent(COLLECT + "&batchSize=2", event("t-" + (i + 1)));
            assertThat(one.get(60, TimeUnit.SECONDS).getException()).isNull();
        }

        assertThat(batchSizes()).containsExactly(1, 1, 1, 1, 1, 1, 2, 2, 2);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void sendsAtOnceAgainInTheNextWindow() throws Exception {
        sandbox.rateLimits(RateLimits.perSecond(4, 0, 0));

        for (int i = 0; i < 8; i++) {
            sent(COLLECT, event("t-" + i));
        }

        assertThat(sandbox.eventCount()).isEqualTo(8);
    }

    private CompletableFuture<Exchange> async(String uri, Object body) {
        return template.asyncSend(uri, exchange -> exchange.getMessage().setBody(body));
    }

    private static boolean held(Semaphore arrived, CountDownLatch answer) {
        arrived.release();
        try {
            return answer.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private int batchWith(String transactionId) throws Exception {
        var request = sandbox.requests().stream().filter(r -> r.body().contains(transactionId)).findFirst().orElseThrow();
        return new ObjectMapper().readTree(request.body()).path("events").size();
    }

    private List<Integer> batchSizes() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        for (var request : sandbox.requests()) {
            sizes.add(new ObjectMapper().readTree(request.body()).path("events").size());
        }
        return sizes;
    }
}
