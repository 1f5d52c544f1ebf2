package io.github.camellago.test;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JournalTest {

    @Test
    void recordsCompleteRequests() {
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            Api api = new Api(sandbox);
            api.post("/customers?x=1%202", Map.of("customer", Map.of("external_id", "é")));
            api.get("/customers/nobody");
            assertThat(sandbox.requests()).hasSize(2);
            SandboxRequest request = sandbox.requests().get(0);
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/api/v1/customers");
            assertThat(request.query()).isEqualTo("x=1%202");
            assertThat(request.header("authorization")).isEqualTo("Bearer " + sandbox.apiKey());
            assertThat(request.body()).isEqualTo("{\"customer\":{\"external_id\":\"é\"}}");
            assertThat(request.status()).isEqualTo(200);
            assertThat(request.timestamp()).isBeforeOrEqualTo(sandbox.now());
            assertThat(sandbox.requests().get(1).status()).isEqualTo(404);
            assertThat(sandbox.statusCount(404)).isEqualTo(1);
        }
    }

    @Test
    void keepsTheLastRequestsAndCountsAll() {
        try (LagoSandbox sandbox = LagoSandbox.builder().journal(3).start()) {
            Api api = new Api(sandbox);
            for (int i = 0; i < 5; i++) {
                api.get("/customers/" + i);
            }
            assertThat(sandbox.requests()).extracting(SandboxRequest::path)
                    .containsExactly("/api/v1/customers/2", "/api/v1/customers/3", "/api/v1/customers/4");
            assertThat(sandbox.requestCount()).isEqualTo(5);
            assertThat(sandbox.statusCount(404)).isEqualTo(5);
        }
    }

    @Test
    void canBeDisabled() {
        try (LagoSandbox sandbox = LagoSandbox.builder().journal(0).start()) {
            new Api(sandbox).get("/customers");
            assertThat(sandbox.requests()).isEmpty();
            assertThat(sandbox.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void limitsTheSizeOfBodies() {
        Journal journal = new Journal(100);
        String large = "x".repeat(12 << 20);
        for (int i = 0; i < 4; i++) {
            journal.add(new SandboxRequest("POST", "/" + i, "", Map.of(), large, 200, null));
        }
        assertThat(journal.requests()).extracting(SandboxRequest::path).containsExactly("/2", "/3");
        assertThat(journal.count()).isEqualTo(4);
    }
}
