package io.github.camellago.poll;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.camellago.LagoConsumer;
import io.github.camellago.api.JdbcRecordRepository;
import io.github.camellago.api.LagoException;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.SandboxRequest;
import org.apache.camel.Message;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Deleted records, with {@code deletions=true}. */
class DeletionsTest extends PollingTestSupport {

    private static final String URI = "lago:customers?startScheduler=false&deletions=true&exceptionHandler=#quiet";

    private final List<Map<String, Object>> deleted = new ArrayList<>();
    private final AtomicBoolean fail = new AtomicBoolean();

    @Test
    void deliversADeletedRecordOnce() throws Exception {
        List<Map<String, Object>> customers = add(5);
        LagoConsumer consumer = reading(URI + "&perPage=2");
        assertThat(consumer.poll()).isEqualTo(5);
        remove(customers.get(2));

        assertThat(consumer.poll()).isEqualTo(1);
        assertThat(deleted).singleElement().satisfies(headers -> assertThat(headers).containsEntry("CamelLagoDeleted", true)
                .containsEntry("CamelLagoId", "x2").containsEntry("CamelLagoRecordKey", customers.get(2).get("lago_id"))
                .containsEntry("CamelLagoResource", "customers"));
        assertThat(consumer.poll()).isZero();
        assertThat(got).hasSize(5);
    }

    @Test
    void deliversADeletionAgainIfItsExchangeFails() throws Exception {
        List<Map<String, Object>> customers = add(2);
        LagoConsumer consumer = reading(URI);
        consumer.poll();
        remove(customers.get(0));
        fail.set(true);
        consumer.poll();
        fail.set(false);
        deleted.clear();

        assertThat(consumer.poll()).isEqualTo(1);
        assertThat(deleted).hasSize(1);
        assertThat(consumer.poll()).isZero();
    }

    @Test
    void recordsOfAnotherOrganizationInTheSameTableAreNotDeleted() throws Exception {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:organizations;DB_CLOSE_DELAY=-1");
        context.getRegistry().bind("shared", new JdbcRecordRepository(database));
        try (LagoSandbox other = LagoSandbox.start()) {
            add(3);
            other.add("customers", Map.of("external_id", "other"));
            String account = "&apiKey=" + other.apiKey() + "&baseUrl=" + other.baseUrl();
            for (String options : List.of("", account, "", account)) {
                reading(URI + "&idempotentRepository=#shared" + options).poll();
                context.getRouteController().stopRoute("reading");
                context.removeRoute("reading");
            }

            assertThat(deleted).isEmpty();
            assertThat(got).hasSize(4);
        }
    }

    @Test
    void aKeyThatMayNotReadTheOrganizationFindsDeletions() throws Exception {
        List<Map<String, Object>> customers = add(3);
        LagoConsumer consumer = reading(URI + "&apiKey=" + sandbox.createKey("customer:read"));
        assertThat(consumer.poll()).isEqualTo(3);
        remove(customers.get(1));

        assertThat(consumer.poll()).isEqualTo(1);
        assertThat(deleted).hasSize(1);
    }

    @Test
    void aRecordThatLeavesTheFilterIsNotDeletedAndNotLookedUpForever() throws Exception {
        String id = (String) sandbox.add("invoices", Map.of("payment_status", "failed", "status", "finalized")).get("lago_id");
        sandbox.add("invoices", Map.of("payment_status", "failed", "status", "finalized"));
        LagoConsumer consumer = reading("lago:invoices?startScheduler=false&deletions=true&filter.payment_status=failed");
        assertThat(consumer.poll()).isEqualTo(2);
        sandbox.update("invoices", id, Map.of("payment_status", "succeeded"));
        consumer.poll();
        consumer.poll();
        long lookups = lookups(id);
        consumer.poll();
        consumer.poll();

        assertThat(lookups).isBetween(1L, 2L);
        assertThat(lookups(id)).isEqualTo(lookups);
        assertThat(deleted).isEmpty();

        sandbox.update("invoices", id,
                Map.of("payment_status", "failed", "updated_at", sandbox.now().plusSeconds(60).toString()));
        assertThat(consumer.poll()).isEqualTo(1);
        sandbox.remove("invoices", id);
        assertThat(consumer.poll()).isEqualTo(1);
        assertThat(deleted).extracting(headers -> headers.get("CamelLagoId")).containsExactly(id);
    }

