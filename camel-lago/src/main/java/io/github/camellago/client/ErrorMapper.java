package io.github.camellago.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import com.fasterxml.jackson.core.type.TypeReference;
import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotAllowedException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoRateLimitException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.LagoValidationException;

/** Turns answers that are not what was asked for into exceptions whose words help. */
final class ErrorMapper {

    private static final int EXCERPT = 200;
    private static final String EARLIER = "An earlier try, whose answer was lost, may have been processed";
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {
    };

    private ErrorMapper() {}

    /** The exception for an answer with an error status; {@code acted} where this or an earlier try may have been processed. */
    static LagoException failure(LagoRequest request, String host, int status, byte[] body, boolean acted) {
        Map<String, Object> error = parse(body);
        String code = error.get("code") instanceof String text ? text : null;
        String word = code != null ? code : error.get("error") instanceof String text ? text : null;
        Map<String, Object> details = details(error);
        String answered = "Lago answered " + status + (word == null ? "" : " (" + word + ")") + " to " + request;
        return switch (status) {
            case 401 -> new LagoAuthenticationException(new Failure(
                    "Lago at " + host + " does not accept the API key: " + status + (word == null ? "" : " (" + word + ")")
                            + " to "
                            + request
                            + ". It is wrong, expired, rotated, or of another region or server."
                            + " Check apiKey (or credentials), region and baseUrl." + (acted ? ' ' + EARLIER : ""),
                    request.method(), request.path(), status, code, details, acted, null));
            case 403 ->
                new LagoPermissionException(make(request, answered + permission(request, code) + earlier(acted), status,
                        code, details, acted));
            case 404 -> new LagoNotFoundException(make(request, code == null
                    ? answered + ": " + host + " does not know this path" + excerpt(body) + earlier(acted)
                    : answered + earlier(acted), status, code, details, acted));
            case 405 ->
                new LagoNotAllowedException(make(request,
                        answered + ": the object's state does not allow it" + earlier(acted), status, code, details, acted));
            case 400, 422 -> new LagoValidationException(
                    make(request, answered + reasons(error, details) + earlier(acted), status, code, details, acted));
            case 429 ->
                new LagoRateLimitException(
                        make(request, answered + ": the rate limit is used up" + earlier(acted), status, code, details, acted));
            default -> {
                if (status >= 500) {
                    yield new LagoServerException(make(request, answered + (word == null ? excerpt(body) : "")
                            + (acted ? ". It may have been processed" : ""),
                            status, code, details, acted));
                }
                yield new LagoException(
                        make(request, answered + (word == null ? excerpt(body) : "") + earlier(acted), status, code, details,
                                acted));
            }
        };
    }

    /** The exception for a redirect, which is never followed: a POST would turn into a GET, and the key go elsewhere. */
    static LagoException redirect(LagoRequest request, String host, int status, String location,
            boolean acted) {
        String to = location == null ? "" : " to " + location.replaceFirst("[?#].*", "");
        return new LagoException(make(request, host + " answered " + status + " to " + request + ": it redirects" + to
                + ". Redirects are not followed, so that the API key goes nowhere else; set baseUrl to where Lago is"
                + earlier(acted),
                status, null, Map.of(), acted));
    }

    /**
     * The exception for a wait that is too long to be kept to.
     *
     * @param reply what asked for it, or null where an earlier answer did
     */
    static LagoException tooLong(LagoRequest request, String host, Transport.Reply reply, Duration wait, boolean acted) {
        Instant again = Instant.now().plus(wait).truncatedTo(ChronoUnit.SECONDS);
        String words = ": try again in " + wait.toSeconds() + " s, at " + again
                + ", as it asks; longer than " + RetryPolicy.LONGEST_WAIT / 1000 + " s are not waited for" + earlier(acted);
        if (reply == null) {
            return new LagoRateLimitException(make(request, request + " is not sent, the rate limit of " + host
                    + " is used up" + words, 0, null, Map.of(), acted));
        }
        Failure failure = make(request, "Lago answered " + reply.status() + " to " + request + words, reply.status(), null,
                Map.of(), acted);
        return reply.status() == 429 ? new LagoRateLimitException(failure) : new LagoServerException(failure);
    }

    private static String earlier(boolean acted) {
        return acted ? ". " + EARLIER : "";
    }

