package io.github.camellago.events;

/** An event that is ready to be sent: its complete JSON, and its transaction_id. */
record EncodedEvent(EventItem item, byte[] json, String transactionId) {}
