package io.github.camellago.test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(LagoSandboxExtension.class)
class EventsTest {

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void connect() {
        api = new Api(sandbox);
    }

    private static Map<String, Object> event(String id, Object timestamp) {
        Map<String, Object> event = new HashMap<>(Api.event(id));
        event.put("timestamp", timestamp);
        return event;
    }

    private static Map<String, Object> without(String field) {
        Map<String, Object> event = new HashMap<>(Api.event("tx"));
        event.remove(field);
        return event;
    }

    private static Map<String, Object> batch(Object... events) {
        return Map.of("events", List.of(events));
    }

    private static Map<String, Object> batch(int from, int to) {
        List<Object> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            events.add(Api.event("tx-" + i));
        }
        return Map.of("events", events);
    }

    @Test
    void storesAnEvent() {
        Map<String, Object> sent = new HashMap<>(Api.event("tx"));
        sent.put("properties", Map.of("gb", "0.10", "n", 3));
        Api.Answer answer = api.post("/events", Map.of("event", sent));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("event.transaction_id")).isEqualTo("tx");
        assertThat(answer.at("event.timestamp")).isEqualTo("2023-11-14T22:13:20.000Z");
        assertThat(answer.json().at("/event/lago_customer_id").isNull()).isTrue();
        assertThat(sandbox.events()).hasSize(1);
        assertThat(sandbox.events().get(0)).containsEntry("properties", Map.of("gb", "0.10", "n", 3));
        assertThat(api.get("/events/tx").at("event.properties.gb")).isEqualTo("0.10");
    }

    @Test
    void acceptsTimestampsInSecondsAsNumbersOrStrings() {
        assertThat(api.post("/events", Map.of("event", event("a", 1_700_000_000.123))).at("event.timestamp"))
                .isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(api.post("/events", Map.of("event", event("b", "1700000000.5"))).at("event.timestamp"))
                .isEqualTo("2023-11-14T22:13:20.500Z");
        Api.Answer iso = api.post("/events", Map.of("event", event("c", "2023-11-14T22:13:20Z")));
        assertThat(iso.status()).isEqualTo(422);
        assertThat(iso.at("error_details.timestamp.0")).isEqualTo("invalid_format");
        assertThat(api.post("/events", Map.of("event", without("timestamp"))).status()).isEqualTo(200);
    }

    @Test
    void rejectsADuplicate() {
        api.ok("POST", "/events", Map.of("event", Api.event("tx")));
        Api.Answer again = api.post("/events", Map.of("event", Api.event("tx")));
        assertThat(again.status()).isEqualTo(422);
        assertThat(again.code()).isEqualTo("validation_errors");
        assertThat(again.at("error_details.transaction_id.0")).isEqualTo("value_already_exist");
        assertThat(api.post("/events", Map.of("event", event("tx", 1_800_000_000))).status()).isEqualTo(422);
        assertThat(sandbox.events()).hasSize(1);
    }

    @Test
    void rejectsAnEventWithoutTransactionIdOrCode() {
        for (String field : new String[]{"transaction_id", "code"}) {
            Api.Answer answer = api.post("/events", Map.of("event", without(field)));
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.at("error_details." + field + ".0")).isEqualTo("value_is_mandatory");
        }
        assertThat(api.post("/events", Map.of()).status()).isEqualTo(400);
        assertThat(sandbox.events()).isEmpty();
    }

    @Test
    void acceptsRepeatedEventsWithoutASubscription() {
        for (int i = 1; i <= 2; i++) {
            assertThat(api.post("/events", Map.of("event", without("external_subscription_id"))).status()).isEqualTo(200);
            assertThat(sandbox.events()).hasSize(i);
        }
    }

    @Test
    void storesAValidBatch() {
        Api.Answer answer = api.post("/events/batch", batch(0, 100));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("events")).hasSize(100);
        assertThat(sandbox.events()).hasSize(100);
        assertThat(sandbox.eventCount()).isEqualTo(100);
    }

    @Test
    void storesNothingOfABatchWithAnInvalidEvent() {
        api.ok("POST", "/events", Map.of("event", Api.event("known")));
        Api.Answer answer = api.post("/events/batch",
                batch(Api.event("good"), Api.event("known"), Api.event("twice"), Api.event("twice")));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("error_details").toString())
                .isEqualTo("{\"1\":{\"transaction_id\":[\"value_already_exist\"]},"
                        + "\"3\":{\"transaction_id\":[\"value_already_exist\"]}}");
        assertThat(api.post("/events/batch", batch(Api.event("known"), without("code"))).json().get("error_details").toString())
                .as("duplicates are checked after all events are valid")
                .isEqualTo("{\"1\":{\"code\":[\"value_is_mandatory\"]}}");
        assertThat(sandbox.events()).hasSize(1);
    }

    @Test
    void reportsAllEventsOfARepeatedBatchAsDuplicates() {
        api.ok("POST", "/events/batch", batch(0, 100));
        Api.Answer again = api.post("/events/batch", batch(0, 100));
        assertThat(again.status()).isEqualTo(422);
        assertThat(again.json().get("error_details")).hasSize(100);
        assertThat(sandbox.events()).hasSize(100);
    }

    @Test
    void acceptsBatchesOfOneToAHundredEvents() {
        for (Object empty : new Object[]{Map.of(), Map.of("events", List.of())}) {
            Api.Answer none = api.post("/events/batch", empty);
            assertThat(none.status()).isEqualTo(422);
            assertThat(none.at("error_details.events.0")).isEqualTo("no_events");
        }
        assertThat(api.post("/events/batch", batch(0, 101)).at("error_details.events.0")).isEqualTo("too_many_events");
        assertThat(sandbox.events()).isEmpty();
        try (LagoSandbox small = LagoSandbox.builder().maxBatchSize(10).start()) {
            assertThat(new Api(small).post("/events/batch", batch(0, 11)).at("error_details.events.0"))
                    .isEqualTo("too_many_events");
            assertThat(new Api(small).post("/events/batch", batch(0, 10)).status()).isEqualTo(200);
        }
    }

    @Test
    void storesTheSameTransactionOfAnotherSubscription() {
        Map<String, Object> other = new HashMap<>(Api.event("tx"));
        other.put("external_subscription_id", "other");
        assertThat(api.post("/events/batch", batch(Api.event("tx"))).status()).isEqualTo(200);
        assertThat(api.post("/events/batch", batch(other)).status()).isEqualTo(200);
        assertThat(sandbox.events()).hasSize(2);
    }

    @Test
    void rejectsABatchWithOneTransactionForTwoSubscriptions() {
        Map<String, Object> other = new HashMap<>(Api.event("tx"));
        other.put("external_subscription_id", "other");
        Api.Answer both = api.post("/events/batch", batch(Api.event("tx"), other));
        assertThat(both.json().get("error_details").toString())
                .isEqualTo("{\"1\":{\"transaction_id\":[\"value_already_exist\"]}}");
        assertThat(sandbox.events()).isEmpty();

        api.ok("POST", "/events", Map.of("event", Api.event("tx")));
        assertThat(api.post("/events/batch", batch(Api.event("tx"), other)).json().get("error_details").toString())
                .as("the reported event may differ from the known one")
                .isEqualTo("{\"1\":{\"transaction_id\":[\"value_already_exist\"]}}");
    }

    @Test
    void overwritesTheFieldWithTheValueOfTheExpression() {
        api.create("billable_metrics", "billable_metric", Map.of("name", "M", "code", "minutes", "aggregation_type", "sum_agg",
                "field_name", "minutes", "expression", "event.properties.seconds / 60 + event.properties.extra"));
        Map<String, Object> event = new HashMap<>(Api.event("tx"));
        event.put("code", "minutes");
        event.put("properties", Map.of("seconds", "90", "extra", 1));
        assertThat(api.ok("POST", "/events", Map.of("event", event)).at("event.properties.minutes")).isEqualTo("2.5");
        event.put("transaction_id", "tx2");
        event.put("properties", Map.of("seconds", "90"));
        assertThat(api.post("/events", Map.of("event", event)).at("error_details"))
                .startsWith("expression_evaluation_failed: ").contains("extra");
        assertThat(api.post("/events/batch", batch(event)).at("error_details.0"))
                .startsWith("expression_evaluation_failed: ").contains("extra");
        assertThat(sandbox.events()).hasSize(1);
    }

    @Test
    void oldServersStoreTheValidEventsOfARejectedBatch() {
        try (LagoSandbox old = LagoSandbox.builder().partialBatches(true).start()) {
            Api calls = new Api(old);
            Api.Answer answer = calls.post("/events/batch", batch(Api.event("a"), without("code"), Api.event("b")));
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.json().get("error_details").toString()).isEqualTo("{\"1\":{\"code\":[\"value_is_mandatory\"]}}");
            assertThat(old.events()).extracting(event -> event.get("transaction_id")).containsExactlyInAnyOrder("a", "b");
            assertThat(calls.post("/events/batch", batch(Api.event("a"))).at("error_details.0.transaction_id.0"))
                    .isEqualTo("value_already_exist");
        }
    }

    @Test
    void clickhouseAcceptsDuplicatesAndStoresOtherTimestampsAgain() {
        try (LagoSandbox clickhouse = LagoSandbox.builder().clickhouse(true).start()) {
            Api calls = new Api(clickhouse);
            assertThat(calls.post("/events", Map.of("event", event("tx", 1_700_000_000))).status()).isEqualTo(200);
            assertThat(calls.post("/events", Map.of("event", event("tx", 1_700_000_000))).status()).isEqualTo(200);
            assertThat(calls.post("/events/batch", batch(event("tx", 1_700_000_000), event("tx", 1_700_000_000))).status())
                    .isEqualTo(200);
            assertThat(clickhouse.events()).hasSize(1);
            assertThat(calls.post("/events", Map.of("event", event("tx", 1_700_000_001))).status()).isEqualTo(200);
            assertThat(clickhouse.events()).hasSize(2);
        }
    }

    @Test
    void onlyClickhouseLooksUpTheSubscriptionOfAnEvent() {
        for (boolean clickhouse : new boolean[]{false, true}) {
            try (LagoSandbox server = LagoSandbox.builder().clickhouse(clickhouse).start()) {
                Object before = server.add("subscriptions", Map.of("external_id", "sub", "status", "terminated", "started_at",
                        "2023-01-01T00:00:00Z", "terminated_at", "2023-11-01T00:00:00Z")).get("lago_id");
                Object then = server.add("subscriptions", Map.of("external_id", "sub", "status", "terminated", "started_at",
                        "2023-11-01T00:00:00Z", "terminated_at", "2023-12-01T00:00:00Z")).get("lago_id");
                server.add("subscriptions", Map.of("external_id", "sub", "started_at", "2024-01-01T00:00:00Z"));
                Api calls = new Api(server);
                calls.ok("POST", "/events", Map.of("event", Api.event("tx")));
                Object shown = calls.get("/events/tx").json().at("/event/lago_subscription_id").textValue();
                assertThat(shown).isNotEqualTo(before).isEqualTo(clickhouse ? then : null);
            }
        }
    }

    @Test
    void clickhouseListsByIngestionAndHasOtherIds() {
        try (LagoSandbox clickhouse = LagoSandbox.builder().clickhouse(true).start()) {
            Api calls = new Api(clickhouse);
            calls.ok("POST", "/events", Map.of("event", event("newer", 1_700_000_000)));
            calls.ok("POST", "/events", Map.of("event", event("older", 1_600_000_000)));
            assertThat(calls.get("/events").each("events", "transaction_id")).containsExactly("older", "newer");
            assertThat(calls.get("/events").at("events.0.lago_id").length()).isGreaterThan(36);
        }
    }

    @Test
    void countsEventsWithoutStoringThem() {
        try (LagoSandbox endless = LagoSandbox.builder().storeEvents(false).start()) {
            Api calls = new Api(endless);
            calls.ok("POST", "/events/batch", batch(0, 100));
            assertThat(calls.post("/events/batch", batch(without("code"))).status()).isEqualTo(422);
            assertThat(endless.eventCount()).isEqualTo(100);
            assertThat(endless.events()).isEmpty();
        }
    }

    @Test
    void sortsByTimestampAndFilters() {
        api.ok("POST", "/events/batch",
                batch(event("old", 1_600_000_000), event("new", 1_700_000_000), event("mid", 1_650_000_000)));
        assertThat(api.get("/events").each("events", "transaction_id")).containsExactly("new", "mid", "old");
        assertThat(api.get("/events?timestamp_from=2022-01-01T00:00:00Z").each("events", "transaction_id"))
                .containsExactly("new", "mid");
        assertThat(api.get("/events?timestamp_to=2022-01-01T00:00:00Z").each("events", "transaction_id"))
                .containsExactly("old");
        assertThat(api.get("/events?code=other").json().get("events")).isEmpty();
        assertThat(api.get("/events?external_subscription_id=sub").number("meta.total_count")).isEqualTo("3");
    }

    @Test
    void storesConcurrentBatchesOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int from = i / 2 * 100;
                calls.add(() -> api.post("/events/batch", batch(from, from + 100)).status());
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> call : pool.invokeAll(calls)) {
                statuses.add(call.get());
            }
            assertThat(statuses).filteredOn(status -> status == 200).hasSize(100);
            assertThat(statuses).filteredOn(status -> status == 422).hasSize(100);
            assertThat(sandbox.events()).hasSize(10_000);
            assertThat(sandbox.requestCount()).isEqualTo(200);
            assertThat(sandbox.statusCount(200)).isEqualTo(100);
        } finally {
            pool.shutdownNow();
        }
    }
}
