package io.github.camellago.client;

/**
 * An answer with a 2xx status.
 *
 * @param status      the HTTP status
 * @param contentType the media type, or null
 * @param body        the body's bytes; empty when there is none
 * @param rate        what the answer's headers say of the rate limit
 * @param attempts    how many times the call was sent
 */
public record LagoResponse(int status, String contentType, byte[] body, RateLimit rate, int attempts) {

    public boolean isEmpty() {
        for (byte b : body) {
            if (b > ' ' || b < 0) {
                return false;
            }
        }
        return true;
    }
}
