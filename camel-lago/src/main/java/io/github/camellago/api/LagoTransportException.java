package io.github.camellago.api;

/** No usable answer came, or one of success that cannot be read: {@link #mayHaveBeenProcessed()} says whether Lago may have acted. */
public class LagoTransportException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoTransportException(Failure failure) {
        super(failure);
    }
}
