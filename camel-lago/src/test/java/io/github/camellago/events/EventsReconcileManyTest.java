package io.github.camellago.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.ReconciledEvent;
import io.github.camellago.api.RejectedEvent;
import io.github.camellago.test.SandboxRequest;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The operation reconcile with many events: which of Lago's lists are read, and what happens if a list moves or a call fails. */
class EventsReconcileManyTest extends ReconcileTestSupport {

    @Test
    void readsTheListOfTheWindowInPlaceOfOneGetPerEvent() throws Exception {
        List<Map<String, Object>> events = events(4_500);
        sandbox.addAll("events", events);

        assertCounts(sent(RECONCILE, events.iterator()), 4_500, 0, 0);

        assertThat(sandbox.requests()).hasSizeLessThan(12).allSatisfy(r -> assertThat(r.path()).endsWith("/events"));
    }

    @Test
    void readsTheListsOfSubscriptionsOrSingleEventsIfTheWindowHasManyOthers() throws Exception {
        List<Map<String, Object>> events = events(40);
        sandbox.addAll("events", events);
        sandbox.addAll("events",
                IntStream.range(0, 8_000).mapToObj(i -> Map.of("transaction_id", "x-" + i, "external_subscription_id",
                        "others", "code", "api_calls", "timestamp", START + 39)).toList());

        assertCounts(sent(RECONCILE, events), 40, 0, 0);

        // a page of all, and of each of the four subscriptions
        assertThat(sandbox.requests()).hasSize(5);
        sandbox.addAll("events",
                IntStream.range(0, 60_000).mapToObj(i -> Map.of("transaction_id", "y-" + i, "external_subscription_id",
                        "sub-" + i % 4, "code", "code-" + i % 10, "timestamp", START + i % 40)).toList());
        long before = sandbox.requestCount();

        assertCounts(sent(RECONCILE, events), 40, 0, 0);

        assertThat(sandbox.requestCount() - before).isLessThanOrEqualTo(45);
    }

    @Test
    void aListThatMovesOrLosesAPageHidesNothing() throws Exception {
        List<Map<String, Object>> events = events(3_000);
        sandbox.addAll("events", events);
        sandbox.faults().on("GET", "/events").when(r -> isPage(r, 2)).times(1).dropAfter();
        sandbox.faults().on("GET", "/events").when(r -> isPage(r, 2)).times(1).body("{\"events\":[],\"meta\":{\"next_page\":3,"
                + "\"total_pages\":3,\"total_count\":3000}}");

        assertCounts(sent(REPAIR, events), 3_000, 0, 0);

        // an event of the first page is deleted before the second one is read, so that another event moves past the reader
        Object extra = sandbox.add("events", changed("extra", "timestamp", START + 1_999)).get("lago_id");
        sandbox.faults().on("GET", "/events").when(r -> isPage(r, 2) && sandbox.remove("events", extra.toString()) && false)
                .status(500);

        assertCounts(sent(REPAIR, events), 3_000, 0, 0);
        assertThat(sandbox.records("events")).noneMatch(e -> e.get("transaction_id").equals("extra"));
        assertThat(sandbox.requests()).anyMatch(r -> r.path().contains("/events/"));
        assertThat(sandbox.requests()).noneMatch(r -> r.method().equals("POST"));
        assertThat(sandbox.records("events")).hasSize(3_000);
    }

    private static boolean isPage(SandboxRequest request, int page) {
        return String.valueOf(request.query()).contains("page=" + page);
    }

