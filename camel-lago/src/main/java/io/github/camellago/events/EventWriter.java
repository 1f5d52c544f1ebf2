package io.github.camellago.events;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;

/** Writes one event after another as JSON, with one generator. Used by one thread. Closing it gives its buffers back. */
final class EventWriter implements Closeable {

    private ByteArrayBuilder bytes;
    private JsonGenerator json;

    /** The generator for the next event. After a failure in the middle of an event, it is a new one. */
    JsonGenerator begin() throws IOException {
        if (json == null) {
            bytes = new ByteArrayBuilder(512);
            json = EventEncoder.MAPPER.getFactory().createGenerator(bytes);
            json.setCodec(EventEncoder.MAPPER);
            json.setRootValueSeparator(null);
        } else if (!json.getOutputContext().inRoot() || bytes.size() > 0) {
            // it would complete the event
            json = null;
            return begin();
        }
        return json;
    }

    /** What has been written of the event so far. */
    byte[] written() throws IOException {
        json.flush();
        return bytes.toByteArray();
    }

    /** The complete event. */
    byte[] end() throws IOException {
        byte[] event = written();
        bytes.reset();
        return event;
    }

    @Override
    public void close() {
        if (json != null) {
            try {
                json.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            json = null;
        }
    }
}
