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

    /** Reads what a file holds. Called again, from the start, where the file broke off. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(LagoFile file) throws IOException;
    }
}
