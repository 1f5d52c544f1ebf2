package io.github.camellago.client;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.LongStream;

import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetryPolicyTest {

    private final RetryPolicy policy = new RetryPolicy(3, 500, 20_000);

    @ParameterizedTest
    @CsvSource({"0, 250, 500", "1, 500, 1000", "2, 1000, 2000", "5, 8000, 16000", "6, 10000, 20000", "200, 10000, 20000"})
    void theDelayDoublesUpToItsMaximum(int retry, long least, long most) {
        long[] delays = LongStream.range(0, 1_000).map(i -> policy.delay(retry)).toArray();

        assertThat(LongStream.of(delays)).allMatch(delay -> delay >= least && delay <= most);
        assertThat(LongStream.of(delays).distinct().count()).isGreaterThan(10);
    }

    @Test
    void aDelayOfOneMillisecondStaysOne() {
        assertThat(new RetryPolicy(3, 1, 20_000).delay(0)).isEqualTo(1);
        assertThat(LongStream.range(0, 1_000).map(i -> new RetryPolicy(3, 2, 20_000).delay(0)).distinct().sorted().boxed()
                .toList())
                .containsExactly(1L, 2L);
    }

    @Test
    void noHeaderAsksForNoDelay() {
        assertThat(RetryPolicy.retryAfter(new BasicHttpResponse(503))).isEqualTo(-1);
    }

    @Test
    void aDelayOfZeroStaysZero() {
        assertThat(new RetryPolicy(3, 0, 20_000).delay(3)).isZero();
    }

    @Test
    void retryAfterIsReadInSeconds() {
        assertThat(retryAfter("7")).isEqualTo(7_000);
    }

    @Test
    void retryAfterIsReadAsADate() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.now().plusSeconds(3_600).atZone(ZoneOffset.UTC));

        assertThat(retryAfter(date)).isBetween(3_500_000L, 3_600_000L);
        assertThat(retryAfter("Wed, 21 Oct 2015 07:28:00 GMT")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1.5", "99999999999999999999"})
    void ignoresARetryAfterThatCannotBeRead(String value) {
        assertThat(retryAfter(value)).isEqualTo(-1);
    }

    @Test
    void aHugeRetryAfterIsAYear() {
        assertThat(retryAfter("9999999999")).isEqualTo(365L * 24 * 3600 * 1000);
    }

    private static long retryAfter(String value) {
        BasicHttpResponse answer = new BasicHttpResponse(503);
        answer.setHeader("Retry-After", value);
        return RetryPolicy.retryAfter(answer);
    }
}
