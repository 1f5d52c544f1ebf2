package io.github.camellago.poll;

import java.util.Queue;

import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.operation.EndpointSettings;
import org.apache.camel.Exchange;

/** The consumer as its poll sees it. */
public interface PollContext {

    EndpointSettings settings();

    /** The operation that reads the list. */
    BoundOperation reading();

    /** Whether another page may be read: neither a stop nor a suspension was requested. Any thread. */
    boolean mayReadOn();

    /** The maximum number of messages of one poll; 0 or less means no limit. */
    int getMaxMessagesPerPoll();

    Exchange createExchange(boolean autoRelease);

    /** Processes the exchanges in order, removes each from the queue, and returns how many it processed before a stop. */
    int processBatch(Queue<Object> exchanges) throws Exception;

    /** An exchange is in flight from now on. Any thread. */
    void started(ProcessedSynchronization completion);

    /** An exchange is no longer in flight. Any thread. */
    void ended(ProcessedSynchronization completion);

    /** Reports a failure to the consumer's exception handler; the exchange may be null. Any thread. */
    void reportError(String message, Exchange exchange, Throwable error);
}
