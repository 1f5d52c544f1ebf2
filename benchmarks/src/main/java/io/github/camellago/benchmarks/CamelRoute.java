package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.function.Function;

import org.apache.camel.ProducerTemplate;

/** Sends one message with an iterator of events to a route. */
record CamelRoute(String name, ProducerTemplate template, String uri, Function<Duration, Object> body) implements Contestant {

    @Override
    public Outside run(Duration time) {
        template.sendBody(uri, body.apply(time));
        return null;
    }
}
