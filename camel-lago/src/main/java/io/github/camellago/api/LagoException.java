package io.github.camellago.api;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.Map;

/**
 * A call to Lago failed. The kinds of failure are this class's subclasses, so that a route can distinguish them in
 * {@code onException}. No message and no property holds an API key.
 */
public class LagoException extends RuntimeException {

    private static final long serialVersionUID = 3L;

    private final int statusCode;
    private final String code;
    private final Map<String, Object> errorDetails;
    private final String method;
    private final String path;
    /** Stored this way round so that false, which stands for unknown after deserialization, is the careful answer. */
    private final boolean certainlyNotProcessed;
    private final Cause because;

    /**
     * A cause. The code of users throws exceptions that cannot be serialized, a credentials supplier for example. An exception with their text and
     * stack trace is serialized in their place.
     */
    private record Cause(Throwable exception) implements Serializable {

        @Serial
        private Object writeReplace() {
            return new Cause(serializable(exception));
        }

        private static Throwable serializable(Throwable exception) {
            try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
                out.writeObject(exception);
                return exception;
            } catch (IOException | RuntimeException e) {
                Throwable cause = exception.getCause();
                Throwable replacement = new Exception(exception.toString(), cause == null ? null : serializable(cause));
                replacement.setStackTrace(exception.getStackTrace());
                return replacement;
            }
        }
    }

    public LagoException(Failure failure) {
        super(failure.message(), null);
        this.because = failure.cause() == null ? null : new Cause(failure.cause());
        this.statusCode = failure.statusCode();
        this.code = failure.code();
        this.errorDetails = failure.errorDetails();
        this.method = failure.method();
        this.path = failure.path();
        this.certainlyNotProcessed = !failure.mayHaveBeenProcessed();
    }

    @Override
    public synchronized Throwable getCause() {
        return because == null ? null : because.exception();
    }

    /** The HTTP status, or 0 if no answer came. */
    public int getStatusCode() {
        return statusCode;
    }

    /** Lago's error code, such as {@code validation_errors} or {@code customer_not_found}, or null. */
    public String getCode() {
        return code;
    }

    /**
     * Lago's {@code error_details}: the reasons by field, or by index for batches. If Lago answers a text instead, it is the only
     * reason of the field {@code base}. Never null.
     */
    public Map<String, Object> getErrorDetails() {
        return errorDetails == null ? Map.of() : errorDetails;
    }

    /** The HTTP method of the call. */
    public String getMethod() {
        return method;
    }

    /** The path of the call below {@code /api/v1}. */
    public String getPath() {
        return path;
    }

    /** Whether Lago may have processed the call although it failed. A second call could then act twice. True if unknown. */
    public boolean mayHaveBeenProcessed() {
        return !certainlyNotProcessed;
    }
}
