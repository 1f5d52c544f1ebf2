package io.github.camellago.poll;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConsumer;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.World;
import io.github.camellago.api.LagoList;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.CatalogEntry;
import io.github.camellago.catalog.Operation;
import io.github.camellago.test.LagoSandbox;
import io.github.camellago.test.SandboxRequest;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every list, and everything else that can be read, through a consumer: each element of the answer is a message. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryReadingTest {

    /** Lago has no list of all wallet transactions; they are found wallet by wallet. */
    private static final String WITHOUT_A_LIST_OF_PARENTS = "wallet_transactions/{lago_id}/";

    private static final Map<String, String> REQUIRED = Map.of("external_subscription_id", "sub/ü 1", "external_customer_id",
            "acme/b c", "to_date", "2026-03-02");

    private LagoSandbox sandbox;
    private World world;
    private DefaultCamelContext context;

    @BeforeAll
    void start() {
        // two answers of the same second are the same
        sandbox = LagoSandbox.builder().securityLogs(true).clickhouse(true)
                .clock(Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC)).start();
        world = new World(sandbox).build();
        context = new DefaultCamelContext();
        context.addComponent("lago", RouteTestSupport.component(context, sandbox));
        context.start();
    }

    @AfterAll
    void stop() {
        context.stop();
        sandbox.close();
    }

    static Stream<Reading> readings() {
        return Catalog.get().entries().stream().flatMap(entry -> entry.operations().stream().filter(Operation::reads)
                .map(operation -> new Reading(entry, operation)));
    }

    static Stream<Reading> nested() {
        return readings().filter(r -> r.operation().answer() == Operation.Answer.LIST
                && !r.operation().path().placeholders().isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readings")
    void deliversEachElementOfEachList(Reading reading) throws Exception {
        StringBuilder uri = new StringBuilder(reading.uri());
        reading.placeholders().forEach((name, upTo) -> uri.append("&path.").append(name).append("=RAW(")
                .append(world.value(reading.toString(), upTo)).append(')'));

        List<Exchange> exchanges = new ArrayList<>();
        List<SandboxRequest> requests = consume(uri.toString(), exchanges);

        assertThat(requests).isNotEmpty();
        SandboxRequest first = requests.get(0);
        assertThat(first.method()).isEqualTo("GET");
        String template = reading.operation().path().toString().replaceAll("\\{[^}]*}", "[^/]+");
        assertThat(first.path()).matches(World.api(template));
        if (reading.operation().answer() == Operation.Answer.TEXT) {
            assertThat(exchanges).singleElement().satisfies(e -> assertThat(e.getMessage().getBody(String.class)).isNotBlank());
            return;
        }
        JsonNode raw = world
                .get(first.path().replaceFirst("^/api/(v1/)?", "") + (first.query().isEmpty() ? "" : "?" + first.query()))
                .get(reading.operation().answerRoot());
        boolean logs = first.path().endsWith("/api_logs");
        if (raw.isArray() && !logs) {
            assertThat(exchanges).hasSameSizeAs(raw);
            for (Exchange exchange : exchanges) {
                assertThat(raw).contains(tree(exchange));
            }
        } else if (!logs) {
            assertThat(exchanges).singleElement().satisfies(e -> assertThat(tree(e)).isEqualTo(raw));
        }
        exchanges.forEach(e -> assertThat(e.getMessage().getHeaders()).doesNotContainKey("CamelLagoOperation"));
    }

    static Stream<Reading> withDeletions() {
        Set<String> lists = LagoComponent.lists().stream().filter(LagoList::deletions).map(LagoList::resource)
                .collect(Collectors.toSet());
        return readings().filter(r -> r.operation().name().equals("list") && lists.contains(r.operation().path().toString()));
    }

    /** A record that is missing from any list is found by its lookup, and so not taken for deleted. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("withDeletions")
    void aMissingRecordIsFoundByItsLookup(Reading reading) throws Exception {
        StringBuilder uri = new StringBuilder(reading.uri());
        reading.placeholders().forEach((name, upTo) -> uri.append("&path.").append(name).append("=RAW(")
                .append(world.value(reading.toString(), upTo)).append(')'));
        List<Exchange> exchanges = new ArrayList<>();
        RouteBuilder.addRoutes(context, routes -> routes.from(uri + "&deletions=true&startScheduler=false").routeId("lookup")
                .process(exchange -> exchanges.add(exchange.copy())));
        Consumer consumer = context.getRoute("lookup").getConsumer();
        try {
            int begin = sandbox.requests().size();
            ((LagoConsumer) consumer).poll();
            int records = exchanges.size();
            assertThat(records).isPositive();
            // the first request finds out the organization
            String list = sandbox.requests().get(begin + 1).path();
            sandbox.faults().on(request -> request.path().equals(list))
                    .body("{\"" + reading.operation().answerRoot() + "\":[],\"meta\":{\"next_page\":null,\"total_pages\":0}}");
            int before = sandbox.requests().size();
            ((LagoConsumer) consumer).poll();

            List<SandboxRequest> requests = sandbox.requests().subList(before, sandbox.requests().size());
            assertThat(requests).allSatisfy(r -> assertThat(r.status()).as(r.path()).isEqualTo(200));
            assertThat(requests).hasSize(1 + records);
            assertThat(exchanges).hasSize(records);
        } finally {
            sandbox.faults().clear();
            context.getRouteController().stopRoute("lookup");
            context.removeRoute("lookup");
        }
    }

    private static JsonNode tree(Exchange exchange) throws Exception {
        return World.parse(World.JSON.writeValueAsString(exchange.getMessage().getBody()));
    }

    /** With a star for each placeholder, the parents are found by the lists that they are in. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("nested")
    void readsEachListForEveryParent(Reading reading) throws Exception {
        StringBuilder uri = new StringBuilder(reading.uri());
        reading.placeholders().keySet().forEach(name -> uri.append("&path.").append(name).append("=*"));

        List<Exchange> exchanges = new ArrayList<>();
        if (reading.operation().path().toString().startsWith(WITHOUT_A_LIST_OF_PARENTS)) {
            assertThatThrownBy(() -> consume(uri.toString(), exchanges))
                    .hasMessageContaining("Set path.lago_id to one of them");
            return;
        }
        List<SandboxRequest> requests = consume(uri.toString(), exchanges);

        String expected = World.api(reading.operation().path().toString().replaceAll("\\{[^}]*}", "[^/]+"));
        assertThat(requests).anySatisfy(r -> assertThat(r.path()).matches(expected));
        assertThat(requests).allSatisfy(r -> assertThat(r.status()).isIn(200, 404));
    }

    /** Polls once. */
    private List<SandboxRequest> consume(String uri, List<Exchange> exchanges) throws Exception {
        int before = sandbox.requests().size();
        Consumer consumer = context.getEndpoint(uri + "&readMode=all&startScheduler=false")
                .createConsumer(exchange -> exchanges.add(exchange.copy()));
        consumer.start();
        try {
            ((LagoConsumer) consumer).poll();
        } finally {
            consumer.stop();
        }
        List<SandboxRequest> all = sandbox.requests();
        return List.copyOf(all.subList(before, all.size()));
    }

    /** Something to read, and the resource it belongs to. */
    record Reading(CatalogEntry entry, Operation operation) {

        String uri() {
            StringBuilder uri = new StringBuilder("lago:" + operation.path() + "?operation=" + operation.name());
            operation.query().stream().filter(q -> q.required())
                    .forEach(q -> uri.append("&filter.").append(q.name()).append("=RAW(").append(REQUIRED.get(q.name()))
                            .append(')'));
            return uri.toString();
        }

        /** The placeholders, each with the path up to it. */
        Map<String, String> placeholders() {
            return World.placeholders(operation.path());
        }

        @Override
        public String toString() {
            return "GET " + operation.path();
        }
    }
}
