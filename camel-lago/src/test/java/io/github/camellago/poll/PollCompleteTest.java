package io.github.camellago.poll;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.camellago.LagoConsumer;
import io.github.camellago.api.LagoException;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The message that {@code sendPollComplete} adds after a complete poll. */
class PollCompleteTest extends PollingTestSupport {

    private static final String INVOICES_OF_CUSTOMERS = "lago:customers/{external_customer_id}/invoices"
            + "?path.external_customer_id=*";

    private final List<Map<String, Object>> complete = new CopyOnWriteArrayList<>();
    private final List<Object> starts = new CopyOnWriteArrayList<>();
    private final AtomicBoolean fail = new AtomicBoolean();

    @Test
    void followsACompletePoll() throws Exception {
        add(5);
        LagoConsumer consumer = poll("lago:customers?readMode=all&perPage=2");
        Instant before = Instant.now();
        assertThat(consumer.poll()).isEqualTo(5);

        assertThat(got).hasSize(5);
        assertThat(complete).singleElement().satisfies(headers -> {
            assertThat(headers).containsEntry("CamelLagoPollComplete", true).containsEntry("CamelLagoPollRecords", 5L)
                    .containsEntry("CamelLagoResource", "customers");
            assertThat((Instant) headers.get("CamelLagoPollStarted")).isBetween(before, Instant.now());
        });
    }

    @Test
    void recordsHaveTheStartOfTheirPoll() throws Exception {
        add(3);
        LagoConsumer consumer = poll("lago:customers?readMode=all&perPage=2");
        consumer.poll();
        consumer.poll();

        List<Object> started = complete.stream().map(headers -> headers.get("CamelLagoPollStarted")).toList();
        assertThat(started).hasSize(2).doesNotHaveDuplicates();
        assertThat(starts).containsExactly(started.get(0), started.get(0), started.get(0), started.get(1), started.get(1),
                started.get(1));
    }

    @Test
    void countsRecordsAndNotMessages() throws Exception {
        add(5);
        LagoConsumer consumer = poll("lago:customers?readMode=changed&splitPages=false&perPage=2");
        consumer.poll();
        consumer.poll();

        assertThat(complete).extracting(headers -> headers.get("CamelLagoPollRecords")).containsExactly(5L, 0L);
    }

    @Test
    void doesNotFollowAPollThatWasLimited() throws Exception {
        add(5);
        LagoConsumer consumer = poll("lago:customers?readMode=all&maxMessagesPerPoll=3");
        consumer.poll();
        assertThat(complete).isEmpty();

        consumer.poll();
        assertThat(complete).hasSize(1);
    }

    @Test
    void doesNotFollowAPollInWhichAMessageFailed() throws Exception {
        add(5);
        LagoConsumer consumer = poll("lago:customers?readMode=all&exceptionHandler=#quiet");
        fail.set(true);
        consumer.poll();
        assertThat(complete).isEmpty();

        fail.set(false);
        consumer.poll();
        assertThat(complete).hasSize(1);
    }

    @Test
    void followsAPollWithAParentThatIsGone() throws Exception {
        List<Map<String, Object>> customers = add(3);
        customers.forEach(customer -> sandbox.add("invoices", Map.of("customer", customer)));
        sandbox.faults().on("GET", "/customers/x1/invoices").status(404).body(notFound("customer_not_found"));
        LagoConsumer consumer = poll(INVOICES_OF_CUSTOMERS);
        consumer.poll();

        assertThat(starts).hasSize(2);
        assertThat(complete).extracting(headers -> headers.get("CamelLagoPollRecords")).containsExactly(2L);
    }

    @Test
    void followsAPollWithAParentThatDoesNotHaveTheObject() throws Exception {
        add(1);
        for (String id : List.of("s1", "s2")) {
            sandbox.add("subscriptions", Map.of("external_id", id, "external_customer_id", "x0", "status", "active"));
        }
        sandbox.faults().on("GET", "/subscriptions/s1/lifetime_usage").status(404).body(notFound("lifetime_usage_not_found"));
        sandbox.faults().on("GET", "/subscriptions/s2/lifetime_usage").body("{\"lifetime_usage\":{\"lago_id\":\"l2\"}}");
        LagoConsumer consumer = poll("lago:subscriptions/{external_id}/lifetime_usage?path.external_id=*");
        consumer.poll();

        assertThat(starts).hasSize(1);
        assertThat(complete).hasSize(1);
    }

    @Test
    void doesNotFollowAPollWithAPathThatLagoDoesNotKnow() throws Exception {
        add(3);
        sandbox.faults().on("GET", "/customers/x1/invoices").status(404).body(notFound("resource_not_found"));
        LagoConsumer consumer = poll(INVOICES_OF_CUSTOMERS);

        assertThatThrownBy(consumer::poll).isInstanceOf(LagoException.class)
                .hasMessageStartingWith("Could not read the list of external_customer_id=x1: ");
        assertThat(complete).isEmpty();
    }

    @Test
    void doesNotFollowAPollWithALevelOfParentsThatLagoDoesNotKnow() throws Exception {
        add(2);
        sandbox.faults().on("GET", "/customers/x1/wallets").status(404).body(notFound("resource_not_found"));
        LagoConsumer consumer = poll("lago:customers/{external_customer_id}/wallets/{wallet_code}/alerts"
                + "?path.external_customer_id=*&path.wallet_code=*");

        assertThatThrownBy(consumer::poll).isInstanceOf(LagoException.class)
                .hasMessageStartingWith("Could not read the list of external_customer_id=x1: ");
        assertThat(complete).isEmpty();
    }

    private static String notFound(String code) {
        return "{\"status\":404,\"error\":\"Not Found\",\"code\":\"" + code + "\"}";
    }

    private LagoConsumer poll(String uri) throws Exception {
        from(uri + "&sendPollComplete=true&startScheduler=false", exchange -> {
            Message message = exchange.getMessage();
            if (message.getHeader("CamelLagoPollComplete") != null) {
                assertThat(message.getBody()).isNull();
                complete.add(Map.copyOf(message.getHeaders()));
            } else if (fail.get()) {
                throw new IllegalStateException("not now");
            } else {
                starts.add(message.getHeader("CamelLagoPollStarted"));
                got.add(message.getBody() instanceof List<?> page ? String.valueOf(page.size()) : name(exchange));
            }
        });
        return (LagoConsumer) context.getRoute("reading").getConsumer();
    }
}
