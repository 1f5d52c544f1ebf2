package io.github.camellago.events;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;

/** Reads and writes the JSON of one event after another, with one parser and one generator. Used by one thread. Closing it gives its buffers back. */
final class EventCodec implements Closeable {

    private ByteArrayBuilder bytes;
    private JsonGenerator json;
    private final Feed feed = new Feed();
    private JsonParser parser;
    private boolean reusable;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream(32);
    private Map<String, List<String>> problems;
    /** The number of bytes that the parser has read before the current event. */
    private long before;

    /** The generator for the next event. After a failure in the middle of an event, it is a new one. */
    JsonGenerator beginWriting() throws IOException {
        if (json == null || !json.getOutputContext().inRoot() || bytes.size() > 0) {
            bytes = new ByteArrayBuilder(512);
            json = EventEncoder.MAPPER.getFactory().createGenerator(bytes);
            json.setCodec(EventEncoder.MAPPER);
            json.setRootValueSeparator(null);
        }
        return json;
    }

    /** The bytes of the event that have been written so far. */
    byte[] written() throws IOException {
        json.flush();
        return bytes.toByteArray();
    }

    /** The complete event. */
    byte[] endWriting() throws IOException {
        byte[] event = written();
        bytes.reset();
        return event;
    }

    /** A parser of an event. It reads beyond the event only if the event is incomplete, and then finds the end of the input. */
    JsonParser beginReading(byte[] event) throws IOException {
        boolean plain = event.length > 0 && event[0] == '{';
        JsonParser used = parser;
        // a parser that fails in the middle of this event reads no other one
        parser = null;
        if (used != null && plain) {
            before += feed.length();
            feed.set(event);
            return used;
        }
        // the new parser finds out the encoding, which may be one that is not that of the next event
        reusable = plain;
        before = 0;
        feed.set(event);
        return EventEncoder.MAPPER.getFactory().createParser(feed);
    }

    /** The position in the event of an offset of the parser. */
    int position(long offset) {
        return (int) (offset - before);
    }

    /**
     * Ends the reading of an event after its last token. The parser may read the next event then.
     *
     * @return whether nothing follows the event but white space
     */
    boolean endReading(JsonParser used) throws IOException {
        if (!reusable) {
            return used.nextToken() == null;
        }
        rest.reset();
        used.releaseBuffered(rest);
        for (int next = feed.read(); next >= 0; next = feed.read()) {
            rest.write(next);
        }
        if (rest.size() > 0) {
            for (byte b : rest.toByteArray()) {
                if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                    return false;
                }
            }
        }
        parser = used;
        return true;
    }

    /** For the problems of the next event: a new map if those of the last one are in use. */
    Map<String, List<String>> problems() {
        if (problems == null || !problems.isEmpty()) {
            problems = new LinkedHashMap<>();
        }
        return problems;
    }

    @Override
    public void close() {
        try {
            if (json != null) {
                json.close();
            }
            if (parser != null) {
                parser.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        json = null;
        parser = null;
    }

    /** The bytes of the current event. */
    private static final class Feed extends InputStream {

        private byte[] event = {};
        private int at;

        void set(byte[] next) {
            event = next;
            at = 0;
        }

        int length() {
            return event.length;
        }

        @Override
        public int read() {
            return at < event.length ? event[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = Math.min(length, event.length - at);
            if (count == 0) {
                return length == 0 ? 0 : -1;
            }
            System.arraycopy(event, at, buffer, offset, count);
            at += count;
            return count;
        }
    }
}
