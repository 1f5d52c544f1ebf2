package io.github.camellago.test;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.camellago.test.domain.Lago;
import io.github.camellago.test.server.Pager;
import io.github.camellago.test.server.Router.Route;
import io.github.camellago.test.server.SandboxClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Checks each route of the sandbox: keys, permissions, unknown records, missing root keys. */
class EveryRouteTest {

    static LagoSandbox sandbox;

    /** Bodies that have no root key. */
    private static final List<String> ROOTLESS = List.of("/invoices/preview", "/billable_metrics/evaluate_expression");

    @BeforeAll
    static void start() {
        sandbox = LagoSandbox.builder().clickhouse(true).securityLogs(true).start();
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    /** Paths that are answered without reading the record. */
    private static final List<String> NEVER_404 = List.of("/customers/{external_customer_id}/past_usage");

    /** A route of a version of the API. */
    record Served(String version, Route route) {

        boolean reads() {
            return "GET".equals(route.method());
        }

        Api.Answer call(String key, Object body) {
            return new Api(sandbox, key, version).send(route.method(), route.template().replaceAll("\\{[^}]*}", "nothing"),
                    reads() || "DELETE".equals(route.method()) ? null : body);
        }

        @Override
        public String toString() {
            return route.method() + " " + version + route.template();
        }
    }

    static Stream<Served> routes() {
        Lago lago = new Lago(new SandboxClock(Clock.systemUTC()), LagoSandbox.builder().variant(),
                new Pager(false),
                "http://localhost");
        return Stream.of("v1", "v2")
                .flatMap(version -> lago.router(version).routes().stream().map(route -> new Served(version, route)));
    }

    static Stream<Served> creating() {
        return routes().filter(served -> !served.route().template().contains("{")
                && List.of("POST", "PUT").contains(served.route().method()) && !ROOTLESS.contains(served.route().template()));
    }

    static Stream<Served> ofOneRecord() {
        return routes().filter(served -> served.route().template().contains("{")
                && !NEVER_404.contains(served.route().template()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void requiresAKey(Served served) {
        Api.Answer answer = served.call("wrong", Map.of());

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.at("error")).isEqualTo("Unauthorized");
        assertThat(answer.at("status")).isEqualTo("401");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void requiresThePermission(Served served) {
        String permission = served.route().permission();
        boolean reads = served.reads();
        Api.Answer without = served.call(sandbox.createKey(permission + (reads ? ":write" : ":read")), Map.of());

        assertThat(without.status()).isEqualTo(403);
        assertThat(without.code()).isEqualTo((reads ? "read" : "write") + "_action_not_allowed_for_" + permission);

        Api.Answer with = served.call(sandbox.createKey(permission + (reads ? ":read" : ":write")), Map.of());
        assertThat(with.status()).isNotIn(401, 403);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofOneRecord")
    void answers404ForAnUnknownRecord(Served served) {
        Api.Answer answer = served.call(null, Map.of());

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).endsWith("_not_found");
        assertThat(answer.at("error")).isEqualTo("Not Found");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("creating")
    void requiresTheRootKey(Served served) {
        Api.Answer answer = served.call(null, Map.of("something", Map.of("code", "x")));

        assertThat(answer.status()).isIn(400, 422);
        assertThat(answer.status() == 400 ? answer.at("error") : answer.code())
                .matches("BadRequest: .*|no_events|validation_errors");
    }
}
