package io.github.camellago.client;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RateLimitGroupTest {

    @ParameterizedTest
    @CsvSource({"POST, events, EVENTS", "POST, events/batch, EVENTS", "POST, events/estimate_fees, OTHER", "GET, events, OTHER",
            "GET, events/batch, OTHER", "GET, customers/c-1/current_usage, CURRENT_USAGE", "GET, current_usage, OTHER",
            "GET, customers/c-1/projected_usage, OTHER", "POST, wallets, OTHER"})
    void eachCallCountsAgainstOneLimit(String method, String path, RateLimitGroup group) {
        assertThat(RateLimitGroup.of(method, path)).isEqualTo(group);
        assertThat(new LagoRequest(method, path, null, null, RetryRule.UNPROCESSED, "x").toIngestHost())
                .isEqualTo(group == RateLimitGroup.EVENTS);
    }
}
