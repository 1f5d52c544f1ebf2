package io.github.camellago.webhook;

/**
 * A webhook that Lago has signed.
 *
 * @param type           what happened, such as {@code invoice.created}
 * @param objectType     what it happened to, such as {@code invoice}; null where Lago does not say
 * @param organizationId Lago's id of the organization; null where Lago does not say
 * @param uniqueKey      the same each time Lago sends this webhook. It is not part of what is signed
 * @param id             the object's own id, as Lago's API keys it; null where it has none
 * @param body           the object without its envelope, in the form that was asked for
 */
public record LagoWebhook(String type, String objectType, String organizationId, String uniqueKey, String id, Object body) {}
