package io.github.camellago.events;

/**
 * A part of the input that cannot be an event.
 *
 * @param given  the part, as it was given
 * @param reason why it is no event
 */
record NoEvent(Object given, String reason) {}
