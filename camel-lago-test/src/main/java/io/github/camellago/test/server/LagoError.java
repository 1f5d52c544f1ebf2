package io.github.camellago.test.server;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * An error answer in Lago's JSON. Thrown if a call cannot be served.
 */
public final class LagoError extends RuntimeException {

    private final transient Reply reply;
    private final transient Object details;

    private LagoError(int status, String error, String code, Object details) {
        this(Reply.json(status, body(status, error, code, details)), details);
    }

    private LagoError(Reply reply, Object details) {
        super(new String(reply.body(), StandardCharsets.UTF_8), null, false, false);
        this.reply = reply;
        this.details = details;
    }

    private static Map<String, Object> body(int status, String error, String code, Object details) {
        Map<String, Object> body = Json.object("status", status, "error", error);
        if (code != null) {
            body.put("code", code);
        }
        if (details != null) {
            body.put("error_details", details);
        }
        return body;
    }

    public Reply reply() {
        return reply;
    }

    /** The value of {@code error_details}, or null. */
    public Object details() {
        return details;
    }

    public static LagoError badRequest(String message) {
        return new LagoError(400, "BadRequest: " + message, null, null);
    }

    /** A 400 whose {@code error} is a code. */
    public static LagoError plainBadRequest(String code) {
        return new LagoError(400, code, null, null);
    }

    public static LagoError missingRoot(String root) {
        return badRequest("param is missing or the value is empty or invalid: " + root);
    }

    public static LagoError unauthorized() {
        return new LagoError(401, "Unauthorized", null, null);
    }

    public static LagoError forbidden(String code) {
        return new LagoError(403, "Forbidden", code, null);
    }

    /** An error with a code and a message. */
    public static LagoError withMessage(int status, String error, String code, String message) {
        return new LagoError(
                Reply.json(status, Json.object("status", status, "error", error, "code", code, "message", message)), null);
    }

    /** A 404. {@code what} is singular: {@code customer} gives {@code customer_not_found}. */
    public static LagoError notFound(String what) {
        return new LagoError(404, "Not Found", what + "_not_found", null);
    }

    public static LagoError notAllowed(String code) {
        return new LagoError(405, "Method Not Allowed", code, null);
    }

    public static LagoError invalid(String field, String... reasons) {
        return invalid((Object) Map.of(field, List.of(reasons)));
    }

    /** @param details reasons by field, or a string */
    public static LagoError invalid(Object details) {
        return new LagoError(422, "Unprocessable Entity", "validation_errors", details);
    }

    /** An unhandled exception in Lago. */
    public static LagoError failed() {
        return new LagoError(500, "Internal Server Error", null, null);
    }

    public static LagoError tooManyRequests() {
        return new LagoError(429, "Too Many Requests", "too_many_requests", null);
    }
}
