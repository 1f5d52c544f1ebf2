package io.github.camellago.api;

import java.util.Map;

/**
 * Something went wrong between this component and Lago. Its kinds are this class's subclasses, so that a route can tell them
 * apart in {@code onException}. No message and no property ever holds an API key.
 */
public class LagoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public LagoException(Failure failure) {
        super(failure.message(), failure.cause());
        this.failure = failure;
    }

    /** The HTTP status, or 0 when no answer came. */
    public int getStatusCode() {
        return failure == null ? 0 : failure.statusCode();
    }

    /** Lago's error code, such as {@code validation_errors} or {@code customer_not_found}, or null. */
    public String getCode() {
        return failure == null ? null : failure.code();
    }

    /** Lago's {@code error_details}: by field, or by index for batches, what is wrong. Never null. */
    public Map<String, Object> getErrorDetails() {
        return failure == null ? Map.of() : failure.errorDetails();
    }

    /** The HTTP method of the call. */
    public String getMethod() {
        return failure == null ? null : failure.method();
    }

    /** The path of the call below {@code /api/v1}. */
    public String getPath() {
        return failure == null ? null : failure.path();
    }

    /** Whether Lago may have acted on the call although it failed here: repeating it could then act twice. */
    public boolean mayHaveBeenProcessed() {
        return failure != null && failure.mayHaveBeenProcessed();
    }
}
