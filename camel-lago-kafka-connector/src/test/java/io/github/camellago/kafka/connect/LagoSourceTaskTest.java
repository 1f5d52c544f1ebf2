package io.github.camellago.kafka.connect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.test.LagoSandbox;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** The tests mostly wait for the next poll. */
@Execution(ExecutionMode.CONCURRENT)
class LagoSourceTaskTest {

    private final LagoSandbox sandbox = LagoSandbox.start();
    private final TestSourceContext context = new TestSourceContext();
    private LagoSourceTask task;

    @AfterEach
    void stop() {
        stopTask();
        sandbox.close();
    }

    @Test
    void deliversChangedRecordsOnceAcrossRestarts() throws Exception {
        customers(0, 250);
        start(Map.of());
        List<SourceRecord> first = take(250);
        context.commit(first, first.size());
        assertThat(first).allSatisfy(record -> {
            assertThat(record.topic()).isEqualTo("lago.customers");
            assertThat(record.value().toString()).contains("\"external_id\":\"" + record.key() + '"');
        });
        stopTask();
        sandbox.update("customers", lagoId("c-7"),
                Map.of("name", "Changed", "updated_at", "2030-01-01T00:00:00Z"));
        customers(250, 3);

        start(Map.of());

        assertThat(take(4)).extracting(SourceRecord::key).containsExactlyInAnyOrder("c-7", "c-250", "c-251", "c-252");
        assertNoMore();
    }

