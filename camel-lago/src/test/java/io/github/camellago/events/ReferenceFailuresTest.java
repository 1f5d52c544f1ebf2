package io.github.camellago.events;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.camellago.LogCapture;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code checkReferences=true} if Lago fails or is slow on some names, and after an outage. */
class ReferenceFailuresTest extends ReferencesTestSupport {

    @Test
    void checksOtherNamesIfLagoFailsOnOne() throws Exception {
        sandbox.faults().on("GET", "/subscriptions/poison").every().status(500);
        for (int minute = 0; minute < 3; minute++) {
            String id = "-" + minute;
            LagoEventsReport report = sent(CHECKED + "&maxRetries=0",
                    List.of(event("a" + id, "calls", "nobody" + id), event("b" + id, "calls", "poison"),
                            event("c" + id, "calls", "nobody"), event("d" + id, "calls", "sub-1")))
                    .getMessage()
                    .getBody(LagoEventsReport.class);
            assertThat(report.rejected()).extracting(RejectedEvent::index).containsExactly(0L, 2L);
            clock.addAndGet(61 * SECOND);
        }
        assertThat(stored()).hasSize(6);
    }

    @Test
    void looksNamesUpOneByOneIfTheListCannotBeRead() throws Exception {
        sandbox.faults().on("GET", "/billable_metrics").every().status(500);
        sandbox.faults().on("GET", "/subscriptions").every().status(500);
        LagoEventsReport report = sent(CHECKED + "&maxRetries=0", IntStream.range(0, 50)
                .mapToObj(i -> event("t-" + i, i % 2 == 0 ? "calls" : "nope", "many-" + i)).toList()).getMessage()
                .getBody(LagoEventsReport.class);
        assertThat(report.rejected()).hasSize(50).allSatisfy(r -> assertThat(r.reasons().get("external_subscription_id"))
                .containsExactly("not found at Lago")).filteredOn(r -> r.reasons().containsKey("code")).hasSize(25);
    }

    @Test
    void aSlowNameHoldsUpNoOtherName() throws Exception {
        for (String id : List.of("slow", "sub-2", "sub-3")) {
            sandbox.add("subscriptions", Map.of("external_id", id, "status", "active"));
        }
        CountDownLatch answer = new CountDownLatch(1);
        sandbox.faults().on("GET", "/subscriptions/slow").every().when(request -> held(answer)).delay(Duration.ZERO);
        try {
            CompletableFuture<Exchange> list = template.asyncSend(CHECKED,
                    exchange -> exchange.getMessage().setBody(List.of(event("a", "calls", "slow"), event("b", "calls", "sub-1"),
                            event("c", "calls", "sub-2"), event("d", "calls", "slow"), event("e", "calls", "sub-3"))));
            await().untilAsserted(() -> assertThat(stored()).containsExactly("b", "c", "e"));
            assertThat(list).isNotDone();
            answer.countDown();
            assertThat(list.get().getMessage().getBody(LagoEventsReport.class).accepted()).isEqualTo(5);
        } finally {
            answer.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&batchInterval=1"})
    void aRedeliveryAfterAnOutageChecksWhatCouldNotBeChecked(String options) throws Exception {
        AtomicInteger redeliveries = new AtomicInteger();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").errorHandler(deadLetterChannel("mock:dead").maximumRedeliveries(3).redeliveryDelay(1)
                        .onRedelivery(exchange -> {
                            if (redeliveries.incrementAndGet() == 2) {
                                sandbox.faults().clear();
                            }
                        })).to("lago:events?checkReferences=true&maxRetries=0" + options);
            }
        });
        sandbox.faults().on("*", "/**").every().status(503);
        mock("dead").expectedMessageCount(2);
        template.sendBody("direct:in", event("a", "calls", "nobody"));
        redeliveries.set(0);
        sandbox.faults().on("*", "/**").every().status(503);
        template.sendBody("direct:in", List.of(event("b", "calls", "sub-1"), event("c", "nope", "sub-1")).iterator());
        mock("dead").assertIsSatisfied();
        assertThat(stored()).containsExactly("b");
        assertThat(mock("dead").getExchanges()).extracting(e -> e.getProperty(Exchange.EXCEPTION_CAUGHT))
                .hasOnlyElementsOfType(LagoEventsRejectedException.class);
    }

    @Test
    void anotherMessageIsCheckedAfterAnOutage() throws Exception {
        sandbox.faults().on("*", "/**").every().status(503);
        assertThat(send(CHECKED + "&maxRetries=0", event("a", "calls", "nobody")).getException()).isNotNull();
        sandbox.faults().clear();
        assertThat(sent(CHECKED + "&maxRetries=0", event("a", "calls", "nobody")).getMessage().getBody(LagoEventsReport.class)
                .rejected()).hasSize(1);
    }

    @Test
    void eventsOfCompletedMessagesAreCheckedAfterAnOutage() throws Exception {
        String uri = "lago:events?checkReferences=true&maxRetries=0&maxRetryDelay=50&batchInterval=1&acknowledge=received";
        sandbox.faults().on("*", "/**").every().status(503);
        try (LogCapture log = LogCapture.from(Level.ERROR)) {
            sent(uri, event("a", "calls", "nobody"));
            sent(uri, event("b", "calls", "sub-1"));
            await().untilAsserted(() -> {
                clock.addAndGet(SECOND);
                assertThat(sandbox.requests()).anyMatch(r -> r.method().equals("POST"));
            });
            sandbox.faults().clear();
            await().untilAsserted(() -> {
                clock.addAndGet(SECOND);
                assertThat(stored()).contains("b");
            });
            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.contains("external_subscription_id: not found at Lago")));
        }
        assertThat(stored()).containsExactly("b");
    }

    private static boolean held(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
