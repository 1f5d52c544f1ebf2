package io.github.camellago.webhook;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.camel.spi.IdempotentRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells webhooks that Lago sends again from new ones. A key goes into the repository when its webhook is done, and not before: a
 * crash in between leaves no trace, so that Lago's next try is handled. Thread-safe.
 */
public final class WebhookDeduplicator {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookDeduplicator.class);

    /** What a key means. */
    public enum Claim {
        /** to be handled by the caller, who says at the end how it went */
        NEW,
        /** handled before */
        DONE,
        /** being handled just now */
        UNDER_WAY
    }

    private final IdempotentRepository done;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    public WebhookDeduplicator(IdempotentRepository done) {
        this.done = done;
    }

    /** @throws RuntimeException of the repository's, when it cannot tell */
    public Claim claim(String key) {
        if (!underWay.add(key)) {
            return Claim.UNDER_WAY;
        }
        boolean known = true;
        try {
            known = done.contains(key);
            return known ? Claim.DONE : Claim.NEW;
        } finally {
            if (known) {
                underWay.remove(key);
            }
        }
    }

    /** The webhook of a key that was {@link Claim#NEW} has been handled. */
    public void completed(String key) {
        try {
            done.add(key);
            done.confirm(key);
        } catch (RuntimeException e) {
            LOG.warn(
                    "The webhook {} is done, but the idempotentRepository does not take its key: should Lago send it again, it is"
                            + " handled again",
                    key, e);
        } finally {
            underWay.remove(key);
        }
    }

    /** The webhook of a key that was {@link Claim#NEW} has failed. */
    public void failed(String key) {
        underWay.remove(key);
    }
}
