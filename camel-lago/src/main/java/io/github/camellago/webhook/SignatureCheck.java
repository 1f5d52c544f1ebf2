package io.github.camellago.webhook;

import io.github.camellago.api.LagoWebhookException;

/** Checks the signature of a webhook. Thread-safe. */
interface SignatureCheck {

    /** @throws LagoWebhookException if Lago has not signed this webhook */
    void check(RawWebhook webhook);
}
