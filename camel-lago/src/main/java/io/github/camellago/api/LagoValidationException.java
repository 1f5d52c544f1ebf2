package io.github.camellago.api;

/** Lago refuses the values sent (400, 422); the message lists each field with its reasons. */
public class LagoValidationException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoValidationException(Failure failure) {
        super(failure);
    }
}
