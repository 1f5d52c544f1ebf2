package io.github.camellago.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.camellago.Acknowledge;
import io.github.camellago.LogCapture;
import org.apache.logging.log4j.Level;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Events that may be sent earlier than they were to be when they came. */
class EventAggregatorTickTest extends EventAggregatorTestSupport {

    @BeforeEach
    void longInterval() {
        options.setBatchInterval(TimeUnit.HOURS.toMillis(1));
    }

    @Test
    void eventsThatAreTriedAgainDoNotWaitForTheIntervalOfAnother() throws Exception {
        start(Acknowledge.RECEIVED);
        deliveryFailure = new IllegalStateException("down");
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            sendAll("a", "b", "c", "d");
            permits.release();
            await().untilAsserted(() -> assertThat(log.lines()).singleElement(InstanceOfAssertFactories.STRING)
                    .contains("They are tried again in 50 ms"));
        }
        deliveryFailure = null;
        permits.release(2);

        pass(PAUSE);

        await().atMost(Duration.ofSeconds(30)).until(() -> requests.contains(List.of("a", "b", "c")));
    }

    @Test
    void eventsGoEarlyWhenARateLimitThatWasHalfUsedBeginsAgain() throws Exception {
        options.setBatchSize(100);
        start(Acknowledge.DELIVERED);
        List<Sent> first = new ArrayList<>(sendAll("a"));
        inFlight(1);
        first.addAll(sendAll("b"));
        inFlight(2);
        List<Sent> others = sendAll("c", "d", "e", "f", "g");
        permits.release();
        await().until(() -> requests.size() == 1);
        inFlight(2);
        permits.release();
        await().until(() -> first.stream().allMatch(sent -> sent.done().isDone()));
        inFlight(1);
        headers = Map.of("X-RateLimit-Limit", "10", "X-RateLimit-Remaining", "4", "X-RateLimit-Reset", "1");
        permits.release();
        await().until(() -> requests.size() == 3);
        // three or four, as the first message has completed or not
        for (Sent sent : others.subList(0, requests.get(2).size())) {
            sent.get();
        }
        assertThat(others.get(4).done()).isNotDone();
        permits.release(2);

        pass(1_001);

        others.get(4).get();
    }
}
