package io.github.camellago.api;

/** The object's state forbids the operation (405), or an upsert would change it in a way that bills. */
public class LagoNotAllowedException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoNotAllowedException(Failure failure) {
        super(failure);
    }
}
