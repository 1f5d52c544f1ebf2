package io.github.camellago.events;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The events that a failed delivery leaves behind, for whoever deals with the failure: rejected ones, those that were on their way, and all that was
 * not read from the message yet. The last are read lazily, and only once. Each has the transaction_id and timestamp that it was or would have been
 * sent with, so that sending it again, from anywhere, is harmless.
 */
public final class UndeliveredEvents implements Iterable<Object> {

    private final Rejections rejected;
    private final List<EventItem> onTheirWay;
    private final Supplier<EventItem> rest;

    /** @param rest gives the next event that was not read, null when there are no more */
    UndeliveredEvents(Rejections rejected, List<EventItem> onTheirWay, Supplier<EventItem> rest) {
        this.rejected = rejected;
        this.onTheirWay = onTheirWay;
        this.rest = rest;
    }

    @Override
    public Iterator<Object> iterator() {
        Stream<EventItem> notRead = Stream.generate(rest).takeWhile(Objects::nonNull);
        // not flatMap, which would read the rest whole
        return Stream.concat(Stream.concat(rejected.items(), onTheirWay.stream()), notRead)
                .<Object>map(EventEncoder::completed).iterator();
    }

    @Override
    public String toString() {
        return "Events not delivered: " + rejected.size() + " rejected, " + onTheirWay.size()
                + " that were on their way, and those not read yet";
    }
}
