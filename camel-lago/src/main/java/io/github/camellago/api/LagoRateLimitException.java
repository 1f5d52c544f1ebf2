package io.github.camellago.api;

/**
 * The rate limit is used up, and stayed so for all retries (429), or will stay so for longer than is waited for: then the message
 * says when to try again.
 */
public class LagoRateLimitException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoRateLimitException(Failure failure) {
        super(failure);
    }
}
