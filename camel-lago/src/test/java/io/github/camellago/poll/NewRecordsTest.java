package io.github.camellago.poll;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.camellago.LagoConsumer;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Records that {@code readMode=new} finds although the list has moved. */
class NewRecordsTest extends PollingTestSupport {

    @Test
    void findsAFeeAlthoughAnotherOneReplacedADeletedOne() throws Exception {
        List<String> ids = IntStream.range(0, 6).mapToObj(this::fee).toList();
        AtomicBoolean moved = new AtomicBoolean();
        sandbox.faults().on(request -> {
            if (("&" + request.query()).contains("&page=2") && moved.compareAndSet(false, true)) {
                // the third one now lies on the page that was read already, and the total is what it was
                sandbox.remove("fees", ids.get(0));
                fee(6);
            }
            return false;
        }).status(500);
        from("lago:fees?readMode=new&perPage=2&prefetchPages=0&delay=20&initialDelay=0", exchange -> got.add(fee(exchange)));

        await().until(() -> got.size() == 7);
        polls(3);
        assertThat(got).containsExactlyInAnyOrder("f0", "f1", "f2", "f3", "f4", "f5", "f6");
    }

    /** Totals show nothing: as many invoices have left the list as were added, and a total may be half an hour old. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsABackDatedInvoiceByACompleteReading(boolean staleTotals) throws Exception {
        try (LagoSandbox lago = LagoSandbox.builder().staleTotals(staleTotals).start()) {
            context.addComponent("other", component(context, lago));
            List<String> ids = IntStream.range(0, 8).mapToObj(i -> invoice(lago, "n" + i, 30 * i)).toList();
            LagoConsumer consumer = invoices("other:invoices?readMode=new&filter.payment_status=pending&perPage=2");
            assertThat(consumer.poll()).isEqualTo(8);

            lago.update("invoices", ids.get(0), Map.of("payment_status", "succeeded"));
            invoice(lago, "back-dated", 200);
            assertThat(consumer.poll()).isZero();
            lago.advance(Duration.ofMinutes(61));
            lago.forgetTotals();
            assertThat(consumer.poll()).isEqualTo(1);
            assertThat(consumer.poll()).isZero();
            assertThat(got).hasSize(9).contains("back-dated");
        }
    }

    @Test
    void findsABackDatedInvoiceAlthoughLagosClockWasAheadForAWhile() throws Exception {
        IntStream.range(0, 4).forEach(i -> invoice("n" + i, 30 * i));
        LagoConsumer consumer = invoices("lago:invoices?readMode=new&perPage=2");
        Instant wrong = sandbox.now().plus(Duration.ofDays(7));
        sandbox.faults().on("GET", "/invoices").header("Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(wrong.atOffset(ZoneOffset.UTC)));
        assertThat(consumer.poll()).isEqualTo(4);
        sandbox.faults().clear();

        invoice("back-dated", 200);
        assertThat(consumer.poll()).isEqualTo(1);
        assertThat(consumer.poll()).isZero();
    }

    @Test
    void readsNoListCompletelyAgainIfTheIntervalIsZero() throws Exception {
        IntStream.range(0, 8).forEach(i -> invoice("n" + i, 30 * i));
        LagoConsumer consumer = invoices("lago:invoices?readMode=new&perPage=2&fullReadInterval=0");
        assertThat(consumer.poll()).isEqualTo(8);
        sandbox.advance(Duration.ofDays(1));
        long before = sandbox.requestCount();

        assertThat(consumer.poll()).isZero();
        assertThat(sandbox.requestCount() - before).isEqualTo(1);
    }

    private LagoConsumer invoices(String uri) throws Exception {
        from(uri + "&startScheduler=false",
                exchange -> got.add((String) exchange.getMessage().getBody(Map.class).get("number")));
        return (LagoConsumer) context.getRoute("reading").getConsumer();
    }

    @Test
    void findsACustomerThatWasCreatedWhileTheListWasRead() throws Exception {
        List<String> ids = IntStream.range(0, 3).mapToObj(i -> customer("c" + i)).toList();
        AtomicInteger requests = new AtomicInteger();
        sandbox.faults().on(request -> {
            switch (requests.incrementAndGet()) {
                // before the second page of the first poll: it is at the front
                case 2 -> customer("unseen");
                // before the first page of the second poll
                case 5 -> {
                    sandbox.remove("customers", ids.get(0));
                    customer("first");
                }
                // the next page has nothing new, and the total is that of the poll before and what was found
                case 6 -> {
                    sandbox.remove("customers", ids.get(1));
                    customer("second");
                }
                default -> {
                }
            }
            return false;
        }).status(500);
        from("lago:customers?readMode=new&perPage=1&prefetchPages=0&startScheduler=false", exchange -> got.add(name(exchange)));

        LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
        consumer.poll();
        assertThat(requests).hasValue(4);
        consumer.poll();
        consumer.poll();

        assertThat(got).containsExactlyInAnyOrder("c0", "c1", "c2", "unseen", "first", "second");
    }

    @Test
    void missesNothingOfAListThatShrinksAllTheTime() throws Exception {
        List<String> ids = IntStream.range(0, 40).mapToObj(i -> customer("c" + i)).toList();
        AtomicInteger gone = new AtomicInteger();
        sandbox.faults().on(request -> {
            if (!("&" + request.query()).contains("&page=1&") && gone.get() < 15) {
                // the newest one: those after it move to pages that were read already
                sandbox.remove("customers", ids.get(39 - gone.getAndIncrement()));
            }
            return false;
        }).status(500);
        from("lago:customers?readMode=new&perPage=2&prefetchPages=0&startScheduler=false", exchange -> got.add(name(exchange)));

        LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
        consumer.poll();
        assertThat(gone).hasValue(15);
        assertThat(got).contains(IntStream.range(0, 25).mapToObj(i -> "c" + i).toArray(String[]::new)).doesNotHaveDuplicates();
        assertThat(consumer.poll()).isZero();
    }

    /** A minute back, or five seconds if nothing was created for long; one customer came every ten seconds. */
    @ParameterizedTest
    @CsvSource({"PT0S, 3", "PT20M, 1"})
    void readsANewestFirstListToTheFloor(Duration idle, int pages) throws Exception {
        for (int i = 0; i < 20; i++) {
            sandbox.advance(Duration.ofSeconds(10));
            sandbox.add("customers", Map.of("external_id", "c" + i));
        }
        sandbox.advance(idle);
        from("lago:customers?readMode=new&perPage=4&prefetchPages=0&startScheduler=false", exchange -> got.add(name(exchange)));
        LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
        assertThat(consumer.poll()).isEqualTo(20);
        long before = sandbox.requestCount();

        assertThat(consumer.poll()).isZero();
        assertThat(sandbox.requestCount() - before).isEqualTo(pages);
    }

    private String customer(String id) {
        sandbox.advance(Duration.ofMinutes(5));
        return (String) sandbox.add("customers", Map.of("external_id", id)).get("lago_id");
    }

    private String invoice(String number, int daysOld) {
        return invoice(sandbox, number, daysOld);
    }

    private static String invoice(LagoSandbox sandbox, String number, int daysOld) {
        Instant issued = sandbox.now().minus(Duration.ofDays(daysOld));
        return (String) sandbox.add("invoices", Map.of("number", number, "payment_status", "pending", "issuing_date",
                issued.toString().substring(0, 10))).get("lago_id");
    }

    private String fee(int number) {
        sandbox.advance(Duration.ofMinutes(5));
        return (String) sandbox.add("fees", Map.of("invoice_display_name", "f" + number)).get("lago_id");
    }

    private static String fee(Exchange exchange) {
        return (String) exchange.getMessage().getBody(Map.class).get("invoice_display_name");
    }
}
