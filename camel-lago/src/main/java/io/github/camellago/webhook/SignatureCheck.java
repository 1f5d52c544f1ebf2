package io.github.camellago.webhook;

import io.github.camellago.api.LagoWebhookException;

/** Says whether Lago has signed what arrived. Thread-safe. */
interface SignatureCheck {

    /** @throws LagoWebhookException when it has not */
    void check(RawWebhook webhook);
}
