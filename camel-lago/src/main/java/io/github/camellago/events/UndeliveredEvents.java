package io.github.camellago.events;

import java.io.Serial;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.github.camellago.api.EventJson;
import io.github.camellago.api.JsonBody;

/**
 * The events that a failed delivery leaves behind: rejected events, events that were in flight, and all that was not read from the message so far. The
 * last ones are read on demand, and recorded in a temporary file, so that all can be read repeatedly. Each event has the transaction_id and timestamp
 * that it was or would have been sent with, so that sending it again, from anywhere, is harmless.
 *
 * <p>As JSON it is an array. Serialized, it is an {@link UndeliveredList}.
 */
public final class UndeliveredEvents implements Iterable<Object>, JsonBody, Serializable {

    private static final long serialVersionUID = 1L;

    private final transient Rejections rejected;
    private final transient List<EventItem> inFlight;
    private final transient ItemSource source;
    private transient Iterable<EventItem> notRead;

    UndeliveredEvents(Rejections rejected, List<EventItem> inFlight, ItemSource source) {
        this.rejected = rejected;
        this.inFlight = inFlight;
        this.source = source;
    }

    @Override
    public synchronized Iterator<Object> iterator() {
        if (notRead == null) {
            notRead = source.remaining();
        }
        Stream<EventItem> read = Stream.concat(rejected.items(), inFlight.stream());
        Stream<EventItem> rest = StreamSupport.stream(notRead.spliterator(), false);
        return Stream.concat(read, rest).map(EventItem::completed).iterator();
    }

    @Override
    public Iterator<String> jsonParts() {
        return EventJson.array(iterator(), EventJson::of);
    }

    @Serial
    private Object writeReplace() {
        UndeliveredList list = new UndeliveredList();
        forEach(list::add);
        return list;
    }

    @Override
    public String toString() {
        return "Events not delivered: " + rejected.size() + " rejected, " + inFlight.size()
                + " in flight, and those not read so far";
    }
}
