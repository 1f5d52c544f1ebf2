package io.github.camellago.api;

import java.util.Map;

import io.github.camellago.client.LagoRequest;

/**
 * What is known of a failed call.
 *
 * @param message              what to tell the user
 * @param method               the HTTP method
 * @param path                 the path below {@code /api/v1}
 * @param statusCode           the HTTP status, or 0 when no answer came
 * @param code                 Lago's error code, or null
 * @param errorDetails         Lago's error details, never null
 * @param mayHaveBeenProcessed whether Lago may have acted all the same
 * @param cause                what lies below, or null
 */
public record Failure(String message, String method, String path, int statusCode, String code, Map<String, Object> errorDetails,
        boolean mayHaveBeenProcessed, Throwable cause) {

    public Failure {
        errorDetails = errorDetails == null ? Map.of() : errorDetails;
    }

    /** A failure without an answer from Lago. */
    public static Failure local(String message, LagoRequest request, boolean mayHaveBeenProcessed, Throwable cause) {
        return new Failure(message, request.method(), request.path(), 0, null, Map.of(), mayHaveBeenProcessed, cause);
    }
}
