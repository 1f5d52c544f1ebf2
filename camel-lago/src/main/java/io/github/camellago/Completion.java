package io.github.camellago;

import java.util.List;

import io.github.camellago.poll.Reading.HandOver;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;

/** Makes the records of an exchange count as handed over when it has completed, and come again when it has failed. */
final class Completion implements Synchronization {

    private final LagoConsumer consumer;
    private final PollWatch watch;
    private final List<HandOver> handOvers;
    private final long moment;

    /** @param moment when the newest of the records was created or last changed */
    Completion(LagoConsumer consumer, PollWatch watch, List<HandOver> handOvers, long moment) {
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
                consumer.getExceptionHandler().handleException("Cannot remember that a record of " + resource()
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
            consumer.getExceptionHandler().handleException("Error processing " + resource() + ", it comes again with"
                    + " the next poll", exchange, exchange.getException());
        }
    }

    /** Nobody will work on the exchange. */
    void abandon() {
        consumer.over(this);
        handOvers.forEach(HandOver::failed);
        watch.failed();
    }

    private String resource() {
        return consumer.getEndpoint().getResource();
    }

    @Override
    public String toString() {
        return "LagoConsumerCompletion";
    }
}
