/** Webhooks: how they are registered at Lago, whose signature they bear, and which of them are repeats. */
package io.github.camellago.webhook;
