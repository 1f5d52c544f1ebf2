package io.github.camellago.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

import io.github.camellago.api.RateLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What an answer proves. */
class LagoResponseTest {

    private static final String LAGOS = "{\"status\":%d,\"error\":\"Refused\"}";
    private static final Duration TOOK = Duration.ofMillis(7);

    private static LagoResponse answer(int status, String body, RateLimit rate, long retryAfter) {
        return new LagoResponse(status, "application/json", body.getBytes(StandardCharsets.UTF_8), rate, retryAfter, "/to",
                Instant.EPOCH, TOOK);
    }

    private static LagoResponse answer(int status) {
        return answer(status, "<html>", RateLimit.UNKNOWN, -1);
    }

    private static LagoResponse lagos(int status) {
        return answer(status, LAGOS.formatted(status), RateLimit.UNKNOWN, -1);
    }

    @ParameterizedTest
    @CsvSource({"199, false, false", "200, true, false", "204, true, false", "299, true, false", "300, false, true",
            "399, false, true", "400, false, false", "500, false, false"})
    void itsStatusIsSuccessOrRedirect(int status, boolean success, boolean redirect) {
        assertThat(answer(status).isSuccess()).isEqualTo(success);
        assertThat(answer(status).isRedirect()).isEqualTo(redirect);
    }

    @Test
    void aBodyOfWhitespaceIsEmpty() {
        assertThat(LagoResponse.of(new byte[0]).isEmpty()).isTrue();
        assertThat(LagoResponse.of(new byte[]{' ', '\n', 0}).isEmpty()).isTrue();
        assertThat(LagoResponse.of(new byte[]{' ', '!'}).isEmpty()).isFalse();
        assertThat(LagoResponse.of(new byte[]{' ', -1}).isEmpty()).isFalse();
    }

    @Test
    void aBodyAloneIsASuccess() {
        byte[] body = {1};

        assertThat(LagoResponse.of(body)).isEqualTo(
                new LagoResponse(200, null, body, RateLimit.UNKNOWN, -1, null, null, Duration.ZERO));
    }

    @Test
    void aDeletionHasTheTimesOfItsAnswer() {
        RateLimit rate = new RateLimit(5, 4, 3);

        LagoResponse deleted = answer(404, "x", rate, 5).asDeleted();

        assertThat(deleted).isEqualTo(new LagoResponse(204, null, deleted.body(), rate, -1, null, Instant.EPOCH, TOOK));
        assertThat(deleted.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 422, 429, 499})
    void aRefusalOfLagosProvesThatNothingHappened(int status) {
        assertThat(lagos(status).isLagoError()).isTrue();
        assertThat(lagos(status).isUnprocessed()).isTrue();
        assertThat(answer(status).isLagoError()).isFalse();
        assertThat(answer(status).isUnprocessed()).isFalse();
        assertThat(answer(status, LAGOS.formatted(status + 1), RateLimit.UNKNOWN, -1).isUnprocessed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 407, 500, 502, 503})
    void otherAnswersInLagosFormProveNothing(int status) {
        assertThat(lagos(status).isLagoError()).isFalse();
        assertThat(lagos(status).isUnprocessed()).isFalse();
        assertThat(lagos(status).isLagoRateLimit()).isFalse();
        assertThat(lagos(status).isFromProxy()).isEqualTo(status == 407);
    }

    @Test
    void anUnavailableServerThatSaysWhenToComeHasNotProcessedTheCall() {
        assertThat(answer(503, "", RateLimit.UNKNOWN, 0).isUnprocessed()).isTrue();
        assertThat(answer(503, "", RateLimit.UNKNOWN, -1).isUnprocessed()).isFalse();
        assertThat(answer(502, "", RateLimit.UNKNOWN, 0).isUnprocessed()).isFalse();
    }

    @Test
    void aRateLimitIsLagosIfTheAnswerSaysMoreThanItsStatus() {
        assertThat(answer(429).isLagoRateLimit()).isFalse();
        assertThat(lagos(429).isLagoRateLimit()).isTrue();
        assertThat(answer(429, "", RateLimit.UNKNOWN, 0).isLagoRateLimit()).isTrue();
        assertThat(answer(429, "", new RateLimit(1, 0, 1), -1).isLagoRateLimit()).isTrue();
        assertThat(answer(428, "", new RateLimit(1, 0, 1), 0).isLagoRateLimit()).isFalse();
    }
}
