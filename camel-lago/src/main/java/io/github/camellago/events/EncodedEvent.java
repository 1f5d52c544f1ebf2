package io.github.camellago.events;

/**
 * An event that is ready to be sent.
 *
 * @param json      the complete event
 * @param unchecked whether Lago could not be asked for what it refers to
 */
record EncodedEvent(EventItem item, byte[] json, String transactionId, boolean unchecked) {

    /** This event at a position of another batch. It is not written again. */
    EventItem at(long position) {
        return item.with(position, this);
    }
}
