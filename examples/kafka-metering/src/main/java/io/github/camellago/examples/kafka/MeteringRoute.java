package io.github.camellago.examples.kafka;

import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/**
 * Sends usage records to Lago in batches. The offsets of a batch are committed after Lago has stored its events, and the other topic has the
 * rejected ones. Until then the batch is retried. After a crash, the new owner of the partitions reads it again, which does no harm.
 */
final class MeteringRoute extends RouteBuilder {

    @Override
    public void configure() {
        // retries without limit: Kafka stores only a position, so that a failed batch would be skipped
        errorHandler(defaultErrorHandler().maximumRedeliveries(-1).redeliveryDelay(500).useExponentialBackOff()
                .maximumRedeliveryDelay(10_000).retryAttemptedLogLevel(LoggingLevel.WARN).logRetryStackTrace(false));

        from("kafka:{{usage.topic}}?groupId=lago-metering&batching=true&maxPollRecords={{usage.batch}}&pollTimeoutMs=500"
                + "&batchingIntervalMs=1000&autoOffsetReset=earliest&autoCommitEnable=false&allowManualCommit=true"
                + "&sessionTimeoutMs={{usage.sessionTimeout}}&heartbeatIntervalMs={{usage.heartbeat}}")
                .routeId("metering")
                .setProperty("records", body())
                .process(UsageRecords::toEvents)
                .to("lago:events?checkReferences=true&onRejected=report")
                .split(simple("${body.rejected}"))
                .marshal().json(JsonLibrary.Jackson)
                // a Kafka consumer belongs to one thread, and the route must continue on that thread
                .to("kafka:{{usage.topic}}-rejected?synchronous=true")
                .end()
                .process(Offsets::commit);
    }
}
