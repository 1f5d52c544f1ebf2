package io.github.camellago.webhook;

import java.security.interfaces.RSAPublicKey;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.camellago.api.LagoException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lago's key as it was last fetched. Anyone can send signatures that do not fit it, so a look for a newer one is had at most once a
 * minute, by one thread while the others wait for what it finds. Thread-safe.
 */
final class PublicKeys {

    private static final Logger LOG = LoggerFactory.getLogger(PublicKeys.class);

    /** Between two looks for a newer key. The first one is free: a key may change at any time after it was fetched. */
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);
    /** Between two tries to have any key at all: all webhooks are refused until one succeeds. */
    private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final Supplier<RSAPublicKey> lago;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile RSAPublicKey key;
    private long fetched;
    private boolean looked;
    private long lastLook;
    private LagoException failure;

    PublicKeys(Supplier<RSAPublicKey> lago, LongSupplier nanoTime) {
        this.lago = lago;
        this.nanoTime = nanoTime;
    }

    /**
     * The key, fetched if there is none yet.
     *
     * @throws LagoException when it cannot be had
     */
    RSAPublicKey current() {
        RSAPublicKey current = key;
        if (current != null) {
            return current;
        }
        lock.lock();
        try {
            if (key == null) {
                if (failure != null && nanoTime.getAsLong() - fetched < FIRST_PAUSE) {
                    throw failure;
                }
                fetch();
            }
            return key;
        } finally {
            lock.unlock();
        }
    }

    /** The key that Lago has by now if it is another one, else the same. */
    RSAPublicKey newerThan(RSAPublicKey known) {
        lock.lock();
        try {
            if (key == known && (!looked || nanoTime.getAsLong() - lastLook >= PAUSE)) {
                looked = true;
                lastLook = nanoTime.getAsLong();
                fetch();
                if (key != known) {
                    LOG.info("Lago signs webhooks with a new key");
                }
            }
        } catch (LagoException e) {
            LOG.warn("A webhook's signature does not fit Lago's key as it was last fetched; looking for a newer one failed: {}",
                    e.getMessage());
        } finally {
            lock.unlock();
        }
        return key;
    }

    private void fetch() {
        try {
            RSAPublicKey now = lago.get();
            failure = null;
            if (!now.equals(key)) {
                key = now;
            }
        } catch (LagoException e) {
            failure = e;
            throw e;
        } finally {
            fetched = nanoTime.getAsLong();
        }
    }
}
