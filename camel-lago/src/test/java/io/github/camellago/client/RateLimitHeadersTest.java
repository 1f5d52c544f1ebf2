package io.github.camellago.client;

import java.time.Instant;

import io.github.camellago.api.RateLimit;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RateLimitHeadersTest {

    private final BasicHttpResponse answer = new BasicHttpResponse(200);

    @ParameterizedTest
    @CsvSource({"Limit, 50, 50, , ", "Remaining, 0, , 0, ", "Reset, 1, , , 1", "Reset, 999999999, , , 999999999",
            "Limit, 99999999999, 2147483647, , ", "Remaining, ' 7 ', , 7, "})
    void readsEachHeader(String header, String value, Integer limit, Integer remaining, Integer reset) {
        answer.setHeader("X-RateLimit-" + header, value);

        assertThat(RateLimitHeaders.read(answer)).isEqualTo(new RateLimit(limit, remaining, reset));
    }

    @Test
    void knowsNothingWithoutHeaders() {
        assertThat(RateLimitHeaders.read(answer)).isSameAs(RateLimit.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "many", "", "1.5"})
    void ignoresWhatIsNoLimit(String value) {
        answer.setHeader("X-RateLimit-Limit", value);
        answer.setHeader("X-RateLimit-Remaining", value);
        answer.setHeader("X-RateLimit-Reset", value);

        assertThat(RateLimitHeaders.read(answer)).isSameAs(RateLimit.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000})
    void aTimeSinceTheEpochIsTheEndOfTheWindow(long perSecond) {
        long end = Instant.now().getEpochSecond() + 3_600;
        answer.setHeader("X-RateLimit-Reset", String.valueOf(end * perSecond));

        assertThat(RateLimitHeaders.read(answer).reset()).isBetween(3_500, 3_600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000000", "1000000000000"})
    void aTimeInThePastIsNow(String value) {
        answer.setHeader("X-RateLimit-Reset", value);

        assertThat(RateLimitHeaders.read(answer).reset()).isZero();
    }
}
