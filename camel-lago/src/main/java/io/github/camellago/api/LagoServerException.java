package io.github.camellago.api;

/** Lago, or a proxy before it, failed (5xx). */
public class LagoServerException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoServerException(Failure failure) {
        super(failure);
    }
}
