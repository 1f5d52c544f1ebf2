package io.github.camellago.benchmarks;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/** Routes as users write them without the component. */
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

        from("direct:batches")
                .split(body()).streaming().stopOnException()
                .aggregate(constant(true), new SingleMessages.Collected()).completionSize(SampleEvents.BATCH)
                .executorService(threads(1))
                .setBody(e -> Map.of("events", e.getMessage().getBody()))
                .marshal().json(JsonLibrary.Jackson)
                .setHeader("Authorization", constant("Bearer benchmark-key"))
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .to(events + "/batch");

        from("direct:parallel-batches")
                .split(body()).streaming().stopOnException()
                .aggregate(constant(true), new SingleMessages.Collected()).completionSize(SampleEvents.BATCH)
                .executorService(threads(concurrency))
                .setBody(e -> Map.of("events", e.getMessage().getBody()))
                .marshal().json(JsonLibrary.Jackson)
                .setHeader("Authorization", constant("Bearer benchmark-key"))
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .to(events + "/batch");
    }

    /**
     * A pool with a bounded queue, which slows the splitter down when it is full. An aggregator's default is one thread with an unbounded
     * queue, which is still sending long after the exchange has completed.
     */
    static ThreadPoolExecutor threads(int count) {
        return new ThreadPoolExecutor(count, count, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(count),
                HandWritten::waitForRoom);
    }

    private static void waitForRoom(Runnable task, ThreadPoolExecutor threads) {
        try {
            threads.getQueue().put(task);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
