package io.github.camellago.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.camellago.api.RateLimit;
import io.github.camellago.catalog.Repeat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.camellago.client.RetryRule.EVENT_BATCH;
import static io.github.camellago.client.RetryRule.IDEMPOTENT;
import static io.github.camellago.client.RetryRule.SINGLE_EVENT;
import static io.github.camellago.client.RetryRule.UNPROCESSED;
import static org.assertj.core.api.Assertions.assertThat;

class RetryRuleTest {

    @ParameterizedTest
    @EnumSource(Repeat.class)
    void followsTheCatalog(Repeat repeat) {
        boolean harmless = repeat == Repeat.SAFE || repeat == Repeat.UNIQUE_BY_CODE || repeat == Repeat.UNIQUE_BY_URL;

        assertThat(RetryRule.of(repeat)).isEqualTo(harmless ? IDEMPOTENT : UNPROCESSED);
        assertThat(RetryRule.of(repeat).isIdempotent()).isEqualTo(harmless);
    }

    @ParameterizedTest
    @CsvSource({"400, true, true, true", "408, true, true, true", "413, false, false, true", "425, true, true, true",
            "500, false, true, true", "501, false, false, false", "502, true, true, true", "503, true, true, true",
            "504, true, true, true", "505, false, false, false", "520, true, true, true", "302, false, false, false"})
    void retriesAnswersThatAreNotLagos(int status, boolean idempotent, boolean batch, boolean single) {
        assertThat(UNPROCESSED.allows(answer(status, "<html>"))).isFalse();
        assertThat(IDEMPOTENT.allows(answer(status, "<html>"))).isEqualTo(idempotent);
        assertThat(EVENT_BATCH.allows(answer(status, "<html>"))).isEqualTo(batch);
        assertThat(SINGLE_EVENT.allows(answer(status, "<html>"))).isEqualTo(single);
    }

    @ParameterizedTest
    @EnumSource(RetryRule.class)
    void anAnswerThatSaysWhenToComeAgainIsRetriedByEachRule(RetryRule rule) {
        assertThat(rule.allows(answer(503, "<html>", 1_000))).isTrue();
        assertThat(rule.allows(answer(429, "<html>", 0))).isTrue();
        assertThat(rule.allows(answer(429, "<html>"))).isEqualTo(rule.isIdempotent());
        assertThat(rule.allows(answer(500, "<html>", 1_000))).isEqualTo(rule == EVENT_BATCH || rule == SINGLE_EVENT);
    }

    @Test
    void lagosOwnRefusalIsFinal() {
        LagoResponse refusal = answer(422,
                "{\"status\":422,\"error\":\"Unprocessable Entity\",\"code\":\"validation_errors\"}");

        for (RetryRule rule : RetryRule.values()) {
            assertThat(rule.allows(refusal)).isFalse();
        }
    }

    private static LagoResponse answer(int status, String body) {
        return answer(status, body, -1);
    }

    private static LagoResponse answer(int status, String body, long retryAfter) {
        return new LagoResponse(status, null, body.getBytes(StandardCharsets.UTF_8), RateLimit.UNKNOWN, retryAfter, null, null,
                Duration.ZERO);
    }
}
