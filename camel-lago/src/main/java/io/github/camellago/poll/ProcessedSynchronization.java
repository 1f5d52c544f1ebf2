package io.github.camellago.poll;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import io.github.camellago.poll.Reading.Claim;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;

/** Marks the records of an exchange as processed when it has completed. If it fails, the next poll delivers them again. */
public final class ProcessedSynchronization implements Synchronization {

    private final PollContext consumer;
    private final PollMetrics metrics;
    private final List<Claim> claims;
    private final long moment;

    /** @param moment when the newest of the records was created or last changed */
    ProcessedSynchronization(PollContext consumer, PollMetrics metrics, List<Claim> claims, long moment) {
        this.consumer = consumer;
        this.metrics = metrics;
        this.claims = claims;
        this.moment = moment;
    }

    @Override
    public void onComplete(Exchange exchange) {
        consumer.ended(this);
        if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
            onFailure(exchange);
            return;
        }
        metrics.completed(moment);
        for (Claim claim : claims) {
            try {
                claim.processed();
            } catch (Exception e) {
                consumer.reportError(
                        "Cannot store that a record of " + resource() + " was processed; the next poll delivers it again",
                        exchange, e);
            }
        }
    }

    @Override
    public void onFailure(Exchange exchange) {
        consumer.ended(this);
        claims.forEach(Claim::failed);
        metrics.failed();
        boolean refusedByStop = exchange.getException() instanceof RejectedExecutionException && !consumer.mayReadOn();
        if (exchange.getException() != null && !refusedByStop) {
            consumer.reportError("Error processing " + resource()
                    + "; the next poll delivers it again", exchange, exchange.getException());
        }
    }

    /** Nobody will process the exchange. */
    public void abandon() {
        consumer.ended(this);
        claims.forEach(Claim::failed);
        metrics.failed();
    }

    private String resource() {
        return consumer.settings().resource();
    }

    @Override
    public String toString() {
        return "LagoConsumerCompletion";
    }
}
