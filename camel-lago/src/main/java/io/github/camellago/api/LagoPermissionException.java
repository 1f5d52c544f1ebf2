package io.github.camellago.api;

/** The API key lacks a permission, or the plan lacks the feature (403). */
public class LagoPermissionException extends LagoException {

    private static final long serialVersionUID = 1L;

    public LagoPermissionException(Failure failure) {
        super(failure);
    }
}
