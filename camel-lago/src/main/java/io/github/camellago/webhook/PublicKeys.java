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
 * Lago's public key. Anyone can send signatures that do not match it, so the key is fetched again at most once a minute, by one thread
 * while others wait for the result. Thread-safe.
 */
final class PublicKeys {

    private static final Logger LOG = LoggerFactory.getLogger(PublicKeys.class);

    /** Minimum time between two refreshes. The first refresh is not limited, because a key may change right after it was fetched. */
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);
    /** Minimum time between two attempts to fetch the first key. No webhook is accepted without it. */
    private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final Supplier<RSAPublicKey> lago;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile RSAPublicKey key;
    private long fetchedAt;
    private boolean refreshed;
    private long refreshedAt;
    private LagoException failure;

    PublicKeys(Supplier<RSAPublicKey> lago, LongSupplier nanoTime) {
        this.lago = lago;
        this.nanoTime = nanoTime;
    }

    /**
     * Returns the key. Fetches it on the first call.
     *
     * @throws LagoException if it cannot be fetched
     */
    RSAPublicKey current() {
        RSAPublicKey current = key;
        if (current != null) {
            return current;
        }
        lock.lock();
        try {
            if (key == null) {
                if (failure != null && nanoTime.getAsLong() - fetchedAt < FIRST_PAUSE) {
                    throw failure;
                }
                fetch();
            }
            return key;
        } finally {
            lock.unlock();
        }
    }

    /** Fetches the key again. Returns the given one if Lago still has it, or if the last refresh was less than a minute ago. */
    RSAPublicKey refresh(RSAPublicKey known) {
        lock.lock();
        try {
            if (key == known && (!refreshed || nanoTime.getAsLong() - refreshedAt >= PAUSE)) {
                refreshed = true;
                refreshedAt = nanoTime.getAsLong();
                fetch();
                if (key != known) {
                    LOG.info("Lago has a new public key for webhooks");
                }
            }
        } catch (LagoException e) {
            LOG.warn("A webhook's signature does not match Lago's public key, and fetching the key again failed: {}",
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
            fetchedAt = nanoTime.getAsLong();
        }
    }
}
