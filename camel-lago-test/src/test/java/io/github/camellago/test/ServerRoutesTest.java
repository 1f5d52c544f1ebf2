package io.github.camellago.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Router.Route;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * Compares the routes of the sandbox with those of Lago's server, in both directions, if their table is available:
 * {@code -Dlago.serverRoutes=<file>}.
 */
@EnabledIfSystemProperty(named = "lago.serverRoutes", matches = ".+", disabledReason = "needs -Dlago.serverRoutes=<table of Lago's routes>")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerRoutesTest {

    /** Lists that are computed or part of another record. Their order is not that of stored records. */
    private static final Set<String> NOT_STORED = Set.of("v1/analytics/.*", ".*/past_usage", ".*/charges", ".*/fixed_charges",
            "v1/.*/filters", ".*/entitlements", ".*/consumptions", ".*/fundings");

    /** Query parameters that the sandbox ignores, because its usage has no groups. */
    private static final Map<String, Set<String>> NOT_READ = Map.of("/customers/{external_customer_id}/current_usage",
            Set.of("filter_by_group", "filter_by_presentation", "full_usage", "group", "skip_grouping"));

    /** Query parameters that a route requires. */
    private static final Map<String, String> NEEDED = Map.of("/security_logs", "to_date=2031-01-01",
            "/customers/{external_customer_id}/current_usage", "external_subscription_id=sub",
            "/customers/{external_customer_id}/projected_usage", "external_subscription_id=sub",
            "/customers/{external_customer_id}/past_usage", "external_subscription_id=sub");

    /** Fields that the sandbox stores under other names. */
    private static final Map<String, String> FIELDS = Map.of("sequential_id", "version", "enriched_at", "created_at");

    /** The fields that identify the records of a list. The first one in a list is used. */
    private static final List<String> IDS = List.of("lago_id", "log_id", "activity_id", "request_id", "transaction_id", "code");

    private final RouteFixture postgres = new RouteFixture(false);
    private final RouteFixture clickhouse = new RouteFixture(true);
    private List<ServerRoute> table;

    @BeforeAll
    void read() throws IOException {
        table = ServerRoute.read(Path.of(System.getProperty("lago.serverRoutes")));
    }

    Stream<ServerRoute> routes() {
        return table.stream();
    }

    Stream<ServerRoute> requiringRootKey() {
        return routes().filter(route -> route.rootIn() != null);
    }

    Stream<ServerRoute> withPlaceholders() {
        return routes().filter(route -> route.path().contains("{"));
    }

    Stream<ServerRoute> sorted() {
        return routes().filter(route -> route.reads() && !"-".equals(route.order()))
                .filter(route -> NOT_STORED.stream().noneMatch(list -> (route.version() + route.path()).matches(list)));
    }

    private RouteFixture fixture(ServerRoute route) {
        return "/events_enriched".equals(route.path()) ? clickhouse : postgres;
    }

    private static String shape(String method, String version, String path) {
        return method + " " + version + path.replaceAll("\\{[^}]*}", "{}");
    }

    @Test
    void servesExactlyTheRoutesOfLagosServer() {
        Map<String, String> server = table.stream().collect(Collectors.toMap(
                route -> shape(route.method(), route.version(), route.path()), ServerRoute::permission));
        Map<String, String> sandbox = new LinkedHashMap<>();
        for (String version : List.of("v1", "v2")) {
            for (Route route : postgres.lago.router(version).routes()) {
                sandbox.put(shape(route.method(), version, route.template()), route.permission());
            }
        }
        // PATCH is the same as PUT, and the table has only one of them
        sandbox.keySet()
                .removeIf(route -> !server.containsKey(route) && (server.containsKey(route.replaceFirst("^PATCH", "PUT"))
                        || server.containsKey(route.replaceFirst("^PUT", "PATCH"))));
        Set<String> both = new TreeSet<>(server.keySet());
        both.retainAll(sandbox.keySet());
        System.out.println("server routes in the sandbox: " + both.size() + " of " + server.size());
        assertThat(sandbox).isEqualTo(server);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void answersUnderTheRootKeysOfLagosServer(ServerRoute route) {
        Reply reply = success(route);

        assertThat(reply.status()).isEqualTo(200);
        if ("text/plain".equals(route.columns().get("root_out"))) {
            assertThat(reply.contentType()).startsWith("text/plain");
            return;
        }
        Set<String> roots = new TreeSet<>();
        if (reply.body().length > 0) {
            RouteFixture.parse(new String(reply.body(), StandardCharsets.UTF_8)).properties()
                    .forEach(field -> roots.add(field.getKey() + kind(route, field.getKey(), field.getValue())));
        }
        assertThat(roots.remove("meta")).as("has meta").isEqualTo(route.paged());
        assertThat(route.rootsOut()).contains(roots);
    }

    private Reply success(ServerRoute route) {
        RouteFixture fixture = fixture(route).build();
        String query = NEEDED.getOrDefault(route.path(), "");
        return fixture.call(Call.of(route.method(), fixture.path(route), query, bytes(fixture.body(route))), route.version());
    }

    private static byte[] bytes(Object body) {
        return body == null ? new byte[0] : Json.bytes(body);
    }

    private static String kind(ServerRoute route, String name, JsonNode value) {
        boolean map = route.rootsOut().stream().anyMatch(roots -> roots.contains(name + "{}"));
        return value.isArray() ? "[]" : map && (value.isObject() || value.isNull()) ? "{}" : "";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requiringRootKey")
    void requiresTheRootKeyOfLagosServer(ServerRoute route) {
        RouteFixture fixture = fixture(route).build();
        Call call = Call.of(route.method(), fixture.path(route), "", Json.bytes(Map.of("something", Map.of("name", "x"))));

        LagoError error = assertThrows(LagoError.class, () -> fixture.call(call, route.version()));

        assertThat(error.reply().status()).isEqualTo(400);
        assertThat(new String(error.reply().body(), StandardCharsets.UTF_8)).contains("invalid: " + route.rootIn() + "\"");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void readsTheQueryParametersOfLagosServer(ServerRoute route) {
        RouteFixture fixture = fixture(route).build();
        QueryRecorder query = new QueryRecorder();
        for (String pair : NEEDED.getOrDefault(route.path(), "some=parameter").split("&")) {
            query.put(pair.split("=")[0], List.of(pair.split("=")[1]));
        }
        fixture.call(new Call(route.method(), fixture.path(route), query, bytes(fixture.body(route)), Map.of()),
                route.version());
        Set<String> read = query.names();
        if (query.isIterated()) {
            read.addAll(route.maps());
        }
        if (route.paged()) {
            assertThat(read).contains("page", "per_page");
        }
        read.removeAll(Set.of("page", "per_page"));
        Set<String> expected = new TreeSet<>(route.query());
        expected.removeAll(NOT_READ.getOrDefault(route.path(), Set.of()));
        // the value of the path takes precedence over that of the query. Lago names the customer's placeholder customer_external_id
        read.removeIf(name -> route.path().replace("{external", "{customer_external_id}{external").contains("{" + name + "}"));

        assertThat(read).as("%s", route).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withPlaceholders")
    void cutsPathsAtDotsLikeLagosServer(ServerRoute route) {
        List<String> placeholders = Stream.of(route.path().split("/")).filter(segment -> segment.startsWith("{")).toList();
        for (String placeholder : placeholders) {
            Call call = Call.of(route.method(), route.path().replace(placeholder, "a.b").replaceAll("\\{\\w+}", "x"), "",
                    new byte[0]);
            String cut = route.cutAtDot(placeholder);
            if ("no route: 404".equals(cut)) {
                assertThrows(LagoError.class, () -> postgres.lago.router(route.version()).match(call), placeholder);
                continue;
            }
            List<String> values = List.copyOf(postgres.lago.router(route.version()).match(call).call().params().values());
            assertThat(values.get(placeholders.indexOf(placeholder))).as("%s %s", route, placeholder)
                    .isEqualTo("another object".equals(cut) ? "a" : "a.b");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sorted")
    void sortsLikeLagosServer(ServerRoute route) {
        RouteFixture fixture = fixture(route).build();
        String root = route.rootsOut().get(0).iterator().next().replace("[]", "");
        String collection = "filters".equals(root) ? "product_filters" : root;
        List<String[]> order = Stream.of(route.order().replaceAll("\\(.*?\\)", "").split(",")).map(String::trim)
                .filter(field -> !IDS.contains(field) && !field.equals("id")).map(field -> field.split(" ")).toList();
        JsonNode first = list(fixture, route).get(0);
        String id = IDS.stream().filter(first::hasNonNull).findFirst().orElseThrow();
        Map<String, Object> original = fixture.lago.records(collection).stream()
                .filter(record -> first.get(id).asText().equals(record.get(id))).findFirst().orElseThrow();
        Map<String, List<String>> keys = new HashMap<>();
        for (int i : List.of(5, 0, 7, 2, 4, 1, 6, 3)) {
            Map<String, Object> copy = new LinkedHashMap<>(original);
            copy.remove("lago_id");
            copy.put(id, "copy-" + i);
            List<String> key = new ArrayList<>();
            for (int j = 0; j < order.size(); j++) {
                String field = FIELDS.getOrDefault(order.get(j)[0], order.get(j)[0]);
                Object value = value(field, j == order.size() - 1 ? i : (i >> (2 - j)) & 1);
                copy.put(field, value);
                key.add(value.toString());
            }
            fixture.lago.add(collection, copy);
            keys.put("copy-" + i, key);
        }
        List<List<String>> listed = new ArrayList<>();
        list(fixture, route).forEach(record -> Optional.ofNullable(keys.get(record.get(id).asText())).ifPresent(listed::add));

        assertThat(listed).as("%s", route).hasSize(8).isSortedAccordingTo((one, other) -> compare(order, one, other));
    }

    private static JsonNode list(RouteFixture fixture, ServerRoute route) {
        Call call = Call.of("GET", fixture.path(route), NEEDED.getOrDefault(route.path(), ""), new byte[0]);
        return RouteFixture.parse(new String(fixture.call(call, route.version()).body(), StandardCharsets.UTF_8)).elements()
                .next();
    }

    private static Object value(String field, int rank) {
        if (field.endsWith("_date")) {
            return "2030-01-0" + (rank + 1);
        }
        if (field.endsWith("_at") || field.equals("timestamp") || field.equals("effective_from")) {
            return "2030-01-0" + (rank + 1) + "T00:00:00Z";
        }
        return field.equals("version")
                ? rank + 5
                : field.equals("webhook_url") ? "https://example.com/" + rank : "name " + rank;
    }

    private static int compare(List<String[]> order, List<String> one, List<String> other) {
        for (int i = 0; i < order.size(); i++) {
            String[] field = order.get(i);
            int compared = one.get(i).length() == other.get(i).length()
                    ? one.get(i).compareTo(other.get(i))
                    : one.get(i).length() - other.get(i).length();
            if (compared != 0) {
                return field.length > 1 && "desc".equals(field[1]) ? -compared : compared;
            }
        }
        return 0;
    }
}
