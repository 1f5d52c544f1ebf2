package io.github.camellago.examples.durable;

import java.nio.file.Path;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/**
 * HTTP request to queue, queue to Lago. A client gets 202 when its events are on disk. A message is removed from the queue after Lago has its events, and
 * the other queue has the rejected ones. Until then it is retried. After a crash it is sent again, which does no harm.
 */
final class MeteringRoutes extends RouteBuilder {

    private static final String JMS_OPTIONS = "?transacted=true&lazyCreateTransactionManager=false&cacheLevelName=CACHE_CONSUMER"
            + "&receiveTimeout=10000";

    private final Path folder;

    /** @param folder where rejected events are written */
    MeteringRoutes(Path folder) {
        this.folder = folder;
    }

    @Override
    public void configure() {
        // a stop rolls back what is not delivered. The messages stay in the queue
        errorHandler(defaultErrorHandler().maximumRedeliveries(-1).redeliveryDelay(500).useExponentialBackOff()
                .maximumRedeliveryDelay(10_000).allowRedeliveryWhileStopping(false).retryAttemptedLogLevel(LoggingLevel.DEBUG)
                .logRetryStackTrace(false).logExhausted(false));

        from("platform-http:/usage?httpMethodRestrict=POST").routeId("entry")
                .errorHandler(noErrorHandler())
                .doTry()
                .process(UsageRequest::toMessage)
                .to(ExchangePattern.InOnly, "{{durable.entry}}")
                .setBody(constant(""))
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(202))
                .doCatch(UsageRequest.Invalid.class)
                .setBody(simple("${exception.message}"))
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(400))
                .doCatch(Exception.class)
                .log(LoggingLevel.ERROR, "Usage is not kept: ${exception.message}")
                .setBody(constant("Not kept. Repeat the request"))
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(503))
                .end();

        // each consumer waits for its message: so many single events can share a batch
        from("jms:queue:" + Broker.USAGE + JMS_OPTIONS + "&concurrentConsumers={{durable.consumers}}").routeId("delivery")
                .to("lago:events?batchInterval=100ms&onRejected=report")
                .split(simple("${body.rejected}"))
                .marshal().json(JsonLibrary.Jackson)
                .to(ExchangePattern.InOnly, "jms:queue:" + Broker.REJECTED)
                .end();

        // one consumer, so that lines are not mixed
        from("jms:queue:" + Broker.REJECTED + JMS_OPTIONS).routeId("dead-letters")
                .to("file:" + folder + "?fileName=rejected.jsonl&fileExist=Append&appendChars=\\n");
    }
}
