package io.github.camellago.webhook;

import java.util.ArrayList;
import java.util.List;

import io.github.camellago.webhook.WebhookDeduplicator.Claim;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which webhooks are processed again. */
class WebhookDeduplicatorTest {

    private final List<String> calls = new ArrayList<>();
    private RuntimeException failure;
    private final MemoryIdempotentRepository repository = new MemoryIdempotentRepository() {
        @Override
        public boolean contains(String key) {
            throwFailure();
            return super.contains(key);
        }

        @Override
        public boolean add(String key) {
            throwFailure();
            calls.add("add " + key);
            return super.add(key);
        }

        @Override
        public boolean confirm(String key) {
            calls.add("confirm " + key);
            return super.confirm(key);
        }
    };
    private final WebhookDeduplicator deduplicator = new WebhookDeduplicator(started(repository));

    private static MemoryIdempotentRepository started(MemoryIdempotentRepository repository) {
        repository.start();
        return repository;
    }

    private void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    @Test
    void aKeyIsStoredWhenItsWebhookHasCompletedAndNotBefore() {
        assertThat(deduplicator.claim("a")).isEqualTo(Claim.NEW);
        assertThat(calls).isEmpty();
        assertThat(deduplicator.claim("a")).isEqualTo(Claim.IN_FLIGHT);
        assertThat(deduplicator.claim("b")).isEqualTo(Claim.NEW);

        deduplicator.completed("a");

        assertThat(calls).containsExactly("add a", "confirm a");
        assertThat(deduplicator.claim("a")).isEqualTo(Claim.DONE);
        assertThat(deduplicator.claim("a")).isEqualTo(Claim.DONE);
        assertThat(deduplicator.claim("b")).isEqualTo(Claim.IN_FLIGHT);
    }

    @Test
    void aWebhookThatHasFailedIsProcessedAgain() {
        deduplicator.claim("a");

        deduplicator.failed("a");

        assertThat(calls).isEmpty();
        assertThat(deduplicator.claim("a")).isEqualTo(Claim.NEW);
    }

    @Test
    void aRepositoryThatCannotBeReadLeavesTheKeyFree() {
        failure = new IllegalStateException("down");
        assertThatThrownBy(() -> deduplicator.claim("a")).isSameAs(failure);

        failure = null;
        assertThat(deduplicator.claim("a")).isEqualTo(Claim.NEW);
    }

    @Test
    void aRepositoryThatCannotBeWrittenLeavesTheKeyFree() {
        deduplicator.claim("a");
        failure = new IllegalStateException("down");
        deduplicator.completed("a");

        failure = null;
        assertThat(deduplicator.claim("a")).isEqualTo(Claim.NEW);
    }
}
