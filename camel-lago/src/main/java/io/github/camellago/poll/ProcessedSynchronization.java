package io.github.camellago.poll;

import java.util.List;

import io.github.camellago.poll.Reading.HandOver;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;

/** Makes the records of an exchange count as handed over when it has completed, and come again when it has failed. */
public final class ProcessedSynchronization implements Synchronization {

    private final PollContext consumer;
    private final PollMetrics watch;
    private final List<HandOver> handOvers;
    private final long moment;

    /** @param moment when the newest of the records was created or last changed */
    ProcessedSynchronization(PollContext consumer, PollMetrics watch, List<HandOver> handOvers, long moment) {
        this.consumer = consumer;
        this.watch = watch;
        this.handOvers = handOvers;
        this.moment = moment;
    }

    @Override
    public void onComplete(Exchange exchange) {
        consumer.over(this);
        if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
            onFailure(exchange);
            return;
        }
        watch.completed(moment);
        for (HandOver handOver : handOvers) {
            try {
                handOver.completed();
            } catch (Exception e) {
                consumer.reportError("Cannot remember that a record of " + resource()
                        + " was handed over, it comes again with the next poll", exchange, e);
            }
        }
    }

    @Override
    public void onFailure(Exchange exchange) {
        consumer.over(this);
        handOvers.forEach(HandOver::failed);
        watch.failed();
        if (exchange.getException() != null) {
            consumer.reportError("Error processing " + resource() + ", it comes again with"
                    + " the next poll", exchange, exchange.getException());
        }
    }

    /** Nobody will work on the exchange. */
    public void abandon() {
        consumer.over(this);
        handOvers.forEach(HandOver::failed);
        watch.failed();
    }

    private String resource() {
        return consumer.settings().resource();
    }

    @Override
    public String toString() {
        return "LagoConsumerCompletion";
    }
}
