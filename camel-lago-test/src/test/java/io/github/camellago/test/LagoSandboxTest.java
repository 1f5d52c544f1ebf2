package io.github.camellago.test;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LagoSandboxTest {

    @Test
    void listensOnTheGivenPort() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (LagoSandbox sandbox = LagoSandbox.start(port)) {
            assertThat(sandbox.baseUrl()).isEqualTo("http://localhost:" + port);
            assertThat(new Api(sandbox).get("/customers").status()).isEqualTo(200);
        }
    }

    @Test
    void bindsThePortOnlyWhenItCanAnswer() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/customers"))
                .header("Authorization", "Bearer k").build();
        CompletableFuture<Integer> firstAnswer = CompletableFuture.supplyAsync(() -> {
            while (true) {
                try {
                    return Api.send(request).status();
                } catch (IOException e) {
                    Thread.onSpinWait();
                }
            }
        });
        try (LagoSandbox sandbox = LagoSandbox.builder().port(port).apiKey("k").demo(true).start()) {
            assertThat(firstAnswer.get(60, TimeUnit.SECONDS)).isEqualTo(200);
            assertThat(sandbox.statusCount(200)).isPositive();
        }
    }

    @Test
    void controlUrlsResetAndCreateKeys() throws Exception {
        try (LagoSandbox sandbox = LagoSandbox.builder().demo(true).controlUrls(true).start()) {
            Api.Answer key = control(sandbox, "keys", "[\"invoice:read\"]");
            assertThat(key.status()).isEqualTo(200);
            Api limited = new Api(sandbox, key.response().body());
            assertThat(limited.get("/invoices").status()).isEqualTo(200);
            assertThat(limited.get("/customers").code()).isEqualTo("read_action_not_allowed_for_customer");

            assertThat(control(sandbox, "reset", "").status()).isEqualTo(204);
            assertThat(new Api(sandbox).get("/customers").json().get("customers")).isEmpty();
            assertThat(limited.get("/invoices").status()).isEqualTo(401);
        }
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            assertThat(control(sandbox, "reset", "").status()).isEqualTo(404);
        }
        assertThatThrownBy(() -> LagoSandbox.builder().host("0.0.0.0").controlUrls(true).start())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0.0.0.0");
    }

    private static Api.Answer control(LagoSandbox sandbox, String url, String body) throws IOException {
        return Api.send(HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + "/sandbox/" + url))
                .POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    @Test
    void stopsListeningWhenClosed() {
        LagoSandbox sandbox = LagoSandbox.start();
        sandbox.close();
        assertThatThrownBy(() -> new Api(sandbox).trySend("GET", "/customers", null)).isInstanceOf(IOException.class);
    }

    @Test
    void sandboxesShareNoState() {
        try (LagoSandbox one = LagoSandbox.start(); LagoSandbox other = LagoSandbox.start()) {
            one.add("customers", Map.of("external_id", "a"));
            assertThat(other.records("customers")).isEmpty();
            assertThat(new Api(other, one.apiKey()).get("/customers").status()).isEqualTo(401);
        }
    }

    @Test
    void addsUpdatesAndRemovesRecords() {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            Map<String, Object> added = sandbox.add("customers", Map.of("external_id", "a"));
            assertThat(added).containsKeys("lago_id", "created_at", "updated_at").containsEntry("currency", null);
            String id = added.get("lago_id").toString();
            sandbox.advance(Duration.ofHours(1));
            Map<String, Object> updated = sandbox.update("customers", id, Map.of("name", "A"));
            assertThat(updated.get("updated_at").toString()).isGreaterThan(added.get("updated_at").toString());
            assertThat(new Api(sandbox).get("/customers/a").at("customer.name")).isEqualTo("A");
            assertThat(sandbox.remove("customers", id)).isTrue();
            assertThat(sandbox.remove("customers", id)).isFalse();
            assertThat(sandbox.addAll("plans", List.of(Map.of("code", "p"), Map.of("code", "q")))).hasSize(2);
            assertThatThrownBy(() -> sandbox.add("no_such_thing", Map.of())).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("customers");
        }
    }

    @Test
    void addedRecordsBelongToTheirCustomer() {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            Api api = new Api(sandbox);
            sandbox.add("customers", Map.of("external_id", "acme"));
            sandbox.add("plans", Map.of("code", "p", "amount_cents", 100));
            sandbox.add("subscriptions", Map.of("external_id", "s", "external_customer_id", "acme", "plan_code", "p"));
            sandbox.add("invoices", Map.of("external_customer_id", "acme"));
            sandbox.add("wallets", Map.of("external_customer_id", "acme", "code", "w"));
            assertThat(api.get("/customers/acme/invoices").at("invoices.0.customer.slug")).isEqualTo("LAG-SBX-001");
            assertThat(api.get("/customers/acme/wallets/w").status()).isEqualTo(200);
            assertThat(api.get("/customers/acme/current_usage?external_subscription_id=s").status()).isEqualTo(200);
            assertThat(api.get("/subscriptions/s").number("subscription.plan_amount_cents")).isEqualTo("100");
        }
    }

    @Test
    void addsEvents() {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            sandbox.addAll("events", List.of(Map.of("transaction_id", "a", "timestamp", 1_700_000_000),
                    Map.of("transaction_id", "b", "timestamp", "2020-01-01T00:00:00Z"), Map.of("transaction_id", "c")));
            assertThat(sandbox.events()).extracting(event -> event.get("transaction_id")).containsExactly("c", "a", "b");
            assertThat(sandbox.eventCount()).isEqualTo(3);
        }
    }

    @Test
    void resetRestoresTheInitialState() {
        try (LagoSandbox sandbox = LagoSandbox.builder().apiKey("secret").start()) {
            Api api = new Api(sandbox);
            String limited = sandbox.createKey("customer:read");
            api.create("customers", "customer", Map.of("external_id", "a"));
            sandbox.rotateKey();
            sandbox.faults().onAny().status(500);
            sandbox.reset();
            assertThat(sandbox.apiKey()).isEqualTo("secret");
            assertThat(sandbox.requestCount()).isZero();
            assertThat(api.get("/customers").json().get("customers")).isEmpty();
            assertThat(new Api(sandbox, limited).get("/customers").status()).isEqualTo(401);
            assertThat(api.create("customers", "customer", Map.of("external_id", "a")).number("customer.sequential_id"))
                    .isEqualTo("1");
        }
    }

    @Test
    void addsDemoData() {
        try (LagoSandbox sandbox = LagoSandbox.builder().demo(true).start()) {
            Api api = new Api(sandbox);
            assertThat(api.get("/customers").each("customers", "external_id")).containsExactlyInAnyOrder("acme", "globex",
                    "initech");
            assertThat(api.get("/invoices").json().get("invoices")).hasSize(2);
            assertThat(api.get("/customers/acme/current_usage?external_subscription_id=sub-acme").json().at(
                    "/customer_usage/charges_usage")).hasSize(2);
            api.ok("DELETE", "/customers/acme", null);
            sandbox.reset();
            assertThat(api.get("/customers/acme").status()).isEqualTo(200);
        }
    }

    @Test
    void demoDataRespectsTheBatchLimit() {
        try (LagoSandbox sandbox = LagoSandbox.builder().demo(true).maxBatchSize(7).start()) {
            assertThat(sandbox.events()).hasSize(120);
        }
    }

    @Test
    void mainClassReadsItsOptions() {
        LagoSandboxBuilder options = LagoSandboxMain.parse("--port", "0", "--key", "k", "--seed", "none", "--host",
                "127.0.0.1");
        try (LagoSandbox sandbox = options.start()) {
            assertThat(sandbox.apiKey()).isEqualTo("k");
            assertThat(sandbox.records("customers")).isEmpty();
            assertThat(LagoSandboxMain.greeting(sandbox)).contains(sandbox.baseUrl(), "Bearer k", "curl", "/sandbox/reset",
                    "/sandbox/keys");
        }
        assertThat(LagoSandboxMain.parse("--host", "0.0.0.0").controlUrls).isFalse();
        assertThatThrownBy(() -> LagoSandboxMain.parse("--seed", "lots")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LagoSandboxMain.parse("--port")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LagoSandboxMain.parse("--color", "red")).isInstanceOf(IllegalArgumentException.class);
    }
}
