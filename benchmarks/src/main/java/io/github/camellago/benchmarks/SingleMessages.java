package io.github.camellago.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/** Routes with an asynchronous source of messages with one event each. The source keeps a fixed number of messages in flight. */
final class SingleMessages extends RouteBuilder {

    static final int IN_FLIGHT = 256;
    /** So many events {@code acknowledge=received} keeps in memory. */
    static final int MANY_IN_FLIGHT = 1_000;
    static final String COMPONENT = "lago:events?batchInterval=100&acknowledge=";

    private final String url;
    private final int concurrency;
    private final Map<String, Semaphore> sources = Map.of("seda:delivered", new Semaphore(IN_FLIGHT), "seda:deliveredMany",
            new Semaphore(MANY_IN_FLIGHT), "seda:received", new Semaphore(IN_FLIGHT), "seda:aggregate",
            new Semaphore(IN_FLIGHT));
    private final LongAdder failed = new LongAdder();

    SingleMessages(String url, int concurrency) {
        this.url = url;
        this.concurrency = concurrency;
    }

    /** One permit for each message that may be sent. */
    Semaphore inFlight(String source) {
        return sources.get(source);
    }

    /** The number of messages that failed. */
    long failed() {
        return failed.sum();
    }

    @Override
    public void configure() {
        lago("seda:delivered", "delivered");
        lago("seda:deliveredMany", "delivered");
        lago("seda:received", "received");

        from("seda:aggregate")
                .process(e -> inFlight("seda:aggregate").release())
                .aggregate(constant(true), new Collected()).completionSize(SampleEvents.BATCH).completionTimeout(100)
                .executorService(HandWritten.threads(concurrency))
                .setBody(e -> Map.of("events", e.getMessage().getBody()))
                .marshal().json(JsonLibrary.Jackson)
                .setHeader("Authorization", constant("Bearer benchmark-key"))
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .to(url + "/api/v1/events/batch");
    }

    private void lago(String source, String acknowledge) {
        from(source)
                .onException(Exception.class).handled(true).process(e -> failed(source)).end()
                .to(COMPONENT + acknowledge).process(e -> inFlight(source).release());
    }

    private void failed(String source) {
        failed.increment();
        inFlight(source).release();
    }

    /** Collects bodies in a list. */
    static final class Collected implements AggregationStrategy {

        @Override
        @SuppressWarnings("unchecked")
        public Exchange aggregate(Exchange group, Exchange event) {
            List<Object> list = group == null ? new ArrayList<>(SampleEvents.BATCH) : group.getMessage().getBody(List.class);
            list.add(event.getMessage().getBody());
            if (group == null) {
                event.getMessage().setBody(list);
                return event;
            }
            return group;
        }
    }
}
