package io.github.camellago.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import io.github.camellago.test.Fault;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

/** In spite of each fault, every valid event is stored exactly once, and every invalid event is in the dead letter. */
class EventsFaultsTest extends RouteTestSupport {

    private static final int COUNT = 1_000;

    static Stream<Arguments> faults() {
        return Stream.<org.junit.jupiter.api.Named<Consumer<Fault>>>of(
                named("answer lost after the batch was stored", f -> f.nth(3).times(3).dropAfter()),
                named("answer too late after the batch was stored", f -> f.nth(3).times(2).delay(Duration.ofSeconds(3))),
                named("504 after the batch was stored", f -> f.nth(2).times(3).statusAfter(504)),
                named("connection dropped before", f -> f.nth(2).times(3).dropBefore()),
                named("500", f -> f.nth(2).times(3).status(500)),
                named("502 with a proxy's page", f -> f.nth(2).times(3).html(502)),
                named("503 with Retry-After", f -> f.nth(2).times(3).status(503).header("Retry-After", "1")),
                named("429 with headers", f -> f.nth(2).times(3).tooManyRequests(1)),
                named("429 without headers", f -> f.nth(2).times(3).tooManyRequests()),
                named("truncated JSON", f -> f.nth(2).times(3).truncate()),
                named("a broken answer", f -> f.nth(2).times(3).garble()),
                named("200 that is not Lago's", f -> f.nth(2).times(3).body("{\"status\":\"ok\"}", "application/json")),
                named("200 without a body", f -> f.nth(2).times(3).status(200)),
                named("200 with no events", f -> f.nth(2).times(3).body("{\"events\":[]}", "application/json")),
                named("200 with an error", f -> f.nth(2).times(3).body("{\"status\":500}", "application/json")),
                named("200 with an array", f -> f.nth(2).times(3).body("[]", "application/json")),
                named("400 of a proxy", f -> f.nth(2).times(3).html(400)),
                named("422 of a gateway", f -> f.nth(2).times(3).status(422).body("{\"message\":\"Bad gateway config\"}",
                        "application/json")),
                named("413 of a proxy", f -> f.nth(2).times(3).html(413)),
                named("408", f -> f.nth(2).times(3).html(408)),
                named("425", f -> f.nth(2).times(3).html(425)),
                named("507", f -> f.nth(2).times(3).html(507)),
                named("520", f -> f.nth(2).times(3).html(520)))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void retriesStoreEachEventOnceInSpiteOfAFault(Consumer<Fault> fault) throws Exception {
        fault.accept(sandbox.faults().on("POST", "/events/batch"));
        deadLetterRoute("lago:events?responseTimeout=1000&maxRetries=4", 0);

        everyGoodEventIsStoredOnceAndEveryBadOneIsInTheDeadLetter();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void redeliveriesStoreEachEventOnceInSpiteOfAFault(Consumer<Fault> fault) throws Exception {
        fault.accept(sandbox.faults().on("POST", "/events/batch"));
        deadLetterRoute("lago:events?responseTimeout=1000&maxRetries=0", 10);

        everyGoodEventIsStoredOnceAndEveryBadOneIsInTheDeadLetter();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aSingleEventIsStoredOnceInSpiteOfAFault(Consumer<Fault> fault) throws Exception {
        fault.accept(sandbox.faults().on("POST", "/events").when(r -> r.body().contains("\"t-2\"")));
        deadLetterRoute("lago:events?responseTimeout=1000&maxRetries=4", 0);
        // fault number 2 or 3 is met by sending the event again
        for (int i = 0; i < 4; i++) {
            Exchange exchange = template.send("direct:in", e -> e.getMessage().setBody(event("t-2")));
            assertThat(exchange.getException()).isNull();
        }

        assertThat(sandbox.events()).hasSize(1);
        assertThat(mock("dead").getExchanges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void storesEachEventOnceIfTheServerKeepsPartOfARejectedBatch(boolean faults) throws Exception {
        try (LagoSandbox partial = LagoSandbox.builder().partialBatches(true).start()) {
            if (faults) {
                partial.faults().on("POST", "/events/batch").probability(0.3, 1).dropAfter();
            }
            deadLetterRoute("lago:events?maxRetries=9&baseUrl=" + partial.baseUrl() + "&apiKey=" + partial.apiKey(), 0);

            LagoEventsReport report = everyGoodEventIsStoredOnceAndEveryBadOneIsInTheDeadLetter(partial);

            if (!faults) {
                assertThat(report.accepted()).isEqualTo(COUNT - bad().size());
            }
        }
    }

    @Test
    void duplicatesInOneBatchAndInConcurrentBatches() throws Exception {
        List<Object> events = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            IntStream.range(0, 500).forEach(n -> events.add(event("t-" + n)));
            IntStream.range(0, 50).forEach(n -> events.add(event("t-" + n)));
        }
        Collections.shuffle(events, new java.util.Random(7));

        LagoEventsReport report = sent("lago:events", events).getMessage().getBody(LagoEventsReport.class);
        assertThat(sandbox.events()).hasSize(500);
        assertThat(report.total()).isEqualTo(1_650);

        sandbox.reset();
        report = sent("lago:events?concurrentBatches=1", events).getMessage().getBody(LagoEventsReport.class);
        assertThat(sandbox.events()).hasSize(500);
        assertThat(report.accepted()).isEqualTo(500);
        assertThat(report.duplicate()).isEqualTo(1_150);
    }

    @Test
    void duplicatesInConcurrentMessages() throws Exception {
        List<CompletableFuture<Exchange>> messages = IntStream.range(0, 4)
                .mapToObj(m -> template.asyncSend("lago:events", e -> e.getMessage().setBody(
                        IntStream.range(0, 600).mapToObj(i -> event("t-" + (i + 100 * m) % 600)).toList())))
                .toList();
        for (CompletableFuture<Exchange> message : messages) {
            LagoEventsReport report = message.get(60, TimeUnit.SECONDS).getMessage().getBody(LagoEventsReport.class);
            assertThat(report.total()).isEqualTo(600);
        }
        assertThat(sandbox.events()).hasSize(600);
    }

    @Test
    void onClickHouseTheSameEventIsSentAgainWithTheSameTime() throws Exception {
        try (LagoSandbox clickhouse = LagoSandbox.builder().clickhouse(true).start()) {
            clickhouse.faults().on("POST", "/events/batch").probability(0.4, 3).dropAfter();
            deadLetterRoute("lago:events?maxRetries=1&baseUrl=" + clickhouse.baseUrl() + "&apiKey=" + clickhouse.apiKey(), 50);

            template.send("direct:in", e -> e.getMessage().setBody(IntStream.range(0, COUNT)
                    .mapToObj(i -> Map.of("external_subscription_id", "sub-1", "code", "api_calls")).iterator()));

            assertThat(clickhouse.events()).hasSize(COUNT);
        }
    }

    @Test
    void sendsAllEventsIfTheKeyIsRotatedInMidStream() throws Exception {
        Supplier<String> keys = () -> sandbox.apiKey();
        context.getRegistry().bind("keys", keys);
        deadLetterRoute("lago:events?credentials=#keys", 0);
        List<Object> events = events();

        template.send("direct:in", e -> e.getMessage().setBody(
                IntStream.range(0, COUNT).mapToObj(i -> {
                    if (i % 300 == 299) {
                        sandbox.rotateKey();
                    }
                    return events.get(i);
                }).iterator()));

        check(sandbox);
        assertThat(sandbox.statusCount(401)).isPositive();
    }

    @Test
    void aRotatedKeyThatNobodyKnowsLeavesEverythingToTheDeadLetter() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(deadLetterChannel("mock:dead").maximumRedeliveries(0)).to("lago:events");
            }
        });
        String old = sandbox.apiKey();
        template.send("direct:in", e -> e.getMessage().setBody(IntStream.range(0, COUNT).mapToObj(i -> {
            if (i == 600) {
                sandbox.rotateKey();
            }
            return event("t-" + i);
        }).iterator()));

        Exchange dead = mock("dead").getExchanges().get(0);
        assertThat(dead.getProperty(Exchange.EXCEPTION_CAUGHT)).isInstanceOf(LagoAuthenticationException.class);
        int stored = sandbox.events().size();
        List<Object> rest = new ArrayList<>();
        ((Iterable<?>) dead.getMessage().getBody()).forEach(rest::add);
        assertThat(stored + rest.size()).isEqualTo(COUNT);
        sent("lago:events?apiKey=" + sandbox.apiKey(), rest);
        assertThat(sandbox.events()).hasSize(COUNT);
        assertThat(old).isNotEqualTo(sandbox.apiKey());
    }

