package io.github.camellago.events;

/** An event that is ready to be sent: its JSON, complete. */
record EncodedEvent(EventItem item, byte[] json) {}
