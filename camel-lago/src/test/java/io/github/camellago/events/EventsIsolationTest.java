package io.github.camellago.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.RejectedEvent;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Events that share a transaction_id, that the server fails on for ever, or that are too large: each is resolved without harm to the others. */
class EventsIsolationTest extends RouteTestSupport {

    private static final String FAST = "&maxRetries=1";

    @Test
    void sendsOneTransactionIdForSeveralSubscriptions() throws Exception {
        LagoEventsReport report = sent("lago:events", shared(100, 3)).getMessage().getBody(LagoEventsReport.class);

        assertThat(report.accepted()).isEqualTo(300);
        assertThat(report.duplicate()).isZero();
        assertThat(sandbox.eventCount()).isEqualTo(300);
        assertThat(sandbox.requests()).hasSize(3).allSatisfy(r -> assertThat(ids(r.body())).doesNotHaveDuplicates());
    }

    @Test
    void sendsOneTransactionIdForManySubscriptions() throws Exception {
        LagoEventsReport report = sent("lago:events", shared(5, 400).iterator()).getMessage().getBody(LagoEventsReport.class);

        assertThat(report.accepted()).isEqualTo(2_000);
        assertThat(sandbox.requests()).allSatisfy(r -> assertThat(ids(r.body())).doesNotHaveDuplicates());
    }

    @Test
    void sendsOneTransactionIdForSeveralSubscriptionsWithBatchInterval() throws Exception {
        List<CompletableFuture<Exchange>> messages = shared(20, 3).stream().map(event -> template
                .asyncSend("lago:events?batchInterval=100", e -> e.getMessage().setBody(event))).toList();
        for (CompletableFuture<Exchange> message : messages) {
            assertThat(message.get(60, TimeUnit.SECONDS).getMessage().getHeader("CamelLagoEventsAccepted")).isEqualTo(1L);
        }

        assertThat(sandbox.eventCount()).isEqualTo(60);
        assertThat(sandbox.requests()).allSatisfy(r -> assertThat(ids(r.body())).doesNotHaveDuplicates());
    }

