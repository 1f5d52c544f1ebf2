package io.github.camellago;

import org.apache.camel.spi.Metadata;

/** The names of the headers that the component reads and sets. */
public final class LagoConstants {

    @Metadata(label = "producer", description = "The operation, if the endpoint has no option operation. For one call: the call removes this header.", javaType = "String")
    public static final String OPERATION = "CamelLagoOperation";
    @Metadata(description = "In: the id of the object that the call is about (lago_id, external_id or code, as Lago's API keys that resource), if the"
            + " endpoint has no option id. Out: the id of the object in the body.", javaType = "String")
    public static final String ID = "CamelLagoId";
    @Metadata(label = "producer", description = "Filters to add to those of the endpoint: a Map, or text of the form name=value;name=value. A filter that the endpoint has"
            + " is not replaced.", javaType = "java.util.Map<String, Object>")
    public static final String FILTER = "CamelLagoFilter";
    @Metadata(label = "producer", description = "Prefix of the headers that fill the placeholders of the path: CamelLagoPath.code fills {code}, if the endpoint has no option"
            + " path.code.", javaType = "String")
    public static final String PATH_PREFIX = "CamelLagoPath.";
    @Metadata(label = "producer", description = "The page to list, from 1. For one call: the call removes this header.", javaType = "Integer")
    public static final String PAGE = "CamelLagoPage";
    @Metadata(description = "The resource as it stands in the endpoint's URI.", javaType = "String")
    public static final String RESOURCE = "CamelLagoResource";
    @Metadata(label = "producer", description = "Total number of records of the list, as Lago reports it. May be up to 30 minutes old.", javaType = "Integer")
    public static final String TOTAL_COUNT = "CamelLagoTotalCount";
    @Metadata(label = "producer", description = "Number of pages of the list, as Lago reports it. May be up to 30 minutes old.", javaType = "Integer")
    public static final String TOTAL_PAGES = "CamelLagoTotalPages";
    @Metadata(label = "producer", description = "The number of the list's next page; absent at the end.", javaType = "Integer")
    public static final String NEXT_PAGE = "CamelLagoNextPage";
    @Metadata(label = "producer", description = "What upsert did, or would do with dryRun: created, updated, or unchanged if nothing was sent.", javaType = "String")
    public static final String RESULT = "CamelLagoResult";
    @Metadata(description = "The HTTP status of Lago's answer.", javaType = "Integer")
    public static final String HTTP_RESPONSE_CODE = "CamelHttpResponseCode";
    @Metadata(description = "Number of calls that Lago allows per window, if it reports a limit.", javaType = "Integer")
    public static final String RATE_LIMIT_LIMIT = "CamelLagoRateLimitLimit";
    @Metadata(description = "Number of calls left in this window, if Lago reports a limit.", javaType = "Integer")
    public static final String RATE_LIMIT_REMAINING = "CamelLagoRateLimitRemaining";
    @Metadata(description = "Seconds until the window ends, if Lago reports a limit.", javaType = "Integer")
    public static final String RATE_LIMIT_RESET = "CamelLagoRateLimitReset";
    @Metadata(label = "producer", description = "Number of events that Lago accepted.", javaType = "Long")
    public static final String EVENTS_ACCEPTED = "CamelLagoEventsAccepted";
    @Metadata(label = "producer", description = "Number of events that Lago already had.", javaType = "Long")
    public static final String EVENTS_DUPLICATE = "CamelLagoEventsDuplicate";
    @Metadata(label = "producer", description = "Number of rejected events.", javaType = "Long")
    public static final String EVENTS_REJECTED = "CamelLagoEventsRejected";
    @Metadata(label = "producer", description = "reconcile: number of events that Lago has stored as they were given.", javaType = "Long")
    public static final String EVENTS_STORED = "CamelLagoEventsStored";
    @Metadata(label = "producer", description = "reconcile: number of events that Lago did not have.", javaType = "Long")
    public static final String EVENTS_MISSING = "CamelLagoEventsMissing";
    @Metadata(label = "producer", description = "reconcile: number of events that Lago has stored with other content.", javaType = "Long")
    public static final String EVENTS_DIFFERENT = "CamelLagoEventsDifferent";
    @Metadata(label = "consumer", description = "True in the message that sendPollComplete adds after a complete poll.", javaType = "Boolean")
    public static final String POLL_COMPLETE = "CamelLagoPollComplete";
    @Metadata(label = "consumer", description = "When the poll started that read the record, or of which sendPollComplete reports the end.", javaType = "java.time.Instant")
    public static final String POLL_STARTED = "CamelLagoPollStarted";
    @Metadata(label = "consumer", description = "Number of records that the complete poll delivered.", javaType = "Long")
    public static final String POLL_RECORDS = "CamelLagoPollRecords";
    @Metadata(label = "consumer", description = "True in the message for a deleted record, with deletions=true. CamelLagoId is the id of the record.", javaType = "Boolean")
    public static final String DELETED = "CamelLagoDeleted";
    @Metadata(label = "consumer", description = "What identifies the deleted record for ever, even if its id is used again: its lago_id, or its code if it has none.", javaType = "String")
    public static final String RECORD_KEY = "CamelLagoRecordKey";
    @Metadata(description = "Webhooks: what happened, such as invoice.created.", javaType = "String")
    public static final String WEBHOOK_TYPE = "CamelLagoWebhookType";
    @Metadata(description = "Webhooks: what it happened to, such as invoice.", javaType = "String")
    public static final String WEBHOOK_OBJECT_TYPE = "CamelLagoWebhookObjectType";
    @Metadata(description = "Webhooks: the webhook's key, the same each time Lago sends it.", javaType = "String")
    public static final String WEBHOOK_UNIQUE_KEY = "CamelLagoWebhookUniqueKey";
    @Metadata(description = "Webhooks: Lago's id of the organization.", javaType = "String")
    public static final String WEBHOOK_ORGANIZATION_ID = "CamelLagoWebhookOrganizationId";
    @Metadata(description = "Webhooks event.error and events.errors: the transaction_id of the event that Lago has accepted and does not bill.", javaType = "String")
    public static final String EVENT_TRANSACTION_ID = "CamelLagoEventTransactionId";
    @Metadata(description = "Webhooks event.error and events.errors: why Lago does not bill the event, such as invalid_code.", javaType = "String")
    public static final String EVENT_REASON = "CamelLagoEventReason";
    @Metadata(description = "Webhook event.error: the event's code.", javaType = "String")
    public static final String EVENT_CODE = "CamelLagoEventCode";
    @Metadata(description = "Webhook event.error: the event's external_subscription_id.", javaType = "String")
    public static final String EVENT_EXTERNAL_SUBSCRIPTION_ID = "CamelLagoEventExternalSubscriptionId";

    private LagoConstants() {}
}
