package io.github.camellago.events;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.RejectedEvent;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Rejected and undelivered events in dead letters, redeliveries and copies. */
class EventsDeadLetterTest extends RouteTestSupport {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theDeadLetterGetsTheRejectedEventsWithTheirReasons() throws Exception {
        deadLetterRoute("lago:events", 0, false);

        template.send("direct:in", e -> e.getMessage().setBody(mixed(250)));

        LagoEventsReport report = mock("dead").getExchanges().get(0).getMessage().getBody(LagoEventsReport.class);
        assertThat(report.rejected()).extracting(RejectedEvent::index).containsExactly(10L, 20L, 120L);
        assertThat(report.rejected()).extracting(RejectedEvent::describe)
                .containsExactly("code: value_is_mandatory", "timestamp: invalid_format", "code: value_is_mandatory");
        assertThat(report.rejected().get(1).event()).isEqualTo(badTime(20));
        assertThat(sandbox.events()).hasSize(247);
    }

    @Test
    void theDeadLetterCanHaveTheOriginalMessage() throws Exception {
        deadLetterRoute("lago:events", 0, true);
        List<Object> events = mixed(50);

        template.send("direct:in", e -> e.getMessage().setBody(events));

        Exchange dead = mock("dead").getExchanges().get(0);
        assertThat(dead.getMessage().getBody()).isSameAs(events);
        assertThat(dead.getProperty(Exchange.EXCEPTION_CAUGHT, LagoEventsRejectedException.class).getReport().rejected())
                .hasSize(2);
    }

