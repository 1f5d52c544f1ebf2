package io.github.camellago.events;

import java.util.concurrent.TimeUnit;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/** An event that waits for its batch, or for the batch's result. */
final class WaitingEvent {

    private final EventItem given;
    private final byte[] json;
    private final Exchange exchange;
    private final AsyncCallback callback;
    private final long since = System.nanoTime();
    private boolean done;

    /**
     * @param given    the event as it was given
     * @param json     the event as it is sent
     * @param exchange the message that completes when the event is delivered, or null if it has completed already
     */
    WaitingEvent(EventItem given, byte[] json, Exchange exchange, AsyncCallback callback) {
        this.given = given;
        this.json = json;
        this.exchange = exchange;
        this.callback = callback;
    }

    EventItem given() {
        return given;
    }

    /** The event at a position of a batch, as it is sent. */
    EventItem at(long position) {
        return new EventItem(position, json, given.origin(), given.created());
    }

    /** Whether the message waits for the event. */
    boolean isHeld() {
        return exchange != null;
    }

    Exchange exchange() {
        return exchange;
    }

    AsyncCallback callback() {
        return callback;
    }

    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    }

    /** Marks the event as done. Returns false if it was before: a stop does not wait for a batch for ever. */
    synchronized boolean finish() {
        boolean first = !done;
        done = true;
        return first;
    }

    @Override
    public String toString() {
        return String.valueOf(at(0).given());
    }
}