    @Test
    void aRecordThatComesBackUnchangedIsWatchedAgain() throws Exception {
        String id = (String) sandbox.add("plans", Map.of("code", "a")).get("lago_id");
        AtomicBoolean hidden = new AtomicBoolean();
        LagoConsumer consumer = reading("lago:plans?startScheduler=false&deletions=true&perPage=10");
        assertThat(consumer.poll()).isEqualTo(1);
        sandbox.faults().on(request -> hidden.get() && request.path().endsWith("/plans"))
                .body("{\"plans\":[],\"meta\":{\"current_page\":0,\"next_page\":null,\"total_pages\":0,\"total_count\":0}}");
        hidden.set(true);
        consumer.poll();
        consumer.poll();
        consumer.poll();
        hidden.set(false);
        assertThat(consumer.poll()).isZero();
        sandbox.remove("plans", id);

        assertThat(consumer.poll()).isEqualTo(1);
        assertThat(deleted).hasSize(1);
    }

    @Test
    void aRecordCreatedAgainUnderTheSameCodeIsNewAndTheOldOneIsDeleted() throws Exception {
        Map<String, Object> old = sandbox.add("plans", Map.of("code", "basic"));
        LagoConsumer consumer = reading("lago:plans?startScheduler=false&deletions=true");
        consumer.poll();
        sandbox.remove("plans", (String) old.get("lago_id"));
        Map<String, Object> created = sandbox.add("plans", Map.of("code", "basic"));

        assertThat(consumer.poll()).isEqualTo(2);
        assertThat(got).containsExactly((String) old.get("lago_id"), (String) created.get("lago_id"));
        assertThat(deleted).singleElement().satisfies(headers -> assertThat(headers).containsEntry("CamelLagoId", "basic")
                .containsEntry("CamelLagoRecordKey", old.get("lago_id")));
        assertThat(consumer.poll()).isZero();
    }

    @Test
    void aLimitedPollFindsNoDeletion() throws Exception {
        List<Map<String, Object>> customers = add(4);
        LagoConsumer consumer = reading(URI + "&maxMessagesPerPoll=2");
        consumer.poll();
        remove(customers.get(3));
        assertThat(consumer.poll()).isEqualTo(2);
        assertThat(deleted).isEmpty();

        consumer.poll();
        assertThat(deleted).hasSize(1);
    }

    @Test
    void aProxysNotFoundIsNoDeletion() throws Exception {
        List<Map<String, Object>> customers = add(2);
        LagoConsumer consumer = reading(URI + "&maxRetries=0");
        consumer.poll();
        remove(customers.get(0));
        sandbox.faults().on(request -> request.path().endsWith("/customers/x0")).times(1).html(404);
        assertThatThrownBy(consumer::poll).isInstanceOf(LagoException.class);
        assertThat(deleted).isEmpty();

        assertThat(consumer.poll()).isEqualTo(1);
        assertThat(deleted).hasSize(1);
    }

    @Test
    void aRecordThatCannotBeLookedUpDoesNotHoldUpTheOthers() throws Exception {
        List<Map<String, Object>> customers = add(3);
        LagoConsumer consumer = reading(URI + "&maxRetries=0");
        consumer.poll();
        customers.forEach(this::remove);
        sandbox.faults().on(request -> request.path().endsWith("/customers/x1")).status(500);

        assertThatThrownBy(consumer::poll).isInstanceOf(LagoException.class).hasMessageContaining("customers/x1");
        assertThat(deleted).extracting(headers -> headers.get("CamelLagoId")).containsExactlyInAnyOrder("x0", "x2");
    }