    @Test
    void rejectedEventsCanBeSplitAndCorrected() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(deadLetterChannel("direct:correct").maximumRedeliveries(0)).to("lago:events");
                from("direct:correct").split(simple("${body.rejected}")).process(e -> {
                    RejectedEvent rejected = e.getMessage().getBody(RejectedEvent.class);
                    Map<String, Object> corrected = new java.util.HashMap<>(cast(rejected.event()));
                    corrected.put("code", "corrected");
                    corrected.remove("timestamp");
                    e.getMessage().setBody(corrected);
                }).to("lago:events");
            }
        });

        template.send("direct:in", e -> e.getMessage().setBody(mixed(50)));

        assertThat(sandbox.events()).hasSize(50);
    }

    @Test
    void aRedeliverySendsOnlyTheRejectedEvents() throws Exception {
        deadLetterRoute("lago:events", 2, false);

        template.send("direct:in", e -> e.getMessage().setBody(mixed(250).iterator()));

        LagoEventsReport report = mock("dead").getExchanges().get(0).getMessage().getBody(LagoEventsReport.class);
        assertThat(report.accepted()).isEqualTo(247);
        assertThat(report.duplicate()).isZero();
        assertThat(report.rejected()).extracting(RejectedEvent::index).containsExactly(10L, 20L, 120L);
        assertThat(sandbox.events()).hasSize(247);
        assertThat(sandbox.requests().stream().filter(r -> r.body().contains("\"t-1\""))).hasSize(2);
    }

    @Test
    void onRejectedReportContinuesTheRoute() throws Exception {
        Exchange exchange = sent("lago:events?onRejected=report", mixed(50));

        assertThat(exchange.getMessage().getBody(LagoEventsReport.class).rejected()).hasSize(2);
        assertThat(exchange.getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 48L)
                .containsEntry("CamelLagoEventsRejected", 2L);
    }

    @Test
    void theReportIsATableAndJson() throws Exception {
        send("lago:events", event("t-3"));
        Exchange exchange = sent("lago:events?onRejected=report", withText(mixed(250)));
        LagoEventsReport report = exchange.getMessage().getBody(LagoEventsReport.class);

        assertThat(report.toTable()).matches("(?s)accepted +247\\R"
                + "duplicate +1\\Rrejected +4\\R  code: value_is_mandatory +2\\R"
                + "  event: it is not JSON: .* +1\\R  timestamp: invalid_format +1\\Rtotal +252\\R");
        JsonNode json = JSON.readTree(report.toJson());
        assertThat(json.at("/total").asLong()).isEqualTo(252);
        assertThat(json.at("/rejected_by_reason/code: value_is_mandatory").asLong()).isEqualTo(2);
        assertThat(json.at("/rejected/0/index").asLong()).isEqualTo(10);
        assertThat(json.at("/rejected/1/event/timestamp").asText()).isEqualTo("yesterday");
        assertThat(json.at("/rejected/1/reasons/timestamp/0").asText()).isEqualTo("invalid_format");
        assertThat(report).hasToString("accepted 247, duplicate 1, rejected 4");
    }

    @Test
    void reportsMoreRejectedEventsThanFitIntoMemory() throws Exception {
        int many = 5_000;
        Iterator<Object> events = IntStream.range(0, many).<Object>mapToObj(i -> switch (i % 5) {
            case 0 -> event("t-" + i);
            case 1 -> Map.of("code", "x" + i, "transaction_id", "t-" + i);
            case 2 -> "{\"code\":\"x" + i + "\"}";
            case 3 -> "rubbish " + i;
            default -> badTime(i);
        }).iterator();

        deadLetterRoute("lago:events", 1, false);
        template.send("direct:in", e -> e.getMessage().setBody(events));

        LagoEventsReport report = mock("dead").getExchanges().get(0).getMessage().getBody(LagoEventsReport.class);
        assertThat(report.accepted()).isEqualTo(many / 5);
        assertThat(report.rejected()).hasSize(many / 5 * 4);
        Set<Long> indexes = new HashSet<>();
        report.rejected().forEach(r -> indexes.add(r.index()));
        assertThat(indexes).hasSize(many / 5 * 4);
        assertThat(report.rejected().stream().filter(r -> r.index() % 5 == 1))
                .allSatisfy(r -> assertThat(cast(r.event())).containsEntry("code", "x" + r.index()));
        assertThat(report.rejected().get(3_999)).isNotNull();
        assertThat(report.rejectedByReason()).hasSize(3).containsEntry("timestamp: invalid_format", many / 5L);
        assertThat(sandbox.eventCount()).isEqualTo(many / 5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eventsLeftAfterAFailureKeepTheirIds(boolean inMemory) throws Exception {
        sandbox.faults().on("POST", "/events/batch").nth(4).times(100).dropAfter();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(deadLetterChannel("mock:dead").maximumRedeliveries(0))
                        .to("lago:events?maxRetries=1");
            }
        });
        List<Object> bare = new ArrayList<>(IntStream.range(0, 2_000).<Object>mapToObj(i -> bare(i)).toList());
        bare.set(3, "rubbish");

        template.send("direct:in", e -> e.getMessage().setBody(inMemory ? bare : bare.iterator()));

        Exchange dead = mock("dead").getExchanges().get(0);
        LagoException failure = dead.getProperty(Exchange.EXCEPTION_CAUGHT, LagoTransportException.class);
        assertThat(failure.getSuppressed()).anySatisfy(s -> assertThat(s).isInstanceOf(LagoEventsRejectedException.class));
        assertThat(dead.getMessage().getBody()).isInstanceOf(inMemory ? List.class : UndeliveredEvents.class);
        sandbox.faults().clear();
        List<String> stored = new ArrayList<>();
        for (Object event : (Iterable<?>) dead.getMessage().getBody()) {
            stored.add(event.equals("rubbish") ? "rubbish" : JSON.writeValueAsString(event));
        }
        assertThat(stored).contains("rubbish").hasSizeLessThan(2_000);
        sent("lago:events?onRejected=report", stored);
        assertThat(sandbox.events()).hasSize(1_999);
    }

    @Test
    void oneEventThatCouldNotBeDeliveredStaysOne() throws Exception {
        sandbox.faults().on("POST", "/events").nth(1).dropAfter();

        Exchange exchange = send("lago:events?maxRetries=0", bare(1));

        assertThat(exchange.getException()).isInstanceOf(LagoTransportException.class);
        assertThat(cast(exchange.getMessage().getBody())).containsAllEntriesOf(bare(1)).containsKeys("transaction_id",
                "timestamp");
        assertThat(
                sent("lago:events", exchange.getMessage().getBody()).getMessage().getBody(LagoEventsReport.class).duplicate())
                .isEqualTo(1);
        assertThat(sandbox.events()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iterator", "iterable", "stream", "cached", "text", "list"})
    void aRedeliveryContinuesWithEachKindOfBody(String form) throws Exception {
        List<Object> events = IntStream.range(0, 3_000).<Object>mapToObj(i -> bare(i)).toList();
        String text = JSON.writeValueAsString(events);
        Object body = switch (form) {
            case "iterator" -> events.iterator();
            case "iterable" -> once(events);
            case "stream" -> events.stream();
            case "cached" -> new ByteArrayInputStream(text.getBytes());
            case "text" -> text;
            default -> events;
        };
        sandbox.faults().on("POST", "/events/batch").nth(3).times(9).dropAfter();
        deadLetterRoute("lago:events?maxRetries=0", 20, false);

        Exchange exchange = template.send("direct:in", e -> e.getMessage().setBody(body));

        assertThat(mock("dead").getExchanges()).isEmpty();
        LagoEventsReport report = exchange.getMessage().getBody(LagoEventsReport.class);
        assertThat(report.total()).isEqualTo(3_000);
        assertThat(sandbox.events()).hasSize(3_000);
        assertThat(exchange.getAllProperties()).doesNotContainKey("CamelLagoEventsDelivery");
        assertThat(exchange.getExchangeExtension().getSafeCopyProperty("CamelLagoEventsDelivery",
                org.apache.camel.SafeCopyProperty.class)).isNull();
    }

    @Test
    void aSourceThatFailsIsReadNoFurther() throws Exception {
        AtomicInteger read = new AtomicInteger();
        Iterator<Object> events = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Object next() {
                if (read.incrementAndGet() == 251) {
                    throw new IllegalStateException("the database is gone");
                }
                return bare(read.get());
            }
        };
        deadLetterRoute("lago:events", 3, false);

        template.send("direct:in", e -> e.getMessage().setBody(events));

        assertThat(read).hasValue(251);
        assertThat(sandbox.events()).hasSize(250);
        assertThat(mock("dead").getExchanges().get(0).getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
                .hasMessage("the database is gone");
    }

    @Test
    void aFailoverToAnotherEndpointLosesNothingOfAnIterator() throws Exception {
        sandbox.faults().on("POST", "/events/batch").nth(3).times(20).dropBefore();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(noErrorHandler()).loadBalance().failover(40, false, true)
                        .to("lago:events?maxRetries=0").to("lago:events?maxRetries=1");
            }
        });

        Exchange exchange = template.send("direct:in",
                e -> e.getMessage().setBody(IntStream.range(0, 1_000).mapToObj(i -> bare(i)).iterator()));

        assertThat(exchange.getException()).isNull();
        assertThat(sandbox.events()).hasSize(1_000);
    }

    @Test
    void aCopyOfAFailedExchangeHasItsOwnDelivery() throws Exception {
        sandbox.faults().on("POST", "/events/batch").times(1).dropBefore();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").doTry().to("lago:events?maxRetries=0").doCatch(LagoTransportException.class)
                        .multicast().parallelProcessing().to("direct:a", "direct:b").end().end();
                from("direct:a").to("lago:events").to("mock:out");
                from("direct:b").to("lago:events").to("mock:out");
            }
        });

        template.send("direct:in", e -> e.getMessage().setBody(IntStream.range(0, 100).mapToObj(i -> bare(i)).toList()));

        assertThat(mock("out").getExchanges()).hasSize(2)
                .allSatisfy(e -> assertThat(e.getMessage().getBody(LagoEventsReport.class).total()).isEqualTo(100));
        assertThat(sandbox.events()).hasSize(100);
    }

    @Test
    void theResourceIsClosedWhenTheExchangeIsDone() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        sent("lago:events", IntStream.range(0, 300).mapToObj(i -> bare(i)).onClose(closed::incrementAndGet));
        assertThat(closed).hasValue(1);

        sandbox.faults().on("POST", "/events/batch").dropBefore();
        send("lago:events?maxRetries=0", IntStream.range(0, 300).mapToObj(i -> bare(i)).onClose(closed::incrementAndGet));
        assertThat(closed).hasValue(2);
    }

    private void deadLetterRoute(String to, int redeliveries, boolean original) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                var dead = deadLetterChannel("mock:dead").maximumRedeliveries(redeliveries).redeliveryDelay(0);
                from("direct:in").errorHandler(original ? dead.useOriginalMessage() : dead).to(to);
            }
        });
    }

    private static List<Object> mixed(int count) {
        return new ArrayList<>(IntStream.range(0, count).<Object>mapToObj(i -> switch (i) {
            case 10, 120 -> Map.of("transaction_id", "t-" + i, "external_subscription_id", "sub-1");
            case 20 -> badTime(i);
            default -> event("t-" + i);
        }).toList());
    }

    private static List<Object> withText(List<Object> events) {
        events.add("{oops}");
        events.add("{\"transaction_id\":\"text\",\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\"}");
        return events;
    }

    private static Map<String, Object> badTime(int i) {
        return Map.of("transaction_id", "t-" + i, "external_subscription_id", "sub-1", "code", "api_calls", "timestamp",
                "yesterday");
    }

    private static Map<String, Object> bare(int i) {
        return Map.of("external_subscription_id", "sub-" + i % 7, "code", "api_calls", "properties", Map.of("n", i));
    }

    private static Iterable<Object> once(List<Object> events) {
        Iterator<Object> iterator = events.iterator();
        return () -> iterator;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object event) {
        return (Map<String, Object>) event;
    }
}
