package io.github.camellago.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.apache.camel.util.concurrent.SynchronousExecutorService;

/** What a user writes by hand without the component. */
final class HandWritten extends RouteBuilder {

    private final String events;
    private final int concurrency;

    HandWritten(String url, int concurrency) {
        this.events = url + "/api/v1/events";
        this.concurrency = concurrency;
    }

    @Override
    public void configure() {
        from("direct:one-by-one")
                .split(body()).streaming()
                .setBody(e -> Map.of("event", e.getMessage().getBody()))
                .marshal().json(JsonLibrary.Jackson)
                .setHeader("Authorization", constant("Bearer benchmark-key"))
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .to(events);

        // left to itself, an aggregator puts its batches into the unbounded queue of a thread of its own, which is busy long after the message is done
        from("direct:batches")
                .split(body()).streaming().stopOnException()
                .aggregate(constant(true), new Collected()).completionSize(SampleEvents.BATCH)
                .executorService(new SynchronousExecutorService())
                .setBody(e -> Map.of("events", e.getMessage().getBody()))
                .marshal().json(JsonLibrary.Jackson)
                .setHeader("Authorization", constant("Bearer benchmark-key"))
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .to(events + "/batch");

        // a full queue holds the splitter back
        from("direct:parallel-batches")
                .split(body()).streaming().stopOnException()
                .aggregate(constant(true), new Collected()).completionSize(SampleEvents.BATCH)
                .executorService(new SynchronousExecutorService())
                .to("seda:batches?blockWhenFull=true&size=" + concurrency);

        from("seda:batches?concurrentConsumers=" + concurrency + "&size=" + concurrency)
                .setBody(e -> Map.of("events", e.getMessage().getBody()))
                .marshal().json(JsonLibrary.Jackson)
                .setHeader("Authorization", constant("Bearer benchmark-key"))
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .to(events + "/batch");
    }

    /** Collects bodies in a list. */
    private static final class Collected implements AggregationStrategy {

        @Override
        @SuppressWarnings("unchecked")
        public Exchange aggregate(Exchange group, Exchange event) {
            List<Object> list = group == null ? new ArrayList<>(SampleEvents.BATCH) : group.getMessage().getBody(List.class);
            list.add(event.getMessage().getBody());
            event.getMessage().setBody(list);
            return event;
        }
    }
}