    @Test
    void deletionsAreFoundAfterARestart() throws Exception {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:deletions;DB_CLOSE_DELAY=-1");
        context.getRegistry().bind("store", new JdbcRecordRepository(database));
        List<Map<String, Object>> customers = add(5);
        assertThat(reading(URI + "&idempotentRepository=#store&perPage=2").poll()).isEqualTo(5);
        context.getRouteController().stopRoute("reading");
        context.removeRoute("reading");
        remove(customers.get(0));
        remove(customers.get(4));
        context.getRegistry().bind("store", new JdbcRecordRepository(database));

        LagoConsumer consumer = reading(URI + "&idempotentRepository=#store&perPage=3");
        assertThat(consumer.poll()).isEqualTo(2);
        assertThat(deleted).extracting(headers -> headers.get("CamelLagoId")).containsExactlyInAnyOrder("x0", "x4");
        assertThat(consumer.poll()).isZero();
    }

    @Test
    void recordsOfEachParentAreComparedWithTheListOfThatParent() throws Exception {
        for (String plan : List.of("a", "b")) {
            sandbox.add("plans", Map.of("code", plan));
        }
        Map<String, Object> charge = charge("a", "one");
        charge("b", "one");
        LagoConsumer consumer = reading("lago:plans/{code}/charges?startScheduler=false&deletions=true&path.code=*");
        assertThat(consumer.poll()).isEqualTo(2);
        template.requestBody("lago:plans/a/charges?operation=delete&id=one", (Object) null);

        assertThat(consumer.poll()).isEqualTo(1);
        assertThat(deleted).singleElement().satisfies(headers -> assertThat(headers).containsEntry("CamelLagoPath.code", "a")
                .containsEntry("CamelLagoId", "one").containsEntry("CamelLagoRecordKey", charge.get("lago_id")));
    }

    private Map<String, Object> charge(String plan, String code) {
        if (sandbox.records("billable_metrics").isEmpty()) {
            sandbox.add("billable_metrics", Map.of("code", "metric", "aggregation_type", "count_agg"));
        }
        Object metric = sandbox.records("billable_metrics").get(0).get("lago_id");
        return template.requestBody("lago:plans/" + plan + "/charges?operation=create", Map.of("code", code,
                "billable_metric_id", metric, "charge_model", "standard", "properties", Map.of("amount", "1")), Map.class);
    }

    @ParameterizedTest
    @CsvSource({"lago:customers?deletions=true&readMode=new, readMode=changed",
            "lago:customers?deletions=true&readMode=all, readMode=changed",
            "lago:customers?deletions=true&idempotentRepository=#keys, JdbcRecordRepository",
            "lago:subscriptions?deletions=true, no call that finds each record",
            "lago:applied_coupons?deletions=true, no call that finds each record",
            "lago:activity_logs?deletions=true, no call that finds each record",
            "lago:events?deletions=true, no call that finds each record",
            "lago:analytics/mrr?deletions=true, no call that finds each record",
            "lago:quotes/{lago_id}?operation=versions&path.lago_id=*&deletions=true, no call that finds each record"})
    void refusesWhereDeletionsCannotBeFound(String uri, String message) {
        context.getRegistry().bind("keys", new MemoryIdempotentRepository());
        assertThatThrownBy(() -> from(uri, exchange -> {})).hasStackTraceContaining(message);
    }

    private void remove(Map<String, Object> customer) {
        sandbox.remove("customers", (String) customer.get("lago_id"));
    }

    private long lookups(String id) {
        return sandbox.requests().stream().map(SandboxRequest::path).filter(path -> path.endsWith('/' + id)).count();
    }

    private LagoConsumer reading(String uri) throws Exception {
        from(uri, exchange -> {
            Message message = exchange.getMessage();
            if (Boolean.TRUE.equals(message.getHeader("CamelLagoDeleted"))) {
                assertThat(message.getBody()).isNull();
                if (fail.get()) {
                    throw new IllegalStateException("not now");
                }
                deleted.add(Map.copyOf(message.getHeaders()));
            } else {
                got.add((String) message.getBody(Map.class).get("lago_id"));
            }
        });
        return (LagoConsumer) context.getRoute("reading").getConsumer();
    }
}
