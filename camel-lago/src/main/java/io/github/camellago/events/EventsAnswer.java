package io.github.camellago.events;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Counts the events in Lago's answer, which repeats all events of a batch: <code>{"events": [{…}, …]}</code>, or <code>{"event": {…}}</code>. An answer that
 * breaks off is noticed. Only strings and brackets are read: to parse everything would take more time than to write the events.
 */
final class EventsAnswer {

    private static final byte[] EVENTS = "\"events\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "\"event\"".getBytes(StandardCharsets.US_ASCII);

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private final byte[] json;
    private final boolean single;
    private boolean begun;
    private int level;
    /** The outermost levels: a bit is set if that level is an array. */
    private long arrays;
    /** Whether the last name of the answer's object is that of the events, and whether its value comes next. */
    private boolean named;
    private boolean wanted;
    /** Whether the brackets of the events' list are open. */
    private boolean listed;
    private int count = -1;

    private EventsAnswer(byte[] json, boolean single) {
        this.json = json;
        this.single = single;
    }

    /**
     * The number of events.
     *
     * @param  single whether the answer is to one event, not to a batch
     * @return        -1 if the answer has another form or is incomplete
     */
    static int count(byte[] json, boolean single) {
        return new EventsAnswer(json, single).count();
    }

    private int count() {
        for (int at = 0; at < json.length; at++) {
            byte b = json[at];
            boolean expected = switch (b) {
                case '"' -> {
                    int start = at;
                    at = endOfString(start);
                    named = level == 1 && at < json.length && isName(start, at + 1);
                    yield level > 0 && !atElement();
                }
                case '{', '[' -> {
                    boolean event = atElement();
                    boolean opened = open(b == '[');
                    at = event ? endOfEvent(at) : at;
                    yield opened;
                }
                case '}', ']' -> close(b == ']');
                case ':' -> {
                    wanted = named && level == 1;
                    yield level > 0 && !atElement();
                }
                case ',' -> level > 0;
                default -> level > 0 && !atElement() || JsonElements.isSpace(b);
            };
            if (!expected) {
                return -1;
            }
        }
        return level == 0 ? count : -1;
    }

    /** Whether an element of the events' list comes next, which must be an object. */
    private boolean atElement() {
        return listed && level == 2;
    }

    /** The bracket that ends an event, or the end of the answer. Most of an answer is read here, with few decisions for each byte. */
    private int endOfEvent(int start) {
        for (int at = start + 1; at < json.length; at++) {
            byte b = json[at];
            if (b == '"') {
                at = endOfString(at);
            } else if (b == '{' || b == '[') {
                open(b == '[');
            } else if (b == '}' || b == ']') {
                if (!close(b == ']')) {
                    break;
                }
                if (level == 2) {
                    return at;
                }
            }
        }
        return json.length;
    }

    /** Reads eight bytes at a time: most of an answer is strings. */
    private int endOfString(int start) {
        int at = start + 1;
        while (at < json.length) {
            if (at + Long.BYTES <= json.length) {
                long eight = (long) EIGHT.get(json, at);
                long marks = zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES);
                if (marks == 0) {
                    at += Long.BYTES;
                    continue;
                }
                at += Long.numberOfTrailingZeros(marks) / Byte.SIZE;
            }
            if (json[at] == '"') {
                return at;
            }
            at += json[at] == '\\' ? 2 : 1;
        }
        return at;
    }

    /** The highest bit of the first byte that is zero, and of no byte before it. */
    private static long zeros(long eight) {
        return eight - ONES & ~eight & HIGHEST_BITS;
    }

    private boolean isName(int from, int to) {
        byte[] name = single ? EVENT : EVENTS;
        return Arrays.equals(json, from, to, name, 0, name.length);
    }

    private boolean open(boolean array) {
        boolean expected = level > 0 ? !atElement() || !array : !array && !begun;
        begun = true;
        if (level == 1 && wanted && array != single) {
            listed = array;
            count = single ? 1 : 0;
        } else if (atElement()) {
            count++;
        }
        if (level < Long.SIZE) {
            arrays = array ? arrays | 1L << level : arrays & ~(1L << level);
        }
        level++;
        return expected;
    }

    private boolean close(boolean array) {
        level--;
        listed &= level > 1;
        return level >= Long.SIZE || level >= 0 && (arrays >> level & 1) == (array ? 1 : 0);
    }
}