    @Test
    void rejectsAllEventsOfABatch() throws Exception {
        deadLetterRoute("lago:events", 0);
        List<Object> events = new ArrayList<>(IntStream.range(0, 100).<Object>mapToObj(this::badTime).toList());
        IntStream.range(100, 300).forEach(i -> events.add(event("t-" + i)));

        template.send("direct:in", e -> e.getMessage().setBody(events));

        assertThat(sandbox.events()).hasSize(200);
        assertThat(deadReport().rejected()).hasSize(100).allSatisfy(r -> assertThat(r.index()).isLessThan(100));
        assertThat(sandbox.requestCount()).isEqualTo(3);
    }

    @Test
    void dividesBatchesThatAreTooLarge() throws Exception {
        sandbox.faults().on("POST", "/events/batch").whenBody(b -> b.length() > 20_000).status(413);
        deadLetterRoute("lago:events", 0);
        List<Object> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Map<String, Object> event = new java.util.HashMap<>(event("t-" + i));
            event.put("properties", Map.of("text", "x".repeat(i == 150 ? 30_000 : 500)));
            events.add(event);
        }

        template.send("direct:in", e -> e.getMessage().setBody(events));

        assertThat(sandbox.events()).hasSize(299);
        assertThat(deadReport().rejected()).singleElement().satisfies(r -> {
            assertThat(r.index()).isEqualTo(150);
            assertThat(r.describe()).isEqualTo("event: it is too large for the server (413)");
        });
    }

    @Test
    void storesAnEventOnceIfItIsRejectedAfterTheEffectAndSentAgain() {
        Map<String, Object> withoutId = Map.of("external_subscription_id", "sub-1", "code", "api_calls");
        sandbox.faults().on("POST", "/events").statusAfter(413);
        Exchange rejected = send("lago:events?onRejected=report&maxRetries=0", withoutId);
        sandbox.faults().clear();

        send("lago:events", rejected.getMessage().getBody(LagoEventsReport.class).rejected().get(0).event());

        assertThat(sandbox.events()).hasSize(1);
    }

    @Test
    void sendsSmallerBatchesIfTheServerRequiresThem() throws Exception {
        try (LagoSandbox small = LagoSandbox.builder().maxBatchSize(30).start()) {
            deadLetterRoute("lago:events?concurrentBatches=1&baseUrl=" + small.baseUrl() + "&apiKey=" + small.apiKey(), 0);

            everyGoodEventIsStoredOnceAndEveryBadOneIsInTheDeadLetter(small);

            assertThat(small.requests().stream().filter(r -> r.body().split("api_calls").length > 55)).hasSize(1);
        }
    }

    @Test
    void findsTheEventsOfARejectionWithoutIndexes() throws Exception {
        sandbox.faults().on("POST", "/events/batch").whenBody(b -> b.contains("t-77\"") || b.contains("t-78\"")).status(422)
                .body("{\"status\":422,\"error\":\"Unprocessable Entity\",\"code\":\"validation_errors\",\"error_details\":"
                        + "{\"transaction_id\":[\"value_already_exist\"]}}", "application/json");
        sandbox.faults().on("POST", "/events/batch").whenBody(b -> b.contains("t-99\"")).status(400)
                .body("{\"status\":400,\"error\":\"BadRequest\"}", "application/json");
        deadLetterRoute("lago:events", 0);

        template.send("direct:in",
                e -> e.getMessage().setBody(IntStream.range(0, 300).mapToObj(i -> event("t-" + i)).toList()));

        assertThat(deadReport().rejected()).extracting(RejectedEvent::index).containsExactly(99L);
        assertThat(deadReport().duplicate()).isEqualTo(2);
        assertThat(sandbox.events()).hasSize(297);
    }

    @Test
    void aContextThatStopsInMidStreamFailsTheExchangeWithWhatIsLeft() throws Exception {
        context.getShutdownStrategy().setTimeout(1);
        sandbox.faults().on("POST", "/events/batch").delay(Duration.ofMillis(20));
        route("seda:in", "lago:events");
        CompletableFuture<Exchange> done = new CompletableFuture<>();
        Exchange endless = context.getEndpoint("seda:in").createExchange();
        endless.getMessage().setBody(Stream.iterate(0, i -> i + 1).map(i -> event("t-" + i)).iterator());
        endless.getExchangeExtension().addOnCompletion(new org.apache.camel.support.SynchronizationAdapter() {
            @Override
            public void onDone(Exchange exchange) {
                done.complete(exchange);
            }
        });
        template.send("seda:in?waitForTaskToComplete=Never", endless);
        org.awaitility.Awaitility.await().until(() -> sandbox.eventCount() > 500);

        context.stop();

        Exchange exchange = done.get(30, TimeUnit.SECONDS);
        assertThat(exchange.getException()).isNotNull();
        long accepted = exchange.getMessage().getHeader("CamelLagoEventsAccepted", Long.class);
        assertThat(accepted).isLessThanOrEqualTo(sandbox.eventCount()).isGreaterThan(500);
    }

    private LagoEventsReport everyGoodEventIsStoredOnceAndEveryBadOneIsInTheDeadLetter() {
        return everyGoodEventIsStoredOnceAndEveryBadOneIsInTheDeadLetter(sandbox);
    }

    private LagoEventsReport everyGoodEventIsStoredOnceAndEveryBadOneIsInTheDeadLetter(LagoSandbox server) {
        template.send("direct:in", e -> e.getMessage().setBody(events().iterator()));
        return check(server);
    }

    private LagoEventsReport check(LagoSandbox server) {
        List<String> stored = server.events().stream().map(e -> e.get("transaction_id").toString()).toList();
        assertThat(stored).doesNotHaveDuplicates().hasSize(COUNT - bad().size());
        LagoEventsReport report = deadReport();
        assertThat(new TreeSet<>(report.rejected().stream().map(RejectedEvent::index).toList())).isEqualTo(bad());
        assertThat(report.total()).isEqualTo(COUNT);
        return report;
    }

    private LagoEventsReport deadReport() {
        assertThat(mock("dead").getExchanges()).hasSize(1);
        return mock("dead").getExchanges().get(0).getMessage().getBody(LagoEventsReport.class);
    }

    /** A route that redelivers failures, but not rejections. */
    private void deadLetterRoute(String to, int redeliveries) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                onException(io.github.camellago.api.LagoEventsRejectedException.class).maximumRedeliveries(0).handled(true)
                        .to("mock:dead");
                errorHandler(defaultErrorHandler().maximumRedeliveries(redeliveries).redeliveryDelay(0));
                from("direct:in").to(to);
            }
        });
    }

    private List<Object> events() {
        return IntStream.range(0, COUNT).<Object>mapToObj(i -> bad().contains((long) i) ? badTime(i) : event("t-" + i))
                .toList();
    }

    private static TreeSet<Long> bad() {
        return new TreeSet<>(List.of(5L, 101L, 102L, 555L, 999L));
    }

    private Map<String, Object> badTime(int i) {
        return Map.of("transaction_id", "t-" + i, "external_subscription_id", "sub-1", "code", "api_calls", "timestamp", "?");
    }
}
