package io.github.camellago.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotAllowedException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoOutputClassException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoRateLimitException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.LagoValidationException;

/**
 * Turns failures into exceptions with helpful messages. In all methods, {@code acted} says whether Lago may have processed this or
 * an earlier try.
 */
final class ErrorMapper {

    private static final String EARLIER = ". An earlier try, whose answer was lost, may have been processed";
    private static final String MAYBE = "It may have been processed: look before you send it again";

    private static final Pattern HOST = Pattern.compile("^\\s*(\\w+://)(?:[^/?#]*@)?([^/?#\\s]*)");

    private final ServerText text;

    ErrorMapper(ServerText text) {
        this.text = text;
    }

    /** The exception for an answer that is no success. */
    LagoException failure(LagoRequest request, BaseUrl server, LagoResponse answer, boolean acted) {
        if (answer.isRedirect()) {
            return redirect(request, server, answer, acted);
        }
        if (answer.isFromProxy()) {
            return proxy(request, answer, acted);
        }
        if (answer.status() >= 500) {
            return serverError(request, answer, acted);
        }
        if (answer.isLagoError() || answer.isLagoRateLimit()) {
            return refusal(request, server, answer, acted);
        }
        return notLago(request, server, answer, acted);
    }

    private LagoException refusal(LagoRequest request, BaseUrl server, LagoResponse answer, boolean acted) {
        LagoError error = error(answer);
        String word = error.word() == null ? "" : " (" + error.word() + ")";
        String answered = "Lago answered " + answer.status() + word + " to " + request;
        String earlier = (error.message() == null ? "" : ". Lago says: " + error.message()) + (acted ? EARLIER : "");
        return switch (answer.status()) {
            case 401 -> new LagoAuthenticationException(make(request, "Lago at " + server.host()
                    + " does not accept the API key: 401" + word + " to " + request
                    + ". It is wrong, expired, rotated, or of another region or server."
                    + " Check apiKey (or credentials), region and baseUrl" + (earlier.isEmpty() ? "." : earlier), answer,
                    acted));
            case 403 -> new LagoPermissionException(
                    make(request, answered + permission(request, error.code()) + earlier, answer, acted));
            case 404 -> new LagoNotFoundException(
                    make(request, answered + notFound(request, error.code()) + earlier, answer, acted));
            case 405 -> new LagoNotAllowedException(
                    make(request, answered + ": the object's state does not allow it" + earlier, answer, acted));
            case 400, 422 -> new LagoValidationException(make(request, answered + reasons(error) + earlier, answer, acted));
            case 429 -> new LagoRateLimitException(make(request, answered + rateLimit(error) + earlier, answer, acted));
            default -> new LagoException(make(request, answered + earlier, answer, acted));
        };
    }

    /** A redirect is never followed: a POST would turn into a GET, and the key would go elsewhere. */
    private LagoException redirect(LagoRequest request, BaseUrl server, LagoResponse answer, boolean acted) {
        String to = answer.location() == null ? "" : " to " + text.clean(BaseUrl.withoutSecrets(answer.location()));
        String message = server.host() + " answered " + answer.status() + " to " + request + ": it redirects" + to
                + ". Redirects are not followed, so that the API key goes nowhere else; set baseUrl to where Lago is";
        return new LagoTransportException(make(request, withMaybe(message, acted), answer, acted));
    }

    private LagoException serverError(LagoRequest request, LagoResponse answer, boolean acted) {
        String word = error(answer).word();
        String message = "Lago answered " + answer.status() + (word == null ? "" : " (" + word + ")") + " to " + request
                + (word == null ? text.excerpt(answer.body()) : "");
        return new LagoServerException(make(request, withMaybe(message, acted), answer, acted));
    }

    /** The exception for a 407. The proxy's answer may have any form. */
    private LagoException proxy(LagoRequest request, LagoResponse answer, boolean acted) {
        String message = "The HTTP proxy answered 407 to " + request + text.excerpt(answer.body())
                + ". It requires credentials: set proxyAuthUsername and proxyAuthPassword on the HTTP component, or check them";
        return new LagoTransportException(make(request, withMaybe(message, acted), answer, acted));
    }

