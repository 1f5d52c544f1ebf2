package io.github.camellago.events;

import java.nio.charset.StandardCharsets;

/**
 * An event as it was given, and what to complete it with.
 *
 * @param index   its position, from 0
 * @param event   a Map, JSON, a JsonNode, a POJO or an {@link EncodedEvent}
 * @param origin  the beginning of the transaction_id that the event gets if it has none
 * @param created the timestamp that the event gets if it has none, in milliseconds since the epoch
 */
record EventItem(long index, Object event, String origin, long created) {

    /** The event with the transaction_id and timestamp that it is sent with. Sending this form again cannot bill twice. */
    Object completed() {
        return EventEncoder.completed(this);
    }

    /** The item with the completed event: for a rejection after which Lago may have stored the event. */
    EventItem asSent() {
        return new EventItem(index, completed(), origin, created);
    }

    /** The event as users see it: text as a String. */
    Object given() {
        Object given = event instanceof NoEvent no ? no.given() : event instanceof EncodedEvent ready ? ready.json() : event;
        return given instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : given;
    }

    EventItem at(long position) {
        return new EventItem(position, event, origin, created);
    }
}