    @ParameterizedTest
    @ValueSource(strings = {"changed", "new"})
    void readsAgainWhatWasNotCommitted(String mode) throws Exception {
        customers(0, 120);
        start(Map.of("read.mode", mode));
        List<SourceRecord> first = take(120);
        context.commit(first, 50);
        stopTask();

        start(Map.of("read.mode", mode));

        List<Object> keys = new ArrayList<>(first.subList(0, 50).stream().map(SourceRecord::key).toList());
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            List<SourceRecord> more = task.poll();
            if (more != null) {
                more.forEach(record -> keys.add(record.key()));
            }
            assertThat(keys).contains((Object[]) first.stream().map(SourceRecord::key).toArray());
        });
        if (mode.equals("changed")) {
            assertThat(keys).doesNotHaveDuplicates();
        }
    }

    @Test
    void deliversNewRecordsOnceAcrossRestarts() throws Exception {
        customers(0, 120);
        start(Map.of("read.mode", "new"));
        context.commit(take(120), 120);
        stopTask();
        customers(120, 2);

        start(Map.of("read.mode", "new"));

        assertThat(take(2)).extracting(SourceRecord::key).containsExactlyInAnyOrder("c-120", "c-121");
        assertNoMore();
    }

    @Test
    void sendsATombstoneForADeletedRecord() throws Exception {
        customers(0, 5);
        start(Map.of("deletions", "true"));
        context.commit(take(5), 5);
        stopTask();
        sandbox.remove("customers", lagoId("c-2"));

        start(Map.of("deletions", "true"));

        List<SourceRecord> deleted = take(1);
        assertThat(deleted).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("c-2");
            assertThat(record.value()).isNull();
        });
        context.commit(deleted, 1);
        assertThat(context.offsets().values().toString()).doesNotContain("c-2");
        assertNoMore();
    }

    /** The consumer stores a digest of a key with more than 200 characters. The fields beside the id have 41. */
    @ParameterizedTest
    @ValueSource(ints = {1, 159, 160, 250})
    void deliversEventsWithLongKeysAndLineBreaksOnceAcrossRestarts(int length) throws Exception {
        send("a".repeat(length), "b".repeat(length) + "\n", "c");
        start(Map.of("resources", "events"));
        List<SourceRecord> first = take(3);
        context.commit(first, 3);
        stopTask();
        send("d".repeat(length));

        start(Map.of("resources", "events"));

        assertThat(take(1)).extracting(SourceRecord::key).containsExactly("d".repeat(length));
        assertThat(first).extracting(SourceRecord::key).containsExactlyInAnyOrder("a".repeat(length),
                "b".repeat(length) + "\n", "c");
        assertThat(first).allSatisfy(record -> assertThat(new ObjectMapper().readTree(record.value().toString())
                .get("transaction_id").asText()).isEqualTo(record.key()));
        assertNoMore();
    }

    private void send(String... ids) {
        LagoEventsSinkTask sink = new LagoEventsSinkTask();
        sink.initialize(new TestSinkContext().get());
        sink.start(Map.of("lago.api.key", sandbox.apiKey(), "lago.base.url", sandbox.baseUrl()));
        sink.put(Stream.of(ids).map(id -> new SinkRecord("usage", 0, null, null, null, Map.of("transaction_id", id,
                "external_subscription_id", "sub-1", "code", "api_calls", "timestamp", 1_760_000_000), 0)).toList());
        sink.stop();
    }

    @Test
    void readsTheListsOfAllParents() throws Exception {
        customers(0, 2);
        start(Map.of("resources", "customers/{external_customer_id}/wallets,customers", "read.mode", "all", "poll.interval.ms",
                "3600000"));

        assertThat(take(2)).extracting(SourceRecord::topic).containsOnly("lago.customers");
    }

    @Test
    void failsIfTheKeyIsNotAccepted() {
        start(Map.of("lago.api.key", "revoked"));

        assertThatThrownBy(() -> {
            while (true) {
                task.poll();
            }
        }).isInstanceOf(ConnectException.class).hasMessageContaining("lago.api.key").hasMessageNotContaining("revoked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a)&filter.currency=USD", "100%", "{{x}}", "#bean:x", "a+b@x.com"})
    void filterValuesReachLagoUnchanged(String value) throws Exception {
        customers(0, 2);
        sandbox.add("customers", Map.of("external_id", value, "name", "Match"));
        start(Map.of("filter.customers.external_id", value));

        assertThat(take(1)).extracting(SourceRecord::key).containsExactly(value);
        assertNoMore();
    }

    @Test
    void readsAListAgainOnlyIfItsFiltersWereChanged() throws Exception {
        customers(0, 3);
        start(Map.of());
        context.commit(take(3), 3);
        stopTask();
        start(Map.of("topic.prefix", "other."));
        assertNoMore();
        stopTask();

        start(Map.of("filter.customers.external_id", "c-1"));

        assertThat(take(1)).extracting(SourceRecord::key).containsExactly("c-1");
        assertNoMore();
    }

    @Test
    void stopsInTimeAlthoughLagoDoesNotAnswer() {
        sandbox.faults().on("GET", "/customers").delay(Duration.ofMinutes(1));
        start(Map.of());
        await().atMost(Duration.ofMinutes(1)).until(() -> sandbox.requestCount() > 0);

        assertTimeoutPreemptively(Duration.ofSeconds(20), this::stopTask);
    }

    private void customers(int from, int count) {
        for (int i = from; i < from + count; i++) {
            sandbox.add("customers", Map.of("external_id", "c-" + i, "name", "Customer " + i));
        }
    }

    private String lagoId(String externalId) {
        return sandbox.records("customers").stream().filter(customer -> customer.get("external_id").equals(externalId))
                .findFirst()
                .orElseThrow().get("lago_id").toString();
    }

    private void start(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(
                Map.of("lago.api.key", sandbox.apiKey(), "lago.base.url", sandbox.baseUrl(),
                        "resources", "customers", "poll.interval.ms", "50"));
        properties.putAll(more);
        task = new LagoSourceTask();
        task.initialize(context.get());
        task.start(properties);
    }

    private void stopTask() {
        if (task != null) {
            task.stop();
            task = null;
        }
    }

    private List<SourceRecord> take(int count) {
        List<SourceRecord> taken = new ArrayList<>();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            List<SourceRecord> some = task.poll();
            if (some != null) {
                taken.addAll(some);
            }
            assertThat(taken).hasSizeGreaterThanOrEqualTo(count);
        });
        assertThat(taken).hasSize(count);
        return taken;
    }

    /** Two more polls find nothing. */
    private void assertNoMore() throws Exception {
        long before = sandbox.requestCount();
        while (sandbox.requestCount() < before + 12) {
            assertThat(task.poll()).isNull();
        }
    }
}
