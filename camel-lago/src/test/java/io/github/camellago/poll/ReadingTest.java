package io.github.camellago.poll;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.BodyType;
import io.github.camellago.LagoConsumer;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.client.Json;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Which records a poll delivers, and in which form. */
class ReadingTest extends RouteTestSupport {

    private static final String OFTEN = "&delay=20&initialDelay=0";

    private final List<Exchange> got = new CopyOnWriteArrayList<>();

    @Test
    void deliversEachRecordOnce() throws Exception {
        List<String> ids = invoices(7);
        read("lago:invoices?perPage=3");

        await().until(() -> got.size() == 7);
        polls(3);

        assertThat(ids(got)).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void deliversChangedRecords() throws Exception {
        List<String> ids = invoices(5);
        read("lago:invoices?perPage=2");
        await().until(() -> got.size() == 5);

        sandbox.advance(Duration.ofSeconds(5));
        sandbox.update("invoices", ids.get(2), Map.of("payment_status", "succeeded"));
        await().until(() -> got.size() == 6);
        polls(3);

        assertThat(got).hasSize(6);
        assertThat(body(got.get(5))).containsEntry("lago_id", ids.get(2)).containsEntry("payment_status", "succeeded");
    }

    @ParameterizedTest
    @EnumSource(BodyType.class)
    void deliversTheWholeBodyOfAChangedRecordAmongUnchangedOnes(BodyType bodyType) throws Exception {
        List<String> ids = invoices(5);
        read("lago:invoices?bodyType=" + bodyType);
        await().until(() -> got.size() == 5);
        polls(2);

        sandbox.advance(Duration.ofSeconds(5));
        sandbox.update("invoices", ids.get(3), Map.of("payment_status", "succeeded"));
        await().until(() -> got.size() == 6);

        Object changed = got.get(5).getMessage().getBody();
        JsonNode json = changed instanceof String text ? Json.mapper().readTree(text) : Json.mapper().valueToTree(changed);
        Map<String, Object> expected = sandbox.records("invoices").stream().filter(r -> ids.get(3).equals(r.get("lago_id")))
                .findFirst().orElseThrow();
        assertThat(json.path("payment_status").asText()).isEqualTo("succeeded");
        assertThat(json.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(expected.keySet());
    }

    @Test
    void findsASecondChangeWithinTheSameSecond() throws Exception {
        List<String> ids = invoices(1);
        sandbox.update("invoices", ids.get(0), Map.of("payment_status", "failed", "updated_at", sandbox.now().toString()));
        read("lago:invoices?perPage=2");
        await().until(() -> got.size() == 1);

        String updated = (String) body(got.get(0)).get("updated_at");
        sandbox.update("invoices", ids.get(0), Map.of("payment_status", "succeeded", "updated_at", updated));
        await().until(() -> got.size() == 2);
        polls(3);

        assertThat(got).hasSize(2);
        assertThat(body(got.get(1))).containsEntry("payment_status", "succeeded");
    }

    /** Lago's clock is behind or ahead of this machine's. */
    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT1H"})
    void findsASecondChangeWithinTheSameSecondWhateverTheLocalClockSays(Duration apart) throws Exception {
        try (LagoSandbox lago = LagoSandbox.builder().clock(Clock.offset(Clock.systemUTC(), apart)).start()) {
            context.addComponent("other", component(context, lago));
            String updated = lago.now().toString();
            String id = (String) lago.add("invoices", Map.of("payment_status", "failed", "updated_at", updated)).get("lago_id");
            read("other:invoices?startScheduler=false");
            LagoConsumer consumer = (LagoConsumer) context.getRoutes().get(0).getConsumer();
            assertThat(consumer.poll()).isEqualTo(1);

            lago.update("invoices", id, Map.of("payment_status", "succeeded", "updated_at", updated));
            assertThat(consumer.poll()).isEqualTo(1);
            assertThat(consumer.poll()).isZero();
        }
    }

    @Test
    void findsASecondChangeWithinTheSameSecondWhateverTheDateHeaderSays() throws Exception {
        read("lago:invoices?startScheduler=false");
        LagoConsumer consumer = (LagoConsumer) context.getRoutes().get(0).getConsumer();
        for (String apart : List.of("PT-1H", "PT1H")) {
            String updated = sandbox.now().toString();
            String id = (String) sandbox.add("invoices", Map.of("payment_status", "failed", "updated_at", updated))
                    .get("lago_id");
            sandbox.faults().on("GET", "/invoices").header("Date", DateTimeFormatter.RFC_1123_DATE_TIME
                    .format(sandbox.now().plus(Duration.parse(apart)).atOffset(ZoneOffset.UTC)));
            assertThat(consumer.poll()).isEqualTo(1);

            sandbox.update("invoices", id, Map.of("payment_status", "succeeded", "updated_at", updated));
            assertThat(consumer.poll()).isEqualTo(1);
            assertThat(consumer.poll()).isZero();
            sandbox.faults().clear();
        }
    }

    @Test
    void findsChangesByContentIfThereIsNoUpdatedAt() throws Exception {
        Map<String, Object> plan = sandbox.add("plans", Map.of("code", "basic", "name", "A"));
        read("lago:plans");
        await().until(() -> got.size() == 1);

        for (String name : List.of("B", "A", "B")) {
            int before = got.size();
            sandbox.update("plans", (String) plan.get("lago_id"), Map.of("name", name));
            await().until(() -> got.size() == before + 1);
            polls(2);
            assertThat(got).hasSize(before + 1);
            assertThat(body(got.get(before))).containsEntry("name", name);
        }
    }

    @Test
    void ignoresTheOrderOfKeys() throws Exception {
        String page = "{\"plans\": [%s], \"meta\": {\"current_page\": 1, \"next_page\": null, \"total_pages\": 1, \"total_count\": 1}}";
        List<String> answers = List.of("{\"lago_id\": \"p1\", \"name\": \"A\", \"tax\": {\"rate\": 1.0, \"code\": \"t\"}}",
                "{\"tax\":{\"code\":\"t\",\"rate\":1.0},\"name\":\"A\",\"lago_id\":\"p1\"}",
                "{\"tax\":{\"code\":\"t\",\"rate\":1.1},\"name\":\"A\",\"lago_id\":\"p1\"}");
        read("lago:plans?startScheduler=false");
        LagoConsumer consumer = (LagoConsumer) context.getRoutes().get(0).getConsumer();
        List<Integer> delivered = new ArrayList<>();
        for (String answer : answers) {
            sandbox.faults().on("GET", "/plans").times(1).body(page.formatted(answer));
            delivered.add(consumer.poll());
        }

        assertThat(delivered).containsExactly(1, 0, 1);
    }

    @Test
    void deliversAllRecordsInEachPoll() throws Exception {
        invoices(4);
        read("lago:invoices?readMode=all&perPage=3&repeatCount=3");

        await().until(() -> got.size() == 12);
        assertThat(ids(got).stream().distinct()).hasSize(4);
    }

    @Test
    void deliversPages() throws Exception {
        invoices(5);
        read("lago:invoices?perPage=2&splitPages=false");

        await().until(() -> got.size() == 3);
        polls(2);
        assertThat(got).extracting(e -> e.getMessage().getBody(List.class).size()).containsExactly(2, 2, 1);
    }

    @Test
    void deliversJsonAsLagoSentIt() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme", "name", "Süß \"quoted\" 🎈"));
        read("lago:customers?bodyType=JSON");

