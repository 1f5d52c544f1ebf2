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
 * Splits JSON text (UTF-8) into its events, one at a time: the elements of arrays, of {@code {"events": […]}}, JSON lines, or objects that follow one
 * another. Elements are not parsed here. A malformed element does not affect the others: it ends at the latest before a line that begins with an object
 * where JSON cannot go on with one. Text that belongs to no element becomes a {@link NoEvent}.
 */
final class JsonElements implements Iterator<Object>, Closeable {

    private static final int LONGEST = 16 << 20;
    private static final int EXCERPT = 1000;
    private static final int AHEAD = 1024;
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] EVENTS = "\"events\"".getBytes(StandardCharsets.US_ASCII);
    private static final int END_OF_TEXT = -1;

    /** How the next element is found. */
    private enum Form {
        ARRAY, LINES, VALUES, OVER
    }

    private final InputStream in;
    private byte[] buffer;
    private int position;
    private int end;
    private Form form;
    /** whether the array is inside of {@code {"events": […]}} */
    private boolean wrapped;
    private boolean first;
    /** whether the array's first element is no object: the bracket before it may be all there is of an array */
    private boolean doubtful;
    /** whether the text is lines of which the first one begins with a bracket that is never closed */
    private boolean unclosed;
    private boolean single;
    private Object next;
    private long index;

    /** Reads text from a stream, or, if {@code in} is null, from the bytes given. */
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

    /** Whether the text is one value that is not a list. */
    boolean isSingle() {
        return single;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null && form != Form.OVER) {
                next = switch (form) {
                    case ARRAY -> element();
                    case LINES -> line();
                    default -> value();
                };
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return next != null;
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Object element = next;
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
        if (!openArray()) {
            form = isLines() ? Form.LINES : Form.VALUES;
            next = form == Form.LINES ? line() : value();
            if (next != null && peek() == END_OF_TEXT) {
                single = true;
                form = Form.OVER;
            }
        }
    }

    /** Moves behind {@code [} or {@code {"events": [}, if one of them is next. */
    private boolean openArray() throws IOException {
        int start = peek();
        wrapped = start == '{' && skipToEvents();
        if (start == '[') {
            position++;
        }
        boolean opened = wrapped || start == '[';
        if (opened) {
            form = Form.ARRAY;
            first = true;
        }
        return opened;
    }

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

    /**
     * Whether the text is JSON lines: the first line is one complete value, or the second line begins with a brace that cannot continue the first one.
     * Indented JSON has neither.
     */
    private boolean isLines() throws IOException {
        if (peek() != '{') {
            return true;
        }
        JsonDepth depth = new JsonDepth();
        int at = 0;
        while (has(at) && buffer[position + at] != '\n') {
            if (depth.closed && !isSpace(buffer[position + at])) {
                return false;
            }
            depth.read(buffer[position + at], at++);
        }
        while (has(at) && isSpace(buffer[position + at])) {
            at++;
        }
        return has(at) && (depth.closed || buffer[position + at] == '{' && !depth.mayContinueWithObject());
    }

    private boolean has(int offset) throws IOException {
        return position + offset < end || offset < LONGEST && require(offset + 1);
    }

    private int afterSpace(int from) {
        int at = from;
        while (at < end && isSpace(buffer[at])) {
            at++;
        }
        return at;
    }

    /** The next element of the array; null at its end. */
    private Object element() throws IOException {
        int b = peek();
        boolean comma = b == ',' && !first;
        if (comma) {
            position++;
            b = peek();
        }
        if (b == END_OF_TEXT) {
            form = Form.OVER;
            return unclosed
                    ? null
                    : new NoEvent("",
                            "the JSON list ends behind its element number " + index + " (from 1), without a closing bracket");
        }
        if (b == ',' || b == ']' && comma || b == '}') {
            first = false;
            position += b == '}' ? 1 : 0;
            return new NoEvent("", "an element of the JSON list is missing");
        }
        if (b == ']') {
            position++;
            return closeArray();
        }
        boolean begins = first;
        first = false;
        unclosed |= doubtful && !comma;
        Object element = cut();
        doubtful = begins && !(element instanceof byte[] json && json[json.length - 1] == '}');
        return element;
    }

    /** Goes on behind an array: another array may follow, as with one array per line. Anything else is no event. */
    private Object closeArray() throws IOException {
        if (wrapped) {
            JsonDepth depth = new JsonDepth();
            depth.read((byte) '{', 0);
            while (!depth.closed && peek() != END_OF_TEXT) {
                depth.read(buffer[position++], 0);
            }
        }
        if (peek() == END_OF_TEXT) {
            form = Form.OVER;
            return null;
        }
        if (openArray()) {
            return null;
        }
        form = isLines() ? Form.LINES : Form.VALUES;
        return null;
    }

    private Object line() throws IOException {
        if (peek() == END_OF_TEXT) {
            form = Form.OVER;
            return null;
        }
        return take((b, length) -> b == '\n' ? length : -1);
    }

    /** The next value if one follows the other without an array around them. */
    private Object value() throws IOException {
        int b = peek();
        if (b == END_OF_TEXT) {
            form = Form.OVER;
            return null;
        }
        if (b != '{' && b != '[') {
            form = Form.LINES;
            return line();
        }
        return cut();
    }

    private Object cut() throws IOException {
        JsonDepth depth = new JsonDepth();
        boolean inArray = form == Form.ARRAY;
        return take((b, length) -> {
            boolean outside = depth.level == 0 && !depth.text;
            if (outside && (inArray && (b == ',' || b == ']' || b == '}') || isSpace(b))) {
                return length;
            }
            int broken = depth.brokenAt(b, length);
            if (broken >= 0) {
                return broken;
            }
            depth.read(b, length);
            return depth.closed ? length + 1 : -1;
        });
    }

    private interface Cut {
        /** How long the element is, or -1 if it goes on behind this byte. */
        int at(byte b, int length);
    }

    private Object take(Cut cut) throws IOException {
        byte[] excerpt = null;
        int length = 0;
        int taken = -1;
        while (taken < 0) {
            if (position + length >= end && !require(length + 1)) {
                form = Form.OVER;
                taken = length;
            } else {
                taken = cut.at(buffer[position + length], length);
                length++;
            }
            if (length >= LONGEST && taken < 0) {
                excerpt = excerpt == null ? Arrays.copyOfRange(buffer, position, position + EXCERPT) : excerpt;
                position += length;
                length = 0;
            }
        }
        int to = position + taken;
        if (excerpt != null) {
            position = to;
            return new NoEvent(excerpt, "it is longer than " + (LONGEST >> 20) + " MB, or its end is missing");
        }
        byte[] element = position == 0 && in == null && to == buffer.length ? buffer : Arrays.copyOfRange(buffer, position, to);
        position = to;
        return element;
    }

    /** The next byte that is no space, or -1 at the end. */
    private int peek() throws IOException {
        while (true) {
            position = afterSpace(position);
            if (position < end) {
                return buffer[position];
            }
            if (!require(1)) {
                return END_OF_TEXT;
            }
        }
    }

    /** Reads ahead until there are so many bytes from the position on. Returns whether the text has as many. */
    private boolean require(int length) throws IOException {
        if (in == null || end - position >= length) {
            return end - position >= length;
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

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
