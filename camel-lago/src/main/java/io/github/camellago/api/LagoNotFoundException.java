package io.github.camellago.api;

/** There is no such object, or no such path (404). */
public class LagoNotFoundException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoNotFoundException(Failure failure) {
        super(failure);
    }
}
