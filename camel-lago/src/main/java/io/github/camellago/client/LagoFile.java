package io.github.camellago.client;

import java.io.IOException;
import java.io.InputStream;

/**
 * A file while it is being read.
 *
 * @param name        the name that the server gives it, or else the last segment of its URL; null where neither has one. Never a path
 * @param contentType the media type, or null
 * @param content     its bytes; the caller reads them to the end and need not close the stream
 */
public record LagoFile(String name, String contentType, InputStream content) {

    private static final int MAX_NAME = 200;

    /** A name that is no path, names no device and shows as what it is, made from any text. Of a longer text, the end is taken. */
    public static String plainName(String text) {
        String end = text.substring(Math.max(0, text.length() - MAX_NAME));
        String name = end.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029/\\\\:*?\"<>|]", "_").replaceFirst("[\\s.]+$", "")
                .strip();
        return name.isEmpty() ? "file" : name.replaceFirst("^(?i)(?=(?:con|prn|aux|nul|com\\d|lpt\\d)(?:\\.|$))", "_");
    }

    /** The name after the last slash of a path, or null if that is empty. */
    static String lastSegment(String path) {
        String last = path == null ? "" : path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).strip();
        return last.isEmpty() || last.matches("\\.+") ? null : plainName(last);
    }

    /** Reads what a file holds. Called again, from the start, where the file broke off. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(LagoFile file) throws IOException;
    }
}
