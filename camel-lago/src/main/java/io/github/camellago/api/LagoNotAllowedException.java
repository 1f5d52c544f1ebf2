package io.github.camellago.api;

/** The object's state forbids the operation (405). */
public class LagoNotAllowedException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoNotAllowedException(Failure failure) {
        super(failure);
    }
}
