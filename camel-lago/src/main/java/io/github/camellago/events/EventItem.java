package io.github.camellago.events;

import java.nio.charset.StandardCharsets;

/**
 * An event as it was given, and what to complete it with.
 *
 * @param index   its position, from 0
 * @param event   a Map, JSON, a JsonNode, a POJO or an {@link EncodedEvent}
 * @param origin  the beginning of the transaction_id that the event gets if it has none
 * @param place   the position that stands in this transaction_id, or -1 if it is in the origin already
 * @param created the timestamp that the event gets if it has none, in milliseconds since the epoch
 */
record EventItem(long index, Object event, String origin, long place, long created) {

    EventItem(long index, Object event, String origin, long created) {
        this(index, event, origin, -1, created);
    }

    /** The beginning of the transaction_id, with the position. Most events have an id and do not need it. */
    String idPrefix() {
        return place < 0 ? origin : TransactionIdSeed.at(origin, place);
    }

    /** The event with the transaction_id and timestamp that it is sent with. Sending this form again cannot bill twice. */
    Object completed() {
        return EventEncoder.completed(this);
    }

    /** The item with the completed event: for a rejection after which Lago may have stored the event. */
    EventItem asSent() {
        return with(index, completed());
    }

    /** The event as users see it: text as a String. */
    Object given() {
        Object given = event instanceof NoEvent no ? no.given() : event instanceof EncodedEvent ready ? ready.json() : event;
        return given instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : given;
    }

    EventItem with(long position, Object form) {
        return new EventItem(position, form, origin, place, created);
    }
}
