package io.github.camellago.test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@ExtendWith(LagoSandboxExtension.class)
class FaultsTest {

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void connect() {
        api = new Api(sandbox);
    }

    private Api.Answer create(String externalId) {
        return api.post("/customers", Map.of("customer", Map.of("external_id", externalId)));
    }

    private List<Integer> statuses(int count) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            statuses.add(api.get("/customers").status());
        }
        return statuses;
    }

    @Test
    void answersWithAStatusOnTheNthRequestWithoutEffect() {
        Fault fault = sandbox.faults().on("POST", "/customers").nth(2).status(503).header("Retry-After", "1");
        assertThat(create("a").status()).isEqualTo(200);
        Api.Answer failed = create("b");
        assertThat(failed.status()).isEqualTo(503);
        assertThat(failed.header("Retry-After")).isEqualTo("1");
        assertThat(failed.response().body()).isEmpty();
        assertThat(create("c").status()).isEqualTo(200);
        assertThat(sandbox.records("customers")).extracting(record -> record.get("external_id")).containsExactlyInAnyOrder("a",
                "c");
        assertThat(fault.fired()).isEqualTo(1);
        assertThat(fault.matched()).isEqualTo(3);
        assertThat(sandbox.faults().fired()).isEqualTo(1);
    }

    @Test
    void firesOnEveryRequestOrSomeTimes() {
        Fault fault = sandbox.faults().on("GET", "/customers").every().status(500);
        assertThat(statuses(3)).containsExactly(500, 500, 500);
        fault.times(4);
        assertThat(statuses(3)).containsExactly(500, 200, 200);
        sandbox.faults().clear();
        sandbox.faults().on("GET", "/customers").nth(2).times(2).status(502);
        assertThat(statuses(4)).containsExactly(200, 502, 502, 200);
    }

    @Test
    void countsFaultsOnTheSameRequestsSeparately() {
        sandbox.faults().on("GET", "/customers").nth(1).status(503);
        sandbox.faults().on("GET", "/customers").nth(2).status(502);
        assertThat(statuses(3)).containsExactly(503, 502, 200);
    }

    @Test
    void clearsFaults() {
        sandbox.faults().onAny().status(500);
        assertThat(statuses(1)).containsExactly(500);
        sandbox.faults().clear();
        assertThat(statuses(1)).containsExactly(200);
    }

    @Test
    void matchesPathsByGlob() {
        sandbox.faults().on("/customers/*/wallets").status(500);
        sandbox.faults().on("GET", "/api/v1/invoices/**").status(501);
        assertThat(api.get("/customers").status()).isEqualTo(200);
        assertThat(api.get("/customers/a").status()).isEqualTo(404);
        assertThat(api.get("/customers/a/wallets").status()).isEqualTo(500);
        assertThat(api.get("/customers/a/b/wallets").status()).isEqualTo(404);
        assertThat(api.get("/invoices/1/2/3").status()).isEqualTo(501);
        assertThat(api.post("/invoices/1/void").status()).isEqualTo(404);
    }

    @Test
    void matchesBodiesAndRequests() {
        sandbox.faults().on("POST", "/customers").whenBody(body -> body.contains("bad")).status(500);
        sandbox.faults().on(request -> "per_page=7".equals(request.query())).status(418);
        assertThat(create("good").status()).isEqualTo(200);
        assertThat(create("bad").status()).isEqualTo(500);
        assertThat(api.get("/customers?per_page=7").status()).isEqualTo(418);
        assertThat(api.get("/customers?per_page=8").status()).isEqualTo(200);
    }

    @Test
    void sameSeedGivesTheSameSequence() {
        sandbox.faults().on("GET", "/customers").probability(0.5, 42).status(500);
        List<Integer> once = statuses(40);
        sandbox.faults().clear();
        sandbox.faults().on("GET", "/customers").probability(0.5, 42).status(500);
        assertThat(statuses(40)).isEqualTo(once).contains(200, 500);
    }

    @Test
    void dropBeforeHasNoEffect() {
        Fault fault = sandbox.faults().on("POST", "/customers").dropBefore();
        assertThatThrownBy(() -> api.trySend("POST", "/customers", Map.of("customer", Map.of("external_id", "a"))))
                .isInstanceOf(IOException.class);
        assertThat(sandbox.records("customers")).isEmpty();
        assertThat(fault.fired()).isPositive();
        assertThat(sandbox.statusCount(0)).isEqualTo(fault.fired());
    }

    @Test
    void dropAfterKeepsTheEffect() {
        sandbox.faults().on("POST", "/events").times(1).dropAfter();
        assertThatThrownBy(() -> api.trySend("POST", "/events", Map.of("event", Api.event("tx"))))
                .isInstanceOf(IOException.class);
        assertThat(sandbox.events()).hasSize(1);
        assertThat(api.post("/events", Map.of("event", Api.event("tx"))).at("error_details.transaction_id.0"))
                .isEqualTo("value_already_exist");
    }

    @Test
    void statusAfterKeepsTheEffect() {
        sandbox.faults().on("POST", "/customers").statusAfter(504);
        assertThat(create("a").status()).isEqualTo(504);
        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @Test
    void truncatesTheAnswer() {
        sandbox.faults().on("POST", "/customers").truncate();
        Api.Answer answer = create("a");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).startsWith("{\"customer\":{");
        assertThatThrownBy(answer::json).isInstanceOf(AssertionError.class);
        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @Test
    void garblesTheAnswer() {
        sandbox.faults().on("POST", "/customers").garble();
        assertThatThrownBy(() -> api.trySend("POST", "/customers", Map.of("customer", Map.of("external_id", "a"))))
                .isInstanceOf(IOException.class);
        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @Test
    void answersWithHtmlAndOtherBodies() {
        sandbox.faults().on("GET", "/customers").html(502);
        sandbox.faults().on("GET", "/plans").body("all fine");
        Api.Answer html = api.get("/customers");
        assertThat(html.status()).isEqualTo(502);
        assertThat(html.header("Content-Type")).startsWith("text/html");
        assertThat(html.response().body()).startsWith("<html>");
        assertThat(api.get("/plans").status()).isEqualTo(200);
        assertThat(api.get("/plans").response().body()).isEqualTo("all fine");
    }

    @Test
    void aHeaderAloneLeavesTheRestOfTheAnswer() {
        String date = "Sun, 01 Mar 2026 12:00:00 GMT";
        sandbox.faults().on("POST", "/customers").header("Date", date).header("X-Proxy", "edge");
        Api.Answer created = create("a");
        assertThat(created.status()).isEqualTo(200);
        assertThat(created.response().headers().allValues("Date")).containsExactly(date);
        assertThat(created.header("X-Proxy")).isEqualTo("edge");
        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @Test
    void answers429WithAndWithoutHeaders() {
        sandbox.faults().on("GET", "/customers").tooManyRequests(3);
        sandbox.faults().on("GET", "/plans").tooManyRequests();
        Api.Answer limited = api.get("/customers");
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.header("X-RateLimit-Remaining")).isEqualTo("0");
        assertThat(limited.header("X-RateLimit-Reset")).isEqualTo("3");
        Api.Answer silent = api.get("/plans");
        assertThat(silent.status()).isEqualTo(429);
        assertThat(silent.header("X-RateLimit-Reset")).isNull();
    }

    @Test
    void delaysTheAnswerButNotTheEffect() throws Exception {
        sandbox.faults().on("POST", "/customers").delay(Duration.ofSeconds(2));
        CompletableFuture<Api.Answer> answer = CompletableFuture.supplyAsync(() -> create("a"));
        await().until(() -> sandbox.records("customers").size() == 1);
        assertThat(answer).isNotDone();
        assertThat(answer.get().status()).isEqualTo(200);
    }

    @Test
    void sendsADrippingAnswerInPieces() throws Exception {
        sandbox.faults().on("POST", "/customers").drip(Duration.ofSeconds(2));
        CompletableFuture<Api.Answer> answer = CompletableFuture.supplyAsync(() -> create("a"));
        await().until(() -> sandbox.records("customers").size() == 1);
        assertThat(answer).isNotDone();
        assertThat(answer.get().json().at("/customer/external_id").asText()).isEqualTo("a");
    }

    @Test
    void countsExactlyUnderConcurrency() throws Exception {
        Fault fault = sandbox.faults().on("GET", "/customers").times(37).status(503);
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(() -> api.get("/customers").status());
            }
            int failed = 0;
            for (Future<Integer> call : pool.invokeAll(calls)) {
                failed += call.get() == 503 ? 1 : 0;
            }
            assertThat(failed).isEqualTo(37);
            assertThat(fault.fired()).isEqualTo(37);
            assertThat(fault.matched()).isEqualTo(200);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void faultWithoutEffectDoesNothing() {
        Fault fault = sandbox.faults().on("GET", "/customers").nth(1);
        assertThat(statuses(1)).containsExactly(200);
        assertThat(fault.fired()).isZero();
        assertThatThrownBy(() -> fault.nth(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
