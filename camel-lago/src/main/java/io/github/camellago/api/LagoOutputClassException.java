package io.github.camellago.api;

/**
 * Lago's answer does not fit the class of the option {@code outputClass}. The message names the class and the field. Lago has
 * processed the call, so a redelivery would repeat it.
 */
public class LagoOutputClassException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoOutputClassException(Failure failure) {
        super(failure);
    }
}
