package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;

/** Sends events one by one at a constant rate, and measures how long each takes until it is delivered. */
final class ThinStream implements AutoCloseable {

    private final CamelContext context;
    private final List<Map<String, Object>> events;
    private final double perSecond;
    private final AsyncProducer producer;
    private final BareClient bare;

    ThinStream(CamelContext context, String url, SampleEvents events, double perSecond) throws Exception {
        this.context = context;
        this.events = events.maps();
        this.perSecond = perSecond;
        this.producer = context.getEndpoint(SingleMessages.COMPONENT + "delivered").createAsyncProducer();
        this.bare = new BareClient(url, events.singles(), 1);
        producer.start();
    }

    /** The time that the server takes to answer: one event after another, as prepared bytes. */
    Latencies bare(Duration time) throws Exception {
        Latencies latencies = latencies(time);
        bare.measure(time, latencies);
        return latencies;
    }

    Latencies component(Duration time) {
        Latencies latencies = latencies(time);
        LongAdder failed = new LongAdder();
        Phaser inFlight = new Phaser(1);
        long start = System.nanoTime();
        long pause = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
        int sent = 0;
        for (long due = start; due - start < time.toNanos(); due += pause) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            Exchange exchange = new DefaultExchange(context);
            exchange.getMessage().setBody(events.get(sent++ % events.size()));
            inFlight.register();
            long begun = System.nanoTime();
            producer.process(exchange, done -> {
                latencies.add(System.nanoTime() - begun);
                if (exchange.getException() != null) {
                    failed.increment();
                }
                inFlight.arriveAndDeregister();
            });
        }
        inFlight.arriveAndAwaitAdvance();
        if (failed.sum() > 0) {
            throw new IllegalStateException(failed + " messages failed");
        }
        return latencies;
    }

    private Latencies latencies(Duration time) {
        return new Latencies((int) Math.min(5_000_000, 1_000 + 2 * perSecond * time.toMillis() / 1000));
    }

    @Override
    public void close() throws Exception {
        producer.stop();
        bare.close();
    }
}
