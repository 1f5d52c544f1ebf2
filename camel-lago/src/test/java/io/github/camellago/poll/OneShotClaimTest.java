package io.github.camellago.poll;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** How often the end of a record in flight is reported. */
class OneShotClaimTest {

    private final List<String> calls = new ArrayList<>();

    @Test
    void onlyTheFirstEndCounts() {
        Reading.Claim processed = claim(false);
        processed.processed();
        processed.processed();
        processed.failed();
        assertThat(calls).containsExactly("store", "processed");
        calls.clear();

        Reading.Claim failed = claim(false);
        failed.failed();
        failed.failed();
        failed.processed();
        assertThat(calls).containsExactly("failed");
    }

    @Test
    void aRecordThatCannotBeStoredHasFailed() {
        assertThatThrownBy(claim(true)::processed).hasMessage("no store");
        assertThat(calls).containsExactly("store", "failed");
    }

    private Reading.Claim claim(boolean storeFails) {
        return new OneShotClaim(() -> {
            calls.add("store");
            if (storeFails) {
                throw new IllegalStateException("no store");
            }
        }, () -> calls.add("processed"), () -> calls.add("failed"));
    }
}
