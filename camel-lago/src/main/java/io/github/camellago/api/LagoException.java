package io.github.camellago.api;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.util.Map;

/**
 * A call to Lago failed. The kinds of failure are this class's subclasses, so that a route can distinguish them in
 * {@code onException}. No message and no property holds an API key.
 */
public class LagoException extends RuntimeException {

    private static final long serialVersionUID = 4L;

    private final int statusCode;
    private final String code;
    private final Map<String, Object> errorDetails;
    private final String method;
    private final String path;
    /** Stored this way round so that false, which stands for unknown after deserialization, is the careful answer. */
    private final boolean certainlyNotProcessed;
    /** Whether {@link #writeReplace} makes a copy. */
    private transient boolean copying;

    public LagoException(Failure failure) {
        super(failure.message(), failure.cause());
        this.statusCode = failure.statusCode();
        this.code = failure.code();
        this.errorDetails = failure.errorDetails();
        this.method = failure.method();
        this.path = failure.path();
        this.certainlyNotProcessed = !failure.mayHaveBeenProcessed();
    }

    /**
     * The code of users throws exceptions that cannot be serialized, a credentials supplier for example. A copy is serialized in which exceptions with
     * their text and stack trace replace these causes and suppressed exceptions.
     */
    @Serial
    final synchronized Object writeReplace() {
        if (copying || getCause() == null && getSuppressed().length == 0) {
            return this;
        }
        copying = true;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ReplacingStream(bytes)) {
            out.writeObject(this);
            out.flush();
            return new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            return this;
        } finally {
            copying = false;
        }
    }

    /** Replaces exceptions that cannot be serialized. */
    private static final class ReplacingStream extends ObjectOutputStream {

        ReplacingStream(OutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            return object instanceof Throwable e && !(e instanceof LagoException) ? serializable(e) : object;
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
