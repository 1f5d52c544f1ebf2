package io.github.camellago.benchmarks;

import java.time.Duration;

import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;

/** A route with a polling consumer. Each poll starts when the one before has ended. */
record PollingRoute(String name, CamelContext context, String routeId) implements Contestant {

    @Override
    public Outside run(Duration time) {
        Consumer consumer = context.getRoute(routeId).getConsumer();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            ((Runnable) consumer).run();
        }
        return null;
    }
}
