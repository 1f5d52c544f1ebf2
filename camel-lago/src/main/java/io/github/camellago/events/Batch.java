package io.github.camellago.events;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Events on their way: those of one batch that are not settled yet. Used by one thread at a time. */
final class Batch {

    private static final byte[] OPEN = "{\"events\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "]}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OPEN_ONE = "{\"event\":".getBytes(StandardCharsets.US_ASCII);

    private List<EncodedEvent> pending;
    private boolean refusedOnce;

    Batch(List<EncodedEvent> events) {
        this.pending = events;
    }

    List<EncodedEvent> pending() {
        return pending;
    }

    void keep(List<EncodedEvent> rest) {
        pending = rest;
    }

    /** Whether an earlier answer named some of these events' neighbours as bad, and not these. */
    boolean refusedOnce() {
        return refusedOnce;
    }

    void refused() {
        refusedOnce = true;
    }

    static byte[] json(List<EncodedEvent> events, boolean single) {
        int size = OPEN.length + CLOSE.length;
        for (EncodedEvent event : events) {
            size += event.json().length + 1;
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream(size);
        if (single) {
            json.writeBytes(OPEN_ONE);
            json.writeBytes(events.get(0).json());
            json.write('}');
            return json.toByteArray();
        }
        json.writeBytes(OPEN);
        for (int i = 0; i < events.size(); i++) {
            if (i > 0) {
                json.write(',');
            }
            json.writeBytes(events.get(i).json());
        }
        json.writeBytes(CLOSE);
        return json.toByteArray();
    }
}
