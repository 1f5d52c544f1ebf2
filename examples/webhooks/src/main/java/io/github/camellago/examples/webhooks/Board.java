package io.github.camellago.examples.webhooks;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonRawValue;

/** The last webhooks, numbered in the order of arrival. Thread-safe. */
final class Board {

    private static final int KEPT = 500;

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long last;

    /**
     * A webhook.
     *
     * @param number the number, from 1
     * @param time   the time of arrival
     * @param key    Lago's unique key of the webhook
     * @param object the object as JSON
     */
    record Entry(long number, String time, String type, String key, @JsonRawValue String object) {}

    synchronized void put(String type, String key, String object) {
        entries.add(new Entry(++last, Instant.now().toString(), type, key, object));
        if (entries.size() > KEPT) {
            entries.remove();
        }
    }

    /** The webhooks with higher numbers, in the order of arrival. */
    synchronized List<Entry> after(long number) {
        return entries.stream().filter(e -> e.number() > number).toList();
    }
}