    @Test
    void aRedeliveryContinuesAnIteratorWhereItFailed() throws Exception {
        List<Map<String, Object>> events = events(6_000);
        sandbox.addAll("events", events.subList(100, 6_000));
        sandbox.faults().on("GET", "/events").nth(4).times(3).status(503);
        sandbox.faults().on("POST", "/events/batch").times(3).html(502);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().maximumRedeliveries(20).redeliveryDelay(0));
                from("direct:redelivered").to(REPAIR + "&maxRetries=0");
            }
        });

        Exchange exchange = sent("direct:redelivered", events.iterator());

        assertCounts(exchange, 5_900, 100, 0);
        assertThat(exchange.getMessage().getHeader("CamelLagoEventsAccepted")).isEqualTo(100L);
        assertThat(sandbox.eventCount()).isEqualTo(6_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRedeliverySendsRejectedEventsAgain(boolean iterator) throws Exception {
        List<Map<String, Object>> events = events(2_500);
        sandbox.addAll("events", events.subList(0, 2_200));
        sandbox.faults().on("POST", "/events/batch").times(1).status(422).body(
                "{\"status\":422,\"error\":\"Unprocessable Entity\",\"code\":\"validation_errors\",\"error_details\":{\"7\":{\"code\":[\"not now\"]}}}");
        List<Object> given = new ArrayList<>(events);
        given.add(1, "{broken");
        given.add("unknown id");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:rejected")
                        .errorHandler(deadLetterChannel("mock:dead").maximumRedeliveries(1).redeliveryDelay(0))
                        .to(REPAIR + "&concurrentBatches=1");
            }
        });
        mock("dead").expectedMessageCount(1);

        template.sendBody("direct:rejected", iterator ? given.iterator() : given);

        mock("dead").assertIsSatisfied();
        Exchange dead = mock("dead").getExchanges().get(0);
        assertCounts(dead, 2_200, 301, 0);
        assertThat(dead.getMessage().getHeader("CamelLagoEventsAccepted")).isEqualTo(300L);
        assertThat(dead.getProperty(Exchange.EXCEPTION_CAUGHT)).isInstanceOfSatisfying(LagoEventsRejectedException.class,
                e -> assertThat(e.getReport().rejected()).extracting(RejectedEvent::event).containsExactly("{broken"));
        assertThat(sandbox.events()).extracting(e -> e.get("transaction_id")).doesNotHaveDuplicates().hasSize(2_500);
        assertThat(sandbox.requests().stream().filter(r -> r.method().equals("POST"))).hasSize(5)
                .filteredOn(r -> r.body().contains("\"t-2207\"")).hasSize(2);
    }

    @Test
    void aRedeliveryAsksOnlyForEventsThatLagoHasNotAnswered() throws Exception {
        List<String> ids = IntStream.range(0, 200).mapToObj(i -> "t-" + i).toList();
        sandbox.addAll("events", events(150));
        sandbox.faults().on("GET", "/events/t-100").times(5).status(503);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().maximumRedeliveries(5).redeliveryDelay(0));
                from("direct:unanswered").to(RECONCILE + "&maxRetries=0");
            }
        });

        assertCounts(sent("direct:unanswered", ids.iterator()), 150, 50, 0);

        assertThat(sandbox.requests().stream().filter(r -> r.status() != 503)).hasSize(200);
    }

    @Test
    void anIteratorThatFailedLeavesTheEventsThatAreNotCompared() throws Exception {
        List<Map<String, Object>> events = events(5_000);
        sandbox.addAll("events", events.subList(0, 4_999));
        sandbox.faults().on("GET", "/events").when(r -> sandbox.requestCount() > 3).every().status(503);

        Exchange failed = send(RECONCILE + "&maxRetries=0", events.iterator());

        assertThat(failed.getException()).isNotNull();
        Object left = failed.getMessage().getBody();
        long stored = failed.getMessage().getHeader("CamelLagoEventsStored", Long.class);
        sandbox.faults().clear();
        Exchange rest = sent(RECONCILE, left);
        assertThat(stored + rest.getMessage().getHeader("CamelLagoEventsStored", Long.class)).isEqualTo(4_999);
        assertThat(rest.getMessage().getHeader("CamelLagoEventsMissing")).isEqualTo(1L);
    }

    @Test
    void manyMissingEventsAreKeptInAFile() throws Exception {
        Exchange exchange = sent(RECONCILE, IntStream.range(0, 3_000).mapToObj(i -> "t-" + i).iterator());

        assertCounts(exchange, 0, 3_000, 0);
        assertThat(body(exchange)).hasSize(3_000);
        assertThat(body(exchange)).extracting(ReconciledEvent::event)
                .containsExactlyElementsOf(IntStream.range(0, 3_000).mapToObj(i -> (Object) ("t-" + i)).toList());
        assertThat(body(exchange).get(2_500).event()).isEqualTo("t-2500");
    }

    private static List<Map<String, Object>> events(int count) {
        List<Map<String, Object>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> event = new HashMap<>(event("t-" + i));
            event.put("external_subscription_id", "sub-" + i % 4);
            event.put("timestamp", START + i);
            events.add(event);
        }
        return events;
    }
}
