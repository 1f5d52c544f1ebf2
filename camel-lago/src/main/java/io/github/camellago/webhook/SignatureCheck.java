package io.github.camellago.webhook;

/** Says whether Lago has signed what arrived. Thread-safe. */
interface SignatureCheck {

    /** @throws LagoWebhookException when it has not */
    void check(Incoming webhook);
}