        await().until(() -> got.size() == 1);
        String text = got.get(0).getMessage().getBody(String.class);
        JsonNode customer = Json.mapper().readTree(text);
        assertThat(customer.get("name").asText()).isEqualTo("Süß \"quoted\" 🎈");
        assertThat(got.get(0).getMessage().getHeader("CamelLagoId")).isEqualTo("acme");
    }

    @Test
    void setsTheBatchProperties() throws Exception {
        invoices(5);
        read("lago:invoices?perPage=3");

        await().until(() -> got.size() == 5);
        assertThat(got).extracting(e -> e.getProperty(Exchange.BATCH_INDEX)).containsExactly(0, 1, 2, 0, 1);
        assertThat(got).extracting(e -> e.getProperty(Exchange.BATCH_SIZE)).containsExactly(3, 3, 3, 2, 2);
        assertThat(got).extracting(e -> e.getProperty(Exchange.BATCH_COMPLETE)).containsExactly(false, false, true, false,
                true);
    }

    @Test
    void deliversNewRecords() throws Exception {
        for (String mode : List.of("customers", "plans", "fees", "invoices", "subscriptions", "events")) {
            got.clear();
            String resource = mode;
            add(resource, 10, 0);
            String uri = "lago:" + resource + "?readMode=new&perPage=4";
            read(uri);
            await().until(() -> got.size() == 10);
            polls(3);
            assertThat(got).as(resource).hasSize(10);
            sandbox.advance(Duration.ofSeconds(3));
            add(resource, 5, 10);
            await().until(() -> got.size() == 15);
            polls(3);
            assertThat(got).as(resource).hasSize(15);
            context.getRouteController().stopAllRoutes();
        }
    }

    private void add(String resource, int count, int from) {
        for (int i = from; i < from + count; i++) {
            sandbox.add(resource, Map.of("external_id", "x" + i, "code", "c" + i, "transaction_id", "t" + i));
        }
    }

    private List<String> invoices(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> (String) sandbox.add("invoices", Map.of("number", "N-" + i)).get("lago_id")).toList();
    }

    /** Waits for so many whole polls to begin and end. */
    private void polls(int count) {
        long from = begun();
        await().until(() -> begun() > from + count);
    }

    private long begun() {
        return sandbox.requests().stream().filter(r -> (r.query() + '&').contains("page=1&")).count();
    }

    private void read(String uri) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri + (uri.contains("?") ? OFTEN : OFTEN.replaceFirst("&", "?"))).process(e -> got.add(e.copy()));
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> body(Exchange exchange) {
        return exchange.getMessage().getBody(Map.class);
    }

    private static List<String> ids(List<Exchange> exchanges) {
        List<String> ids = new ArrayList<>();
        exchanges.forEach(e -> ids.add((String) body(e).get("lago_id")));
        return ids;
    }
}
