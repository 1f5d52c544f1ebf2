/** Webhooks: registration at Lago, signatures, organization, and redeliveries. */
package io.github.camellago.webhook;
