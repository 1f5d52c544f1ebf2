package io.github.camellago.events;

/** Follows the brackets of JSON text, and knows which of them are open. */
final class JsonDepth {

    /** the outermost levels: a bit is set if that level is an array */
    private long arrays;
    int level;
    boolean text;
    private boolean escaped;
    boolean closed;
    private byte last;
    private int lastAt;
    private boolean lineBegins;
    /** where the text before the first line ends that begins with an object, or -1 */
    private int beforeObject = -1;

    void read(byte b, int at) {
        // a string ends at the end of its line, even if its quote is missing
        if (text && b != '\n') {
            text = escaped || b != '"';
            escaped = !escaped && b == '\\';
            closed = !text && level == 0;
        } else if (b == '"') {
            text = true;
        } else if (b == '{' || b == '[') {
            arrays = b == '[' ? arrays | 1L << level : arrays & ~(1L << level);
            level++;
        } else if (b == '}' || b == ']') {
            level = Math.max(0, level - 1);
            closed = level == 0;
        } else if (b == '\n') {
            text = false;
            escaped = false;
            lineBegins = true;
        }
        if (!JsonElements.isSpace(b)) {
            last = b;
            lastAt = at;
            lineBegins = false;
        }
    }

    /**
     * If this byte begins an object at the beginning of a line, and JSON cannot go on with an object: where the text ends before the first such
     * line, which may be well-formed. Otherwise -1.
     */
    int brokenAt(byte b, int at) {
        if (at == 0) {
            beforeObject = -1;
            lastAt = -1;
        }
        if (b != '{' || !lineBegins || at == 0) {
            return -1;
        }
        beforeObject = beforeObject < 0 ? lastAt + 1 : beforeObject;
        return mayContinueWithObject() ? -1 : beforeObject;
    }

    /** Whether valid JSON may go on with an object here. */
    boolean mayContinueWithObject() {
        return !text && level > 0 && ((arrays >> level - 1 & 1) == 1 ? last == '[' || last == ',' : last == ':');
    }
}