    /** The exception for a 4xx that is not in the form of Lago's errors: a proxy's, or that of another server. */
    private LagoException notLago(LagoRequest request, BaseUrl server, LagoResponse answer, boolean acted) {
        String hint = answer.status() == 413 ? ". The body is too large for the server" : ". Is baseUrl a Lago server's?";
        String message = server.host() + ", or a proxy before it, answered " + answer.status() + " to " + request
                + ", which is not an answer of Lago's" + text.excerpt(answer.body()) + hint;
        return new LagoTransportException(make(request, withMaybe(message, acted), answer, acted));
    }

    /**
     * The exception for a wait that is too long.
     *
     * @param answer what asked for the wait, or null if an earlier answer did
     */
    LagoException tooLong(LagoRequest request, BaseUrl server, LagoResponse answer, Duration wait, boolean acted) {
        Instant again = Instant.now().plus(wait).truncatedTo(ChronoUnit.SECONDS);
        String words = ": try again in " + wait.toSeconds() + " s, at " + again
                + ", as it asks; longer than " + RetryPolicy.LONGEST_WAIT / 1000 + " s are not waited for"
                + (acted ? EARLIER : "");
        if (answer == null) {
            return new LagoRateLimitException(new Failure(request + " is not sent, the rate limit of " + server.host()
                    + " is used up" + words, request.method(), request.path(), 0, null, Map.of(), acted, null));
        }
        Failure failure = make(request, "Lago answered " + answer.status() + " to " + request + words, answer, acted);
        return answer.status() == 429 ? new LagoRateLimitException(failure) : new LagoServerException(failure);
    }

    /** The exception for an answer of success that is not what Lago answers to the call. */
    LagoException unreadable(LagoRequest request, BaseUrl server, LagoResponse answer, IOException cause, boolean acted) {
        String type = answer.contentType() == null ? "no content type" : text.clean(answer.contentType());
        String why = cause.getMessage() == null || answer.isEmpty()
                ? ""
                : ": " + text.clean(cause.getMessage().lines().findFirst().orElse(""));
        String message = server.host() + " answered " + answer.status() + " to " + request
                + " with a body that is not the expected JSON (" + type + ")" + text.excerpt(answer.body()) + why
                + ". Is baseUrl a Lago server's?";
        Failure failure = make(request, withMaybe(message, acted), answer, acted);
        return new LagoTransportException(failure.withCause(text.clean(cause)));
    }

    /** The exception for an answer that does not fit the class to bind it to. */
    LagoOutputClassException outputClass(LagoRequest request, LagoResponse answer, OutputClassMismatch e) {
        boolean acted = !request.isRead();
        return new LagoOutputClassException(make(request, "Lago answered " + answer.status() + " to " + request + ", but "
                + text.clean(e.getMessage()) + (acted ? ". Lago has processed the call: do not send it again" : ""), answer,
                acted).withCause(text.clean(e)));
    }

    LagoTransportException noAnswer(LagoRequest request, BaseUrl server, IOException e, boolean acted) {
        String words = acted
                ? " Lago may have processed it: look before you send it again"
                : " Lago has not processed it";
        return new LagoTransportException(Failure.local("No answer to " + request + " from " + server.host() + ": "
                + text.describe(e) + "." + (request.isRead() ? "" : words), request.method(), request.path(), acted,
                text.clean(e)));
    }

    LagoTransportException interrupted(LagoRequest request, InterruptedException e, boolean acted) {
        return new LagoTransportException(Failure.local("Interrupted while waiting to send " + request
                + (acted ? ". " + MAYBE : ""), request.method(), request.path(), acted, e));
    }

    /** The exception for a call that is not sent (again) because the endpoint is stopped. */
    LagoTransportException stopped(LagoRequest request, boolean acted) {
        return new LagoTransportException(Failure.local("The endpoint is stopped, " + request + " is not sent"
                + (acted ? " again. " + MAYBE : ""), request.method(), request.path(), acted, null));
    }

    /** The exception for credentials that give no usable key. */
    LagoAuthenticationException noKey(LagoRequest request, Throwable e, boolean acted) {
        return new LagoAuthenticationException(Failure.local("No API key for " + request + ": " + text.describe(e)
                + (acted ? EARLIER : ""), request.method(), request.path(), acted, text.clean(e)));
    }

