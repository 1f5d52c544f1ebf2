package io.github.camellago;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

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

    private String invoice(String number, int daysOld) {
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
