package io.github.camellago.api;

/** Lago does not accept the API key (401): it is wrong, expired, rotated or of another region. */
public class LagoAuthenticationException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoAuthenticationException(Failure failure) {
        super(failure);
    }
}
