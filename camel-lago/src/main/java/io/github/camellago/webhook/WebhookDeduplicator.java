package io.github.camellago.webhook;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.camel.spi.IdempotentRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognizes redelivered webhooks by their keys. A key is stored when its webhook has been processed, not before, so that a webhook
 * that was interrupted by a crash is processed when Lago redelivers it. Thread-safe.
 */
final class WebhookDeduplicator {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookDeduplicator.class);

    /** The state of a key. */
    enum Claim {
        /** the caller processes the webhook and then calls {@link #completed} or {@link #failed} */
        NEW,
        /** processed before */
        DONE,
        /** being processed by another thread */
        IN_FLIGHT
    }

    private final IdempotentRepository done;
    private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

    WebhookDeduplicator(IdempotentRepository done) {
        this.done = done;
    }

    /** @throws RuntimeException the repository's, if it cannot be read */
    Claim claim(String key) {
        if (!inFlight.add(key)) {
            return Claim.IN_FLIGHT;
        }
        boolean known = true;
        try {
            known = done.contains(key);
            return known ? Claim.DONE : Claim.NEW;
        } finally {
            if (known) {
                inFlight.remove(key);
            }
        }
    }

    /** The webhook of a key that was {@link Claim#NEW} has been processed. */
    void completed(String key) {
        try {
            done.add(key);
            done.confirm(key);
        } catch (RuntimeException e) {
            LOG.warn(
                    "The webhook {} was processed, but the idempotentRepository did not store its key. If Lago redelivers the"
                            + " webhook, it is processed again",
                    key, e);
        } finally {
            inFlight.remove(key);
        }
    }

    /** The webhook of a key that was {@link Claim#NEW} has failed. */
    void failed(String key) {
        inFlight.remove(key);
    }
}
