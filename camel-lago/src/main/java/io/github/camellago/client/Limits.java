package io.github.camellago.client;

import java.util.Set;

/**
 * How long and how large calls may be. All times in milliseconds.
 *
 * @param connectTimeout  for a connection
 * @param responseTimeout for the next bytes of an answer
 * @param callTimeout     for one try as a whole, the answer read to its end
 * @param maxResponseSize bytes of an answer, unpacked
 * @param fileTimeout     for reading a file, all redirects included
 * @param maxFileSize     bytes of a file, unpacked; 0 for no limit
 * @param fileHosts       the only hosts to read files from, in lower case; empty for any
 */
public record Limits(long connectTimeout, long responseTimeout, long callTimeout, long maxResponseSize, long fileTimeout,
        long maxFileSize, Set<String> fileHosts) {

    /** The same limits, with shorter times. */
    Limits within(long millis) {
        return new Limits(Math.min(millis, connectTimeout), Math.min(millis, responseTimeout), Math.min(millis, callTimeout),
                maxResponseSize, fileTimeout, maxFileSize, fileHosts);
    }
}
