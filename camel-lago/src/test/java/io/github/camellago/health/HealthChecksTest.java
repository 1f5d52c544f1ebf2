package io.github.camellago.health;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.camellago.LagoConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

class HealthChecksTest {

    private static final String HOST = "http://lago.example.com";

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final HealthChecks checks = new HealthChecks(() -> context, () -> "lago", LagoConfiguration::new, () -> true);

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    @Test
    void anAccountHasOneCheck() {
        LagoHealthCheck first = acquire("key-1");

        assertThat(first.getId()).isEqualTo("producer:lago-lago.example.com");
        assertThat(acquire("key-1")).isSameAs(first);
        assertThat(acquire("key-2").getId()).isEqualTo("producer:lago-lago.example.com-2");
    }

    @Test
    void theNameOfAnAccountWithoutProducersIsFree() {
        acquire("key-1");
        acquire("key-1");
        acquire("key-2");
        acquire("key-3");

        checks.release(account("key-1"));
        assertThat(acquire("key-4").getId()).isEqualTo("producer:lago-lago.example.com-4");
        checks.release(account("key-1"));

        assertThat(acquire("key-5").getId()).isEqualTo("producer:lago-lago.example.com");
    }

    /** {@code toD} with an API key per message makes an account per key. */
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void thousandsOfKeysHaveTheirOwnChecks() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            ids.add(acquire("key-" + i).getId());
        }

        assertThat(ids).hasSize(20_000);
    }

    private LagoHealthCheck acquire(String key) {
        return checks.acquire(account(key), HOST, () -> null);
    }

    private static LagoConfiguration account(String key) {
        LagoConfiguration account = new LagoConfiguration();
        account.setBaseUrl(HOST);
        account.setApiKey(key);
        return account;
    }
}
