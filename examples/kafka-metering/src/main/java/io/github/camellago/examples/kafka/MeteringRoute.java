package io.github.camellago.examples.kafka;

import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/**
 * Records of usage to Lago, a batch at a time. A batch's offsets are committed when Lago has its events and the topic for rejected ones has the rest:
 * until then it is tried again, and whoever gets its partitions after a crash reads it again, which does no harm.
 */
final class MeteringRoute extends RouteBuilder {

    @Override
    public void configure() {
        // never given up: a batch that failed would be passed over, for Kafka only knows how far a consumer has come
        errorHandler(defaultErrorHandler().maximumRedeliveries(-1).redeliveryDelay(500).useExponentialBackOff()
                .maximumRedeliveryDelay(10_000).retryAttemptedLogLevel(LoggingLevel.WARN).logRetryStackTrace(false));

        from("kafka:{{usage.topic}}?groupId=lago-metering&batching=true&maxPollRecords={{usage.batch}}&pollTimeoutMs=500"
                + "&batchingIntervalMs=1000&autoOffsetReset=earliest&autoCommitEnable=false&allowManualCommit=true"
                + "&sessionTimeoutMs={{usage.sessionTimeout}}&heartbeatIntervalMs={{usage.heartbeat}}")
                .routeId("metering")
                .setProperty("records", body())
                .process(UsageRecords::toEvents)
                .to("lago:events?onRejected=report")
                .split(simple("${body.rejected}"))
                .marshal().json(JsonLibrary.Jackson)
                // a consumer belongs to one thread: the route must come back on it
                .to("kafka:{{usage.topic}}-rejected?synchronous=true")
                .end()
                .process(Offsets::commit);
    }
}
