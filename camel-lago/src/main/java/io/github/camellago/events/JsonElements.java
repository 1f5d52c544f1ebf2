package io.github.camellago.events;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Cuts JSON text (UTF-8) into its events, one at a time: the elements of an array, of {@code {"events": […]}}, or objects that follow one another,
 * as in JSON lines. What stands in an element is not looked at, so that one that is malformed does not spoil the others.
 */
final class JsonElements implements Iterator<byte[]>, Closeable {

    private static final int LONGEST = 16 << 20;
    private static final int AHEAD = 1024;
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] EVENTS = "\"events\"".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private byte[] buffer;
    private int position;
    private int end;
    private boolean inArray;
    private boolean single;
    private boolean over;
    private boolean first = true;
    private byte[] next;
    private long index;

    /** Reads text from a stream, or, where {@code in} is null, from the bytes given. */
    private JsonElements(InputStream in, byte[] buffer, int end) throws IOException {
        this.in = in;
        this.buffer = buffer;
        this.end = end;
        open();
    }

    static JsonElements of(byte[] json) throws IOException {
        return new JsonElements(null, json, json.length);
    }

    static JsonElements of(InputStream json) throws IOException {
        return new JsonElements(json, new byte[32 * 1024], 0);
    }

    /** Whether the text is one value that is no list. */
    boolean isSingle() {
        return single;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !over) {
            try {
                next = inArray ? element() : follower();
                over = next == null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return next != null;
    }

    @Override
    public byte[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        byte[] element = next;
        next = null;
        index++;
        return element;
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
        }
    }

    private void open() throws IOException {
        require(AHEAD);
        if (end - position >= BOM.length && Arrays.equals(buffer, position, position + BOM.length, BOM, 0, BOM.length)) {
            position += BOM.length;
        }
        int start = peek();
        if (start == '[') {
            position++;
            inArray = true;
        } else if (start == '{') {
            inArray = skipToEvents();
        }
        if (!inArray) {
            next = follower();
            single = next != null && peek() == -1;
            over = single || next == null;
        }
    }

    /** Moves behind {@code {"events": [}, if that is how the text begins. */
    private boolean skipToEvents() throws IOException {
        require(AHEAD);
        int at = afterSpace(position + 1);
        if (end - at < EVENTS.length || !Arrays.equals(buffer, at, at + EVENTS.length, EVENTS, 0, EVENTS.length)) {
            return false;
        }
        at = afterSpace(at + EVENTS.length);
        if (at >= end || buffer[at] != ':') {
            return false;
        }
        at = afterSpace(at + 1);
        if (at >= end || buffer[at] != '[') {
            return false;
        }
        position = at + 1;
        return true;
    }

    private int afterSpace(int from) {
        int at = from;
        while (at < end && isSpace(buffer[at])) {
            at++;
        }
        return at;
    }

    /** The next element of the array, or null at its end. */
    private byte[] element() throws IOException {
        int b = peek();
        if (b == ']') {
            position++;
            return null;
        }
        if (!first) {
            if (b != ',') {
                throw broken(b == -1 ? "it ends" : "a comma is missing");
            }
            position++;
            b = peek();
        }
        if (b == -1) {
            throw broken("it ends");
        }
        if (b == ',' || b == ']') {
            throw broken("an element is missing");
        }
        first = false;
        return cut();
    }

    /** The next value where one follows the other without an array around them, or null at the end. */
    private byte[] follower() throws IOException {
        return peek() == -1 ? null : cut();
    }

    private byte[] cut() throws IOException {
        int depth = 0;
        boolean text = false;
        for (int length = 0;; length++) {
            if (position + length >= end && !require(length + 1)) {
                if (inArray) {
                    throw broken("it ends");
                }
                return take(length);
            }
            byte b = buffer[position + length];
            if (text) {
                if (b == '\\') {
                    length++;
                } else if (b == '"') {
                    text = false;
                    if (depth == 0) {
                        return take(length + 1);
                    }
                }
            } else if (b == '"') {
                text = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                if (depth == 0) {
                    return take(Math.max(length, inArray ? 0 : 1));
                }
                if (--depth == 0) {
                    return take(length + 1);
                }
            } else if (depth == 0 && (b == ',' && inArray || isSpace(b))) {
                return take(length);
            }
        }
    }

    private byte[] take(int length) {
        int to = Math.min(position + length, end);
        byte[] taken = position == 0 && in == null && to == buffer.length ? buffer : Arrays.copyOfRange(buffer, position, to);
        position = to;
        return taken;
    }

    /** The next byte that is no space, or -1 at the end. */
    private int peek() throws IOException {
        while (true) {
            position = afterSpace(position);
            if (position < end) {
                return buffer[position];
            }
            if (!require(1)) {
                return -1;
            }
        }
    }

    /** Has at least that many bytes from the position on, if there are as many. */
    private boolean require(int length) throws IOException {
        if (in == null || end - position >= length) {
            return end - position >= length;
        }
        if (length > LONGEST) {
            throw broken("it holds an element of more than " + (LONGEST >> 20) + " MB");
        }
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, end - position);
            end -= position;
            position = 0;
        }
        if (length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length, 2 * buffer.length));
        }
        while (end < length) {
            int read = in.read(buffer, end, buffer.length - end);
            if (read == -1) {
                return false;
            }
            end += read;
        }
        return true;
    }

    private IOException broken(String how) {
        return new IOException("The JSON list of events is broken behind its element number " + index + " (from 1): " + how
                + ". The ones before are delivered");
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
