package io.github.camellago.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class RateLimitsTest {

    @RegisterExtension
    static LagoSandboxExtension lago = new LagoSandboxExtension(LagoSandbox.builder()
            .clock(Clock.fixed(Instant.parse("2026-01-01T00:00:00.200Z"), ZoneOffset.UTC))
            .rateLimits(RateLimits.perSecond(3, 2, 1)));

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void connect() {
        sandbox = lago.sandbox();
        api = new Api(sandbox);
    }

    @Test
    void countsEachGroupSeparately() {
        Api.Answer first = api.post("/events", Map.of("event", Api.event("1")));
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("X-RateLimit-Limit")).isEqualTo("3");
        assertThat(first.header("X-RateLimit-Remaining")).isEqualTo("2");
        assertThat(first.header("X-RateLimit-Reset")).isEqualTo("1");
        assertThat(api.post("/events/batch", Map.of()).header("X-RateLimit-Remaining")).isEqualTo("1");
        assertThat(api.get("/customers/a/current_usage").header("X-RateLimit-Limit")).isEqualTo("2");
        assertThat(api.get("/customers").header("X-RateLimit-Remaining")).isEqualTo("0");
        assertThat(api.get("/customers").status()).isEqualTo(429);
        assertThat(api.post("/events", Map.of("event", Api.event("2"))).status()).isEqualTo(200);
        Api.Answer rejected = api.post("/events", Map.of("event", Api.event("3")));
        assertThat(rejected.status()).isEqualTo(429);
        assertThat(rejected.header("X-RateLimit-Remaining")).isEqualTo("0");
        assertThat(rejected.json().get("status").asInt()).isEqualTo(429);
        assertThat(sandbox.events()).hasSize(2);
    }

    @Test
    void resetsCountsInTheNextWindow() {
        assertThat(api.get("/customers").status()).isEqualTo(200);
        assertThat(api.get("/customers").status()).isEqualTo(429);
        sandbox.advance(Duration.ofMillis(799));
        assertThat(api.get("/customers").status()).isEqualTo(429);
        sandbox.advance(Duration.ofMillis(1));
        assertThat(api.get("/customers").status()).isEqualTo(200);
    }

    @Test
    void sharesTheLimitBetweenAllKeys() {
        assertThat(api.get("/customers").status()).isEqualTo(200);
        assertThat(new Api(sandbox, sandbox.createKey("customer:read")).get("/customers").status()).isEqualTo(429);
    }

    @Test
    void reportsTheRemainingTimeOfALongWindow() {
        sandbox.rateLimits(RateLimits.perSecond(1, 1, 1).window(Duration.ofSeconds(10)));
        sandbox.advance(Duration.ofSeconds(3));
        assertThat(api.get("/customers").header("X-RateLimit-Reset")).isEqualTo("7");
    }

    @Test
    void limitsSilently() {
        sandbox.rateLimits(RateLimits.perSecond(1, 1, 1).silent());
        assertThat(api.get("/customers").header("X-RateLimit-Limit")).isNull();
        Api.Answer rejected = api.get("/customers");
        assertThat(rejected.status()).isEqualTo(429);
        assertThat(rejected.header("X-RateLimit-Reset")).isNull();
    }

    @Test
    void sendsNoHeadersWithoutLimits() {
        sandbox.rateLimits(RateLimits.none());
        for (int i = 0; i < 100; i++) {
            Api.Answer answer = api.get("/customers");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("X-RateLimit-Limit")).isNull();
        }
    }

    @Test
    void hasTheLimitsOfLagoCloud() {
        assertThat(RateLimits.cloud()).isEqualTo(RateLimits.perSecond(500, 200, 50));
        sandbox.rateLimits(RateLimits.cloud());
        assertThat(api.get("/customers").header("X-RateLimit-Limit")).isEqualTo("50");
    }
}
