package io.github.camellago.api;

import java.util.Map;

/**
 * The facts about a failed call.
 *
 * @param message              the message for the user
 * @param method               the HTTP method
 * @param path                 the path below {@code /api/v1}
 * @param statusCode           the HTTP status, or 0 if no answer came
 * @param code                 Lago's error code, or null
 * @param errorDetails         Lago's error details, never null
 * @param mayHaveBeenProcessed whether Lago may have processed the call
 * @param cause                the cause, or null
 */
public record Failure(String message, String method, String path, int statusCode, String code, Map<String, Object> errorDetails,
        boolean mayHaveBeenProcessed, Throwable cause) {

    public Failure {
        errorDetails = errorDetails == null ? Map.of() : errorDetails;
    }

    /** A failure without an answer from Lago. */
    public static Failure local(String message, String method, String path, boolean mayHaveBeenProcessed, Throwable cause) {
        return new Failure(message, method, path, 0, null, Map.of(), mayHaveBeenProcessed, cause);
    }

    /** The same failure with a cause. */
    public Failure withCause(Throwable because) {
        return new Failure(message, method, path, statusCode, code, errorDetails, mayHaveBeenProcessed, because);
    }
}
