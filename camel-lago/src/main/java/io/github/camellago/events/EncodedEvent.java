package io.github.camellago.events;

/** An event that is ready to be sent: its complete JSON, and its transaction_id. */
record EncodedEvent(EventItem item, byte[] json, String transactionId) {

    /** This event at a position of another batch. It is not written again. */
    EventItem at(long position) {
        return new EventItem(position, this, item.origin(), item.created());
    }
}
