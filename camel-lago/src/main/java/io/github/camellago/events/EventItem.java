package io.github.camellago.events;

/**
 * An event as it was given, and what to complete it with.
 *
 * @param index   its position, from 0
 * @param event   a Map, JSON, a JsonNode or a POJO
 * @param origin  where it comes from: what the transaction_id begins with that it is given if it has none
 * @param created the time to give it if it has none, in milliseconds since the epoch
 */
public record EventItem(long index, Object event, String origin, long created) {

    /** The event as it was given, but with the transaction_id and timestamp that it is sent with: sent again by anyone, it is the same to Lago. */
    public Object completed() {
        return EventEncoder.completed(this);
    }
}
