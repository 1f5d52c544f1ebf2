package io.github.camellago.api;

/**
 * Lago accepted an upsert, but did not apply all of it. {@link #getErrorDetails()} has the paths of the fields that Lago left as they are.
 * Other fields may have changed.
 */
public class LagoNotAppliedException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoNotAppliedException(Failure failure) {
        super(failure);
    }
}
