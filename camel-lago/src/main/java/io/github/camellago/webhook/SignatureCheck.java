package io.github.camellago.webhook;

import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoWebhookException;

/** Checks the signature of a webhook. Thread-safe. */
interface SignatureCheck {

    /**
     * Fetches the public key if signatures are checked with it.
     *
     * @throws LagoException if it cannot be fetched
     */
    default void prepare() {}

    /** @throws LagoWebhookException if Lago has not signed this webhook */
    void check(RawWebhook webhook);
}