    static Stream<Set<Integer>> poison() {
        return Stream.of(Set.of(0), Set.of(99), Set.of(50), Set.of(0, 1), Set.of(0, 50, 99),
                IntStream.range(0, 30).boxed().collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("poison")
    void rejectsTheEventsOnWhichTheServerAlwaysFails(Set<Integer> poison) throws Exception {
        sandbox.faults().on("POST", "/events/batch").whenBody(b -> b.contains("poison")).status(500);

        LagoEventsReport report = sent("lago:events?onRejected=report" + FAST, poisoned(100, poison)).getMessage()
                .getBody(LagoEventsReport.class);

        assertThat(report.accepted()).isEqualTo(100 - poison.size());
        assertThat(report.rejected().stream().map(r -> (int) r.index()).collect(Collectors.toSet())).isEqualTo(poison);
        assertThat(report.rejected()).allSatisfy(r -> assertThat(r.describe()).contains("500"));
        assertThat(sandbox.eventCount()).isEqualTo(100 - poison.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7})
    void rejectsNoEventThatTheServerAcceptsInTheEnd(int failures) throws Exception {
        sandbox.faults().on("POST", "/events/batch").whenBody(b -> b.contains("poison")).times(failures).status(500);

        LagoEventsReport report = sent("lago:events?onRejected=report" + FAST, poisoned(10, Set.of(0))).getMessage()
                .getBody(LagoEventsReport.class);

        assertThat(report.accepted()).isEqualTo(10);
        assertThat(sandbox.eventCount()).isEqualTo(10);
    }

    @Test
    void rejectsThePoisonInALaterBatchOfAStream() throws Exception {
        sandbox.faults().on("POST", "/events/batch").whenBody(b -> b.contains("poison")).status(500);

        LagoEventsReport report = sent("lago:events?onRejected=report&concurrentBatches=1" + FAST,
                poisoned(1_001, Set.of(1_000)).iterator()).getMessage().getBody(LagoEventsReport.class);

        assertThat(report.rejected()).extracting(RejectedEvent::index).containsExactly(1_000L);
        assertThat(sandbox.eventCount()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 400})
    void rejectsNothingInAnOutage(int events) {
        sandbox.faults().on("POST", "/events/*").status(500);
        sandbox.faults().on("POST", "/events").status(500);

        Exchange exchange = send("lago:events?onRejected=report" + FAST, poisoned(events, Set.of()));

        assertThat(exchange.getException()).isInstanceOf(LagoServerException.class);
        assertThat(exchange.getMessage().getHeader("CamelLagoEventsRejected")).isEqualTo(0L);
        assertThat((List<?>) exchange.getMessage().getBody()).hasSize(events);
        int batches = (events + 99) / 100;
        assertThat(sandbox.requestCount()).isLessThanOrEqualTo(16 * batches);
        sandbox.faults().clear();
        sentAll(exchange.getMessage().getBody());
        assertThat(sandbox.eventCount()).isEqualTo(events);
    }

    @Test
    void rejectsNothingIfTheServerFailsInMidIsolation() {
        sandbox.faults().on("POST", "/events/batch").whenBody(b -> b.contains("poison")).status(500);
        sandbox.faults().on("POST", "/events/batch").nth(5).times(1_000).status(500);

        Exchange exchange = send("lago:events?onRejected=report" + FAST, poisoned(100, Set.of(70)));

        assertThat(exchange.getException()).isInstanceOf(LagoServerException.class);
        assertThat(exchange.getMessage().getHeader("CamelLagoEventsRejected")).isEqualTo(0L);
        sandbox.faults().clear();
        sentAll(exchange.getMessage().getBody());
        assertThat(sandbox.eventCount()).isEqualTo(100);
    }

    @Test
    void rejectsASingleEventOnWhichTheServerAlwaysFailsAfterOthersWereStored() throws Exception {
        sandbox.faults().on("POST", "/events").whenBody(b -> b.contains("poison")).status(500);
        sent("lago:events?onRejected=report" + FAST, event("t-1"));

        Exchange exchange = sent("lago:events?onRejected=report" + FAST, poisoned(1, Set.of(0)).get(0));

        assertThat(exchange.getMessage().getHeader("CamelLagoEventsRejected")).isEqualTo(1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:events?onRejected=report", "lago:events?onRejected=report&batchInterval=10"})
    void rejectsASingleEventThatIsTooLargeAfterRetries(String uri) throws Exception {
        sandbox.faults().on("POST", "/events*").whenBody(b -> b.contains("poison")).status(413);
        sandbox.faults().on("POST", "/events/batch").whenBody(b -> b.contains("poison")).html(413);

        Exchange exchange = sent(uri + FAST, poisoned(1, Set.of(0)).get(0));

        LagoEventsReport report = exchange.getMessage().getBody(LagoEventsReport.class);
        assertThat(report.rejected()).singleElement().satisfies(r -> assertThat(r.describe()).contains("too large"));
        assertThat(sandbox.statusCount(413)).isEqualTo(2);
    }

    @Test
    void triesASingleEventAgainThatWasTooLarge() throws Exception {
        sandbox.faults().on("POST", "/events").times(1).html(413);

        assertThat(sent("lago:events?maxRetries=1", event("t-1")).getMessage().getHeader("CamelLagoEventsAccepted"))
                .isEqualTo(1L);
    }

    @Test
    void rejectsNothingIfEvenTheSmallestRequestIsTooLarge() {
        sandbox.faults().on("POST", "/events/batch").html(413);

        Exchange exchange = send("lago:events?onRejected=report" + FAST, poisoned(100, Set.of()));

        assertThat(exchange.getException()).isInstanceOf(LagoException.class);
        assertThat((List<?>) exchange.getMessage().getBody()).hasSize(100);
        assertThat(sandbox.requestCount()).isLessThan(15);
    }

    private void sentAll(Object events) {
        Exchange exchange = send("lago:events", events);
        assertThat(exchange.getException()).isNull();
    }

    private static List<Map<String, Object>> shared(int ids, int subscriptions) {
        List<Map<String, Object>> events = new ArrayList<>();
        for (int i = 0; i < ids * subscriptions; i++) {
            Map<String, Object> event = new HashMap<>(event("t-" + i / subscriptions));
            event.put("external_subscription_id", "sub-" + i % subscriptions);
            events.add(event);
        }
        return events;
    }

    private static List<Map<String, Object>> poisoned(int count, Set<Integer> poison) {
        return IntStream.range(0, count).<Map<String, Object>>mapToObj(i -> {
            Map<String, Object> event = new HashMap<>(event("t-" + i));
            event.put("properties", Map.of("text", new TreeSet<>(poison).contains(i) ? "poison" : "good"));
            return event;
        }).toList();
    }

    private static List<String> ids(String body) {
        List<String> ids = new ArrayList<>();
        for (String part : body.split("\"transaction_id\":\"")) {
            ids.add(part.substring(0, part.indexOf('"')));
        }
        return ids.subList(1, ids.size());
    }
}
