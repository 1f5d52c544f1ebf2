package io.github.camellago.events;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The events of one batch that are not resolved yet. Used by one thread at a time. */
final class Batch {

    private static final byte[] OPEN = "{\"events\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "]}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OPEN_ONE = "{\"event\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE_ONE = "}".getBytes(StandardCharsets.US_ASCII);

    private List<EncodedEvent> pending;
    private boolean refusedOnce;

    Batch(List<EncodedEvent> events) {
        this.pending = events;
    }

    List<EncodedEvent> pending() {
        return pending;
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    void keep(List<EncodedEvent> rest) {
        pending = rest;
    }

    /** Whether an earlier answer refused other events of the batch, and not these. */
    boolean refusedOnce() {
        return refusedOnce;
    }

    void refused() {
        refusedOnce = true;
    }

    /** The body of the request that sends events; {@code single} for {@code POST /events}, which takes one event. */
    static byte[] json(List<EncodedEvent> events, boolean single) {
        byte[] open = single ? OPEN_ONE : OPEN;
        byte[] close = single ? CLOSE_ONE : CLOSE;
        int size = open.length + close.length + Math.max(0, events.size() - 1);
        for (EncodedEvent event : events) {
            size += event.json().length;
        }
        ByteBuffer json = ByteBuffer.allocate(size).put(open);
        for (int i = 0; i < events.size(); i++) {
            if (i > 0) {
                json.put((byte) ',');
            }
            json.put(events.get(i).json());
        }
        return json.put(close).array();
    }
}
