package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.function.Function;

import org.apache.camel.ProducerTemplate;

/** A message with an iterator of events, sent to a route. */
record CamelRoute(String name, ProducerTemplate template, String uri, Function<Duration, Object> body) implements Contestant {

    @Override
    public Outside run(Duration time) {
        template.sendBody(uri, body.apply(time));
        return null;
    }
}
