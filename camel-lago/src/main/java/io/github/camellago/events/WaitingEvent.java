package io.github.camellago.events;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/** An event that waits for its batch, or for the batch's result. */
final class WaitingEvent {

    private final EncodedEvent event;
    private final Exchange exchange;
    private final AsyncCallback callback;
    private final Object span;
    private final long since;
    private boolean done;

    /**
     * @param event    the event as it was given, and as it is sent
     * @param exchange the message that completes when the event is delivered, or null if it has completed already
     * @param span     the span of the message, or null
     * @param since    when it began to wait, by the clock of {@link System#nanoTime()}
     */
    WaitingEvent(EncodedEvent event, Exchange exchange, AsyncCallback callback, Object span, long since) {
        this.event = event;
        this.exchange = exchange;
        this.callback = callback;
        this.span = span;
        this.since = since;
    }

    EventItem given() {
        return event.item();
    }

    /** The event at a position of a batch, as it is sent. */
    EventItem at(long position) {
        return event.at(position);
    }

    /** Whether Lago could not be asked for what the event refers to. */
    boolean isUnchecked() {
        return event.unchecked();
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

    Object span() {
        return span;
    }

    /** When it began to wait. */
    long since() {
        return since;
    }

    /** Marks the event as done. Returns false if it was before: a stop does not wait for a batch for ever. */
    synchronized boolean finish() {
        boolean first = !done;
        done = true;
        return first;
    }

    /** Whether nothing is to be done for it any more. */
    synchronized boolean isDone() {
        return done;
    }

    @Override
    public String toString() {
        return String.valueOf(at(0).given());
    }
}
