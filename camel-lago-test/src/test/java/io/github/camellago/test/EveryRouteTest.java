package io.github.camellago.test;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.camellago.test.domain.Lago;
import io.github.camellago.test.domain.PdfDelay;
import io.github.camellago.test.domain.Variant;
import io.github.camellago.test.server.Pager;
import io.github.camellago.test.server.Router.Route;
import io.github.camellago.test.server.SandboxClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every route that the sandbox serves: keys, permissions, unknown records, missing root keys. */
class EveryRouteTest {

    static LagoSandbox sandbox;

    /** Bodies that have no root key. */
    private static final List<String> ROOTLESS = List.of("/invoices/preview", "/billable_metrics/evaluate_expression",
            "/billing_entities/{code}");

    @BeforeAll
    static void start() {
        sandbox = LagoSandbox.start();
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    static Stream<Route> routes() {
        Lago lago = new Lago(new SandboxClock(Clock.systemUTC()), new Variant(100, false, false, true, PdfDelay.NONE),
                new Pager(false),
                "http://localhost");
        return lago.router().routes().stream();
    }

    static Stream<Route> creating() {
        return routes().filter(route -> !route.template().contains("{") && List.of("POST", "PUT").contains(route.method())
                && !ROOTLESS.contains(route.template()));
    }

    static Stream<Route> ofOneRecord() {
        return routes().filter(route -> route.template().contains("{"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void wantsAKey(Route route) {
        Api.Answer answer = call(new Api(sandbox, "wrong"), route);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.at("error")).isEqualTo("Unauthorized");
        assertThat(answer.at("status")).isEqualTo("401");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void wantsAPermission(Route route) {
        boolean reads = route.method().equals("GET");
        Api.Answer without = call(new Api(sandbox, sandbox.createKey(route.permission() + (reads ? ":write" : ":read"))),
                route);

        assertThat(without.status()).isEqualTo(403);
        assertThat(without.code()).isEqualTo((reads ? "read" : "write") + "_action_not_allowed_for_" + route.permission());

        Api.Answer with = call(new Api(sandbox, sandbox.createKey(route.permission() + (reads ? ":read" : ":write"))), route);
        assertThat(with.status()).isNotIn(401, 403);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofOneRecord")
    void doesNotKnowWhatIsNotThere(Route route) {
        Api.Answer answer = call(new Api(sandbox), route);

        assertThat(answer.status()).as("%s %s", route.method(), route.template()).isEqualTo(404);
        assertThat(answer.code()).endsWith("_not_found");
        assertThat(answer.at("error")).isEqualTo("Not Found");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("creating")
    void wantsTheRootKey(Route route) {
        Api.Answer answer = new Api(sandbox).send(route.method(), route.template(), Map.of("something", Map.of("code", "x")));

        assertThat(answer.status()).as("%s %s", route.method(), route.template()).isIn(400, 422);
        assertThat(answer.status() == 400 ? answer.at("error") : answer.code())
                .matches("BadRequest: .*|no_events|validation_errors");
    }

    private static Api.Answer call(Api api, Route route) {
        return api.send(route.method(), route.template().replaceAll("\\{[^}]*}", "nothing"),
                route.method().equals("GET") || route.method().equals("DELETE") ? null : Map.of());
    }
}
