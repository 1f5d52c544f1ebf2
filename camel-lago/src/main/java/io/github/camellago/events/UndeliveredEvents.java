package io.github.camellago.events;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * The events that a failed delivery leaves behind, for whoever deals with the failure: rejected ones, those that were on their way, and all that was
 * not read from the message yet. The last are read lazily, and only once. Each has the transaction_id and timestamp that it was or would have been
 * sent with, so that sending it again, from anywhere, is harmless.
 */
public final class UndeliveredEvents implements Iterable<Object> {

    private final Rejections rejected;
    private final List<Object> onTheirWay;
    private final Supplier<EventItem> rest;

    /** @param rest gives the next event that was not read, null when there are no more */
    UndeliveredEvents(Rejections rejected, List<Object> onTheirWay, Supplier<EventItem> rest) {
        this.rejected = rejected;
        this.onTheirWay = onTheirWay;
        this.rest = rest;
    }

    @Override
    public Iterator<Object> iterator() {
        Iterator<RejectedEvent> refused = rejected.iterator();
        Iterator<Object> sent = onTheirWay.iterator();
        return new Iterator<>() {
            private EventItem next;

            @Override
            public boolean hasNext() {
                if (refused.hasNext() || sent.hasNext()) {
                    return true;
                }
                if (next == null) {
                    next = rest.get();
                }
                return next != null;
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                if (refused.hasNext()) {
                    return refused.next().event();
                }
                if (sent.hasNext()) {
                    return sent.next();
                }
                Object event = EventEncoder.completed(next);
                next = null;
                return event;
            }
        };
    }

    @Override
    public String toString() {
        return "Events not delivered: " + rejected.size() + " rejected, " + onTheirWay.size()
                + " that were on their way, and those not read yet";
    }
}