    /** The exception for a file that cannot be read. Its URL may open it to anyone, so that only its host is named. */
    LagoException noFile(LagoRequest download, String url, IOException e) {
        Matcher host = HOST.matcher(url);
        String what = "The file that " + download + " gives cannot be read from "
                + (host.find() ? text.clean(host.group(1) + host.group(2)) : "its URL")
                + ": ";
        if (e instanceof FileTransport.NoFileException none) {
            return new LagoException(
                    new Failure(what + text.clean(none.getMessage()), download.method(), download.path(), none.status(),
                            null, Map.of(), false, null));
        }
        return new LagoTransportException(Failure.local(what + text.describe(e), download.method(), download.path(), false,
                text.clean(e)));
    }

    /** The error in the response, safe for messages. */
    @SuppressWarnings("unchecked")
    private LagoError error(LagoResponse answer) {
        LagoError error = LagoError.of(answer);
        return new LagoError(error.status(), (Map<String, Object>) text.clean((Object) error.fields()));
    }

    @SuppressWarnings("unchecked")
    private Failure make(LagoRequest request, String message, LagoResponse answer, boolean acted) {
        LagoError error = error(answer);
        Object details = error.details();
        // some errors have a text in place of the map; Lago's own key for what belongs to no field is "base"
        Map<String, Object> byField = details instanceof Map<?, ?> map
                ? (Map<String, Object>) map
                : details == null ? Map.of() : Map.of("base", details instanceof List<?> ? details : List.of(details));
        return new Failure(message, request.method(), request.path(), answer.status(), error.code(),
                byField, acted, null);
    }

    private static String withMaybe(String message, boolean acted) {
        return acted ? message + (message.endsWith("?") ? " " : ". ") + MAYBE : message;
    }

    private static String permission(LagoRequest request, String code) {
        if (code == null) {
            return ": the API key may lack the permission " + (request.isRead() ? "read" : "write") + " on "
                    + request.permission();
        }
        if (code.startsWith("read_action_not_allowed_for_") || code.startsWith("write_action_not_allowed_for_")) {
            String access = code.substring(0, code.indexOf('_'));
            String resource = code.substring(code.indexOf("_for_") + 5);
            return ": the API key lacks the permission " + access + " on " + resource
                    + ". Grant it in Lago under Developers > API keys";
        }
        return switch (code) {
            case "feature_unavailable" -> ": this Lago does not have the feature, its plan does not include it, or the"
                    + " invoice is of a type or in a state that does not allow it. No permission of the API key changes that";
            case "cannot_finalize_with_pending_taxes" -> ": the invoice's taxes are not calculated yet."
                    + " No permission of the API key changes that";
            default -> ": Lago does not offer this here. No permission of the API key changes that";
        };
    }

    private static String notFound(LagoRequest request, String code) {
        if (!"resource_not_found".equals(code)) {
            return "";
        }
        // usage of an unknown customer has this code, too
        boolean usage = request.path().endsWith("/current_usage") || request.path().endsWith("/projected_usage");
        return ": Lago knows no such " + (usage ? "customer, or no such path" : "path")
                + ". Check the resource and its ids, and the version of the server";
    }

    private static String rateLimit(LagoError error) {
        return "too_many_provider_requests".equals(error.code())
                ? ": the payment provider refuses more requests" + reasons(error)
                : ": the rate limit is used up";
    }

    private static String reasons(LagoError error) {
        Object details = error.details();
        if (details instanceof Map<?, ?> map && !map.isEmpty()) {
            return ": " + map.entrySet().stream().map(e -> e.getKey() + ": " + words(e.getValue()))
                    .collect(Collectors.joining("; "));
        }
        if (details != null && !(details instanceof Map)) {
            return ": " + words(details);
        }
        String word = String.valueOf(error.word());
        return word.startsWith("BadRequest") ? ": the body's root key is missing, or not what Lago expects" : "";
    }

    private static String words(Object reason) {
        if (reason instanceof List<?> list) {
            return list.stream().map(ErrorMapper::words).collect(Collectors.joining(", "));
        }
        if (reason instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(e -> e.getKey() + " " + words(e.getValue())).collect(Collectors.joining(", "));
        }
        return String.valueOf(reason);
    }
}
