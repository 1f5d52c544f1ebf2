package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Semaphore;

import org.apache.camel.Endpoint;
import org.apache.camel.ProducerTemplate;

/**
 * A source that does not wait for its messages, and has a limited number in flight.
 *
 * @param inFlight one permit for each message that may be sent
 * @param most     the number of permits
 */
record AsynchronousSource(String name, ProducerTemplate template, Endpoint endpoint, Semaphore inFlight, int most,
        SampleEvents events)
        implements
            Contestant {

    @Override
    public Outside run(Duration time) throws InterruptedException {
        for (Iterator<Map<String, Object>> maps = events.maps(time); maps.hasNext();) {
            inFlight.acquire();
            template.sendBody(endpoint, maps.next());
        }
        inFlight.acquire(most);
        inFlight.release(most);
        return null;
    }
}
