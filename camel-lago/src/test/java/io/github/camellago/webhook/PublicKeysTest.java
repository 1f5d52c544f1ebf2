package io.github.camellago.webhook;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.LogCapture;
import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoTransportException;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** When Lago's public key is fetched, with a clock that the test sets. */
class PublicKeysTest {

    private static final RSAPublicKey A = key();
    private static final RSAPublicKey B = key();

    private final AtomicLong now = new AtomicLong(-5);
    private final AtomicInteger fetches = new AtomicInteger();
    private RSAPublicKey key = A;
    private final PublicKeys keys = new PublicKeys(this::fetch, now::get);

    static RSAPublicKey key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(1024);
            return (RSAPublicKey) generator.generateKeyPair().getPublic();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private RSAPublicKey fetch() {
        fetches.incrementAndGet();
        if (key == null) {
            throw new LagoTransportException(Failure.local("down " + fetches, "GET", "webhooks", false, null));
        }
        return key;
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void isFetchedOnce() {
        assertThat(keys.current()).isSameAs(A);
        key = B;
        pass(TimeUnit.DAYS.toMillis(1));

        assertThat(keys.current()).isSameAs(A);
        assertThat(fetches).hasValue(1);
    }

    @Test
    void theFirstKeyIsAskedForEveryFiveSeconds() {
        key = null;
        assertThatThrownBy(keys::current).hasMessage("down 1");
        pass(4_999);
        assertThatThrownBy(keys::current).hasMessage("down 1");

        pass(1);

        assertThatThrownBy(keys::current).hasMessage("down 2");
        key = A;
        pass(5_000);
        assertThat(keys.current()).isSameAs(A);
    }

    @Test
    void aNewKeyIsFetchedAtOnceAndThenOnceAMinute() {
        keys.current();
        key = B;
        try (LogCapture log = LogCapture.from(Level.INFO)) {
            assertThat(keys.refresh(A)).isSameAs(B);
            assertThat(log.lines()).singleElement().asString().contains("Lago has a new public key");
        }
        assertThat(keys.current()).isSameAs(B);
        key = A;
        pass(59_999);
        assertThat(keys.refresh(B)).isSameAs(B);
        assertThat(fetches).hasValue(2);

        pass(1);

        assertThat(keys.refresh(B)).isSameAs(A);
    }

    @Test
    void theSameKeyIsNotNew() {
        keys.current();
        try (LogCapture log = LogCapture.from(Level.INFO)) {
            assertThat(keys.refresh(A)).isSameAs(A);
            assertThat(log.lines()).isEmpty();
        }
        assertThat(fetches).hasValue(2);
    }

    /** A webhook that waited while another thread fetched the key. */
    @Test
    void aKeyThatWasReplacedIsNotFetchedAgain() {
        keys.current();
        key = B;
        keys.refresh(A);

        assertThat(keys.refresh(A)).isSameAs(B);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void theKeyStaysIfLagoDoesNotAnswer() {
        keys.current();
        key = null;
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            assertThat(keys.refresh(A)).isSameAs(A);
            assertThat(log.lines()).singleElement().asString().contains("fetching the key again failed: down 2");
        }
        assertThat(keys.refresh(A)).isSameAs(A);
        assertThat(fetches).hasValue(2);
        assertThat(keys.current()).isSameAs(A);
    }

    @Test
    void otherThreadsMayFetchTheKeyAfterAFailure() throws Exception {
        key = null;
        assertThatThrownBy(keys::current).isInstanceOf(LagoTransportException.class);
        key = A;
        pass(5_000);
        CompletableFuture.runAsync(keys::current).get(30, TimeUnit.SECONDS);
        CompletableFuture.runAsync(() -> keys.refresh(A)).get(30, TimeUnit.SECONDS);

        assertThat(keys.refresh(A)).isSameAs(A);
        assertThat(fetches).hasValue(3);
    }
}
