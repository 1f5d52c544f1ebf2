package io.github.camellago.poll;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What {@code readMode=new} finds although the list hides it. */
class NewRecordsTest extends PollingTestSupport {

    @Test
    void aFeeThatGoesWhileAnotherComesHidesNoThirdOne() throws Exception {
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

    @Test
    void invoicesThatLeaveTheListHideNoBackDatedOne() throws Exception {
        List<String> ids = IntStream.range(0, 8).mapToObj(i -> invoice("n" + i, 30 * i)).toList();
        from("lago:invoices?readMode=new&filter.payment_status=pending&perPage=2&delay=20&initialDelay=0",
                exchange -> got.add((String) exchange.getMessage().getBody(Map.class).get("number")));
        await().until(() -> got.size() == 8);
        polls(2);

        context.getRouteController().suspendRoute("reading");
        ids.subList(0, 2).forEach(id -> sandbox.update("invoices", id, Map.of("payment_status", "succeeded")));
        invoice("back-dated", 200);
        context.getRouteController().resumeRoute("reading");

        await().until(() -> got.size() == 9);
        polls(2);
        assertThat(got).hasSize(9).contains("back-dated");
    }

    @Test
    void aCustomerThatGoesHidesNoneThatCameWhileTheListWasRead() throws Exception {
        List<String> ids = IntStream.range(0, 3).mapToObj(i -> customer("c" + i)).toList();
        AtomicInteger requests = new AtomicInteger();
        sandbox.faults().on(request -> {
            switch (requests.incrementAndGet()) {
                // before the second page of the first poll: it is at the front, and not seen
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
    void aListThatShrinksAllTheTimeIsReadAgain() throws Exception {
        List<String> ids = IntStream.range(0, 40).mapToObj(i -> customer("c" + i)).toList();
        AtomicInteger gone = new AtomicInteger();
        sandbox.faults().on(request -> {
            if (!("&" + request.query()).contains("&page=1&") && gone.get() < 15) {
                // the newest one: those after it move to pages that were read already
                sandbox.remove("customers", ids.get(39 - gone.getAndIncrement()));
            }
            return false;
        }).status(500);
        from("lago:customers?readMode=new&perPage=1&prefetchPages=0&startScheduler=false", exchange -> got.add(name(exchange)));

        LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
        consumer.poll();
        assertThat(gone).hasValue(15);
        assertThat(got).as("more than the reader goes back for").doesNotContain("c20");
        consumer.poll();

        assertThat(got).contains(IntStream.range(0, 25).mapToObj(i -> "c" + i).toArray(String[]::new)).doesNotHaveDuplicates();
    }

    /** A minute back, or five seconds where nothing has come for long; a page holds one customer, one came every ten seconds. */
    @ParameterizedTest
    @CsvSource({"PT0S, 8", "PT24H, 2"})
    void aListThatIsNewestFirstIsReadSoFarBack(Duration ago, int pages) throws Exception {
        Clock clock = Clock.fixed(Instant.now().minus(ago), ZoneOffset.UTC);
        try (LagoSandbox old = LagoSandbox.builder().clock(clock).start()) {
            context.addComponent("old", component(context, old));
            for (int i = 0; i < 20; i++) {
                old.advance(Duration.ofSeconds(10));
                old.add("customers", Map.of("external_id", "c" + i));
            }
            from("old:customers?readMode=new&perPage=1&prefetchPages=0&startScheduler=false",
                    exchange -> got.add(name(exchange)));
            LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
            assertThat(consumer.poll()).isEqualTo(20);
            long before = old.requestCount();

            assertThat(consumer.poll()).isZero();
            assertThat(old.requestCount() - before).isEqualTo(pages);
        }
    }

    @Test
    void aStaleTotalHidesABackDatedInvoiceForAWhileOnly() throws Exception {
        try (LagoSandbox stale = LagoSandbox.builder().staleTotals(true).start()) {
            context.addComponent("stale", component(context, stale));
            for (int i = 0; i < 8; i++) {
                invoice(stale, "n" + i, 30 * i);
            }
            from("stale:invoices?readMode=new&perPage=2&startScheduler=false",
                    exchange -> got.add((String) exchange.getMessage().getBody(Map.class).get("number")));
            LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
            assertThat(consumer.poll()).isEqualTo(8);

            invoice(stale, "back-dated", 200);
            assertThat(consumer.poll()).isZero();
            stale.advance(Duration.ofMinutes(29));
            invoice(stale, "n8", 0);
            assertThat(consumer.poll()).isEqualTo(1);
            stale.forgetTotals();
            assertThat(consumer.poll()).isEqualTo(1);

            assertThat(got).contains("back-dated").doesNotHaveDuplicates();
        }
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
