package io.github.camellago.events;

import java.util.List;

import io.github.camellago.LogCapture;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.test.Fault;
import org.apache.logging.log4j.Level;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What {@code batchInterval} does with events while a proxy answers in Lago's place. */
class EventAggregatorProxyTest extends RouteTestSupport {

    @ParameterizedTest
    @ValueSource(strings = {"<html>oops</html>", "{\"message\":\"Bad gateway config\"}", "{\"status\":500}", "{}", "[]", "",
            "{\"events\":[]}"})
    void keepsEventsWhileAProxyAnswers(String body) throws Exception {
        for (int status : List.of(200, 400, 408, 413, 422, 425, 507, 520)) {
            sandbox.reset();
            sandbox.faults().on("POST", "/events*").times(12).status(status).body(body, "application/json");
            sandbox.faults().on("POST", "/events/batch").times(12).status(status).body(body, "application/json");
            for (int i = 0; i < 30; i++) {
                sent("lago:events?acknowledge=received&batchInterval=10ms&maxRetries=1&maxRetryDelay=5", event("t-" + i));
            }
            await().untilAsserted(() -> assertThat(sandbox.eventCount()).as(status + " " + body).isEqualTo(30));
        }
    }

    @Test
    void keepsASingleEventWhileAProxyFindsEverythingTooLarge() throws Exception {
        Fault proxy = sandbox.faults().on("POST", "/events*").html(413);
        Fault batches = sandbox.faults().on("POST", "/events/batch").html(413);
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            sent("lago:events?acknowledge=received&batchInterval=1&maxRetries=0&maxRetryDelay=5", event("t-1"));
            await().until(() -> proxy.fired() + batches.fired() > 10);
            assertThat(log.lines()).noneMatch(line -> line.contains("rejected an event"));
        }
        sandbox.faults().clear();

        await().until(() -> sandbox.eventCount() == 1);
    }

    @Test
    void logsASingleEventThatIsTooLarge() throws Exception {
        sandbox.faults().on("POST", "/events/batch").whenBody(body -> body.contains("t-1")).html(413);
        try (LogCapture log = LogCapture.from(Level.ERROR)) {
            sent("lago:events?acknowledge=received&batchInterval=1&maxRetries=0&maxRetryDelay=5", event("t-1"));

            await().untilAsserted(() -> assertThat(log.lines()).singleElement(InstanceOfAssertFactories.STRING)
                    .contains("Lago rejected an event").contains("it is too large for the server (413)")
                    .contains("\"transaction_id\":\"t-1\""));
        }
    }
}