    /** The exception for an answer of success that cannot be read. */
    static LagoException unreadable(LagoRequest request, String host, LagoResponse response, Throwable cause) {
        boolean acted = !request.method().equals("GET");
        String type = response.contentType() == null ? "no content type" : response.contentType();
        return new LagoTransportException(make(request, host + " answered " + response.status() + " to " + request
                + " with a body that is not the JSON due (" + type + ")" + excerpt(response.body())
                + ". Is baseUrl a Lago server's?" + (acted ? " The call may have been processed" : ""), response.status(), null,
                Map.of(), acted, cause));
    }

    /** The exception for a file that cannot be read. Its URL may open it to anyone, so that only its host is named. */
    static LagoException noFile(LagoRequest download, String url, IOException e) {
        String host = url.replaceFirst("^(\\w+://)(?:[^/?#]*@)?([^/?#]*).*", "$1$2");
        String what = "The file that " + download + " gives cannot be read from " + (host.equals(url) ? "its URL" : host)
                + ": ";
        if (e instanceof FileTransport.NoFileException none) {
            return new LagoException(make(download, what + none.getMessage(), none.status(), null, Map.of(), false));
        }
        return new LagoTransportException(make(download, what + e.getClass().getSimpleName() + ": " + e.getMessage(), 0, null,
                Map.of(), false, e));
    }

    /** The exception for a refusal that cannot be read; {@code acted} where an earlier try may have been processed. */
    static LagoException unreadableRefusal(LagoRequest request, String host, LagoResponse response, boolean acted) {
        return new LagoTransportException(make(request, host + " answered " + response.status() + " to " + request
                + " with JSON that is broken" + excerpt(response.body()), response.status(), null, Map.of(), acted));
    }

    private static Failure make(LagoRequest request, String message, int status, String code, Map<String, Object> details,
            boolean acted) {
        return make(request, message, status, code, details, acted, null);
    }

    private static Failure make(LagoRequest request, String message, int status, String code, Map<String, Object> details,
            boolean acted, Throwable cause) {
        return new Failure(message, request.method(), request.path(), status, code, details, acted, cause);
    }

    private static String permission(LagoRequest request, String code) {
        if (code != null && code.contains("_action_not_allowed_for_")) {
            String access = code.substring(0, code.indexOf('_'));
            String resource = code.substring(code.indexOf("_for_") + 5);
            return ": the API key lacks the permission " + access + " on " + resource
                    + ". Grant it in Lago under Developers > API keys";
        }
        if ("feature_unavailable".equals(code)) {
            return ": this Lago has not the feature, or its plan does not include it";
        }
        String access = request.method().equals("GET") ? "read" : "write";
        return ": the API key may lack the permission " + access + " on " + request.permission();
    }

    private static String reasons(Map<String, Object> error, Map<String, Object> details) {
        if (details.isEmpty()) {
            return error.containsKey("code") ? "" : ": the body's root key is missing, or not what Lago expects";
        }
        StringJoiner reasons = new StringJoiner("; ", ": ", "");
        details.forEach((field, reason) -> reasons.add(field + ": " + words(reason)));
        return reasons.toString();
    }

    private static String words(Object reason) {
        if (reason instanceof List<?> list) {
            StringJoiner words = new StringJoiner(", ");
            list.forEach(r -> words.add(words(r)));
            return words.toString();
        }
        if (reason instanceof Map<?, ?> map) {
            StringJoiner words = new StringJoiner(", ");
            map.forEach((k, v) -> words.add(k + " " + words(v)));
            return words.toString();
        }
        return String.valueOf(reason);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> details(Map<String, Object> error) {
        return error.get("error_details") instanceof Map<?, ?> details ? (Map<String, Object>) details : Map.of();
    }

    private static Map<String, Object> parse(byte[] body) {
        try {
            Map<String, Object> parsed = Json.mapper().readValue(body, OBJECT);
            return parsed == null ? Map.of() : parsed;
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static String excerpt(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, 4 * EXCERPT), StandardCharsets.UTF_8).strip().replaceAll("\\s+",
                " ");
        if (text.isEmpty()) {
            return ", with an empty body";
        }
        return ", beginning: " + (text.length() > EXCERPT ? text.substring(0, EXCERPT) + "…" : text);
    }
}
