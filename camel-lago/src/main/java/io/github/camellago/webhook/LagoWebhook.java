package io.github.camellago.webhook;

/**
 * A verified webhook.
 *
 * @param type           what happened, such as {@code invoice.created}
 * @param objectType     the kind of object, such as {@code invoice}, or null if Lago does not name it
 * @param organizationId Lago's id of the organization
 * @param uniqueKey      the same for each delivery of this webhook. It is not signed. A failed event that is one of several has a number added
 * @param id             the object's own id, as Lago's API keys it, or null if it has none
 * @param body           the object without its envelope, in the requested type. If there is a failed event, what the webhook contains of it
 * @param failedEvent    the event that the webhook is about, or null
 */
record LagoWebhook(String type, String objectType, String organizationId, String uniqueKey, String id, Object body,
        FailedEvent failedEvent) {}
