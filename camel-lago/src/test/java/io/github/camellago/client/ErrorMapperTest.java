package io.github.camellago.client;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotAllowedException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoRateLimitException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.LagoValidationException;
import io.github.camellago.api.RateLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** The kind and the message of each failure, with and without an earlier try that may have been processed. */
class ErrorMapperTest {

    private static final String EARLIER = ". An earlier try, whose answer was lost, may have been processed";
    private static final String MAYBE = "It may have been processed: look before you send it again";
    private static final LagoRequest POST = new LagoRequest("POST", "invoices", null, null, RetryRule.UNPROCESSED, "invoice");
    private static final LagoRequest GET = LagoRequest.get("invoices", "page=1", "invoice");
    private static final BaseUrl SERVER = BaseUrl.of("https://lago.example", "baseUrl");

    private final ErrorMapper errors = new ErrorMapper(new ServerText(Credentials.of("secret-key")));

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(401, "{}", LagoAuthenticationException.class,
                        "Lago at https://lago.example does not accept the API key: 401 (E) to POST invoices. It is wrong, expired,"
                                + " rotated, or of another region or server. Check apiKey (or credentials), region and baseUrl.",
                        "region and baseUrl" + EARLIER),
                arguments(403, "{}", LagoPermissionException.class,
                        "Lago answered 403 (E) to POST invoices: the API key may lack"
                                + " the permission write on invoice",
                        EARLIER),
                arguments(403, "{'code':'write_action_not_allowed_for_plan'}", LagoPermissionException.class,
                        "(write_action_not_allowed_for_plan) to POST invoices: the API key lacks the permission write on plan."
                                + " Grant it in Lago under Developers > API keys",
                        EARLIER),
                arguments(403, "{'code':'read_action_not_allowed_for_plan'}", LagoPermissionException.class,
                        ": the API key lacks the permission read on plan. Grant it in Lago under Developers > API keys",
                        EARLIER),
                arguments(403, "{'code':'feature_unavailable'}", LagoPermissionException.class, "this Lago does not have the"
                        + " feature", EARLIER),
                arguments(403, "{'code':'cannot_finalize_with_pending_taxes'}", LagoPermissionException.class,
                        ": the invoice's taxes are not calculated yet", EARLIER),
                arguments(403, "{'code':'forbidden'}", LagoPermissionException.class, ": Lago does not offer this here",
                        EARLIER),
                arguments(404, "{'code':'invoice_not_found'}", LagoNotFoundException.class,
                        "Lago answered 404 (invoice_not_found) to POST invoices", EARLIER),
                arguments(404, "{'code':'resource_not_found'}", LagoNotFoundException.class,
                        ": Lago knows no such path. Check the resource and its ids, and the version of the server", EARLIER),
                arguments(405, "{'code':'not_voidable'}", LagoNotAllowedException.class,
                        "Lago answered 405 (not_voidable) to POST invoices: the object's state does not allow it", EARLIER),
                arguments(400, "{'error':'BadRequest: param is missing'}", LagoValidationException.class,
                        ": the body's root key is missing, or not what Lago expects", EARLIER),
                arguments(400, "{}", LagoValidationException.class, "Lago answered 400 (E) to POST invoices", EARLIER),
                arguments(422, "{'code':'v','error_details':{'a':['x','y'],'b':{'c':'z'}}}", LagoValidationException.class,
                        "Lago answered 422 (v) to POST invoices: a: x, y; b: c z", EARLIER),
                arguments(422, "{'code':'v','error_details':'text'}", LagoValidationException.class,
                        "Lago answered 422 (v) to POST invoices: text", EARLIER),
                arguments(422, "{'code':'v','error_details':['p','q']}", LagoValidationException.class,
                        "Lago answered 422 (v) to POST invoices: p, q", EARLIER),
                arguments(422, "{'code':'v','error_details':{},'message':'a sentence'}", LagoValidationException.class,
                        "Lago answered 422 (v) to POST invoices. Lago says: a sentence", EARLIER),
                arguments(429, "{}", LagoRateLimitException.class,
                        "Lago answered 429 (E) to POST invoices: the rate limit is used up",
                        EARLIER),
                arguments(429, "{'code':'too_many_provider_requests','error_details':{'stripe':'slow'}}",
                        LagoRateLimitException.class,
                        ": the payment provider refuses more requests: stripe: slow", EARLIER),
                arguments(409, "{}", LagoException.class, "Lago answered 409 (E) to POST invoices", EARLIER));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusal(int status, String fields, Class<?> type, String message, String ifActed) {
        String own = fields.replace('\'', '"').substring(1);
        String error = fields.contains("'error'") ? "" : "\"error\":\"E\"" + (own.equals("}") ? "" : ",");
        LagoResponse answer = answer(status, "{\"status\":" + status + "," + error + own);

        LagoException first = errors.failure(POST, SERVER, answer, false);
        LagoException repeated = errors.failure(POST, SERVER, answer, true);

        assertThat(first).isExactlyInstanceOf(type).hasMessageContaining(message);
        assertThat(first.getMessage()).doesNotContain(EARLIER).doesNotEndWith("baseUrl");
        assertThat(first.mayHaveBeenProcessed()).isFalse();
        assertThat(first.getStatusCode()).isEqualTo(status);
        assertThat(first.getMethod() + first.getPath()).isEqualTo("POSTinvoices");
        assertThat(repeated).isExactlyInstanceOf(type);
        assertThat(repeated.getMessage()).endsWith(ifActed);
        assertThat(repeated.mayHaveBeenProcessed()).isTrue();
    }

    @Test
    void namesThePermissionToReadIfTheCallReads() {
        LagoResponse answer = answer(403, "{\"status\":403,\"error\":\"Forbidden\"}");

        assertThat(errors.failure(GET, SERVER, answer, false)).hasMessageContaining("the permission read on invoice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"current_usage", "projected_usage"})
    void usageOfAnUnknownCustomerHasTheCodeOfAnUnknownPath(String usage) {
        LagoRequest request = LagoRequest.get("customers/x/" + usage, null, "customer");
        LagoResponse answer = answer(404, "{\"status\":404,\"error\":\"Not Found\",\"code\":\"resource_not_found\"}");

        assertThat(errors.failure(request, SERVER, answer, false))
                .hasMessageContaining(": Lago knows no such customer, or no such path. Check");
    }

    @Test
    void details() {
        assertThat(errors.failure(POST, SERVER, refusal("{\"a\":[\"x\"]}"), false).getErrorDetails())
                .isEqualTo(Map.of("a", List.of("x")));
        assertThat(errors.failure(POST, SERVER, refusal("\"text\""), false).getErrorDetails())
                .isEqualTo(Map.of("base", List.of("text")));
        assertThat(errors.failure(POST, SERVER, refusal("[\"x\"]"), false).getErrorDetails())
                .isEqualTo(Map.of("base", List.of("x")));
        assertThat(errors.failure(POST, SERVER, refusal("null"), false).getErrorDetails()).isEmpty();
        assertThat(errors.failure(POST, SERVER, refusal("\"Bearer secret-key\""), false).toString())
                .doesNotContain("secret-key");
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments(302, "x", LagoTransportException.class,
                        "https://lago.example answered 302 to POST invoices: it redirects"
                                + " to https://other.example. Redirects are not followed",
                        "set baseUrl to where Lago is. " + MAYBE),
                arguments(407, "who", LagoTransportException.class,
                        "The HTTP proxy answered 407 to POST invoices, beginning: who."
                                + " It requires credentials",
                        "or check them. " + MAYBE),
                arguments(500, "{\"status\":500,\"error\":\"Boom\"}", LagoServerException.class,
                        "Lago answered 500 (Boom) to POST invoices", "to POST invoices. " + MAYBE),
                arguments(502, "<html>", LagoServerException.class, "Lago answered 502 to POST invoices, beginning: <html>",
                        ". " + MAYBE),
                arguments(413, "<html>", LagoTransportException.class,
                        "https://lago.example, or a proxy before it, answered 413 to"
                                + " POST invoices, which is not an answer of Lago's, beginning: <html>. The body is too large for the server",
                        "for the server. " + MAYBE),
                arguments(422, "<html>", LagoTransportException.class, "beginning: <html>. Is baseUrl a Lago server's?",
                        "Is baseUrl a Lago server's? " + MAYBE));
    }

    @ParameterizedTest
    @MethodSource("others")
    void answerThatIsNotLagosRefusal(int status, String body, Class<?> type, String message, String ifActed) {
        LagoException certain = errors.failure(POST, SERVER, answer(status, body), false);
        LagoException uncertain = errors.failure(POST, SERVER, answer(status, body), true);

        assertThat(certain).isExactlyInstanceOf(type).hasMessageContaining(message);
        assertThat(certain.getMessage()).doesNotContain(MAYBE);
        assertThat(certain.getStatusCode()).isEqualTo(status);
        assertThat(uncertain.getMessage()).endsWith(ifActed);
        assertThat(uncertain.mayHaveBeenProcessed()).isTrue();
    }

    @Test
    void redirectWithoutLocation() {
        LagoResponse answer = new LagoResponse(304, null, new byte[0], RateLimit.UNKNOWN, -1, null, null, Duration.ZERO);

        assertThat(errors.failure(GET, SERVER, answer, false)).hasMessageContaining("GET invoices: it redirects. Redirects");
    }

    @Test
    void waitThatIsTooLong() {
        Duration wait = Duration.ofSeconds(300);
        LagoException before = errors.tooLong(POST, SERVER, null, wait, false);
        LagoException limited = errors.tooLong(POST, SERVER, answer(429, "{}"), wait, false);
        LagoException broken = errors.tooLong(POST, SERVER, answer(503, ""), wait, true);

        assertThat(before).isInstanceOf(LagoRateLimitException.class)
                .hasMessageMatching("POST invoices is not sent, the rate limit of"
                        + " https://lago.example is used up: try again in 300 s, at \\S+Z, as it asks; longer than 120 s are not waited for");
        assertThat(before.getStatusCode()).isZero();
        assertThat(before.mayHaveBeenProcessed()).isFalse();
        assertThat(errors.tooLong(POST, SERVER, null, wait, true).mayHaveBeenProcessed()).isTrue();
        assertThat(limited).isInstanceOf(LagoRateLimitException.class)
                .hasMessageStartingWith("Lago answered 429 to POST invoices: try again in 300 s");
        assertThat(limited.getStatusCode()).isEqualTo(429);
        assertThat(broken).isInstanceOf(LagoServerException.class);
        assertThat(broken.getMessage()).endsWith("are not waited for" + EARLIER);
    }

    @Test
    void successThatIsNotLagos() {
        IOException cause = new IOException("it holds no \"plan\"\nand more");
        LagoException e = errors.unreadable(POST, SERVER, answer(200, "{}"), cause, true);

        assertThat(e).isInstanceOf(LagoTransportException.class)
                .hasMessage("https://lago.example answered 200 to POST invoices with"
                        + " a body that is not the expected JSON (application/json), beginning: {}: it holds no \"plan\". Is baseUrl a Lago"
                        + " server's? " + MAYBE);
        assertThat(e.getCause()).isNotNull();
        assertThat(errors.unreadable(POST, SERVER, answer(200, " "), cause, false).getMessage()).doesNotContain("holds no");
        assertThat(errors.unreadable(POST, SERVER, answer(200, "{}"), new IOException(), false).getMessage())
                .contains("beginning: {}. Is");
        LagoResponse untyped = new LagoResponse(200, null, new byte[0], RateLimit.UNKNOWN, -1, null, null, Duration.ZERO);
        assertThat(errors.unreadable(GET, SERVER, untyped, new IOException(), false))
                .hasMessageContaining("(no content type), with an empty body");
    }

    @Test
    void callsWithoutAnAnswer() {
        ConnectException cause = new ConnectException("refused");

        assertThat(errors.noAnswer(POST, SERVER, cause, false)).hasCause(cause).hasMessage("No answer to POST invoices from"
                + " https://lago.example: ConnectException: refused. Lago has not processed it");
        assertThat(errors.noAnswer(POST, SERVER, cause, true)).hasMessageEndingWith(
                "refused. Lago may have processed it: look before you send it again");
        assertThat(errors.noAnswer(GET, SERVER, cause, false)).hasMessageEndingWith("ConnectException: refused.");
        assertThat(errors.noAnswer(POST, SERVER, cause, true).mayHaveBeenProcessed()).isTrue();
    }

    @Test
    void callsThatAreNotSent() {
        InterruptedException interrupt = new InterruptedException();
        IllegalStateException vault = new IllegalStateException("the vault has secret-key-no");

        assertThat(errors.interrupted(POST, interrupt, false)).hasMessage("Interrupted while waiting to send POST invoices")
                .hasCause(interrupt);
        assertThat(errors.interrupted(POST, interrupt, true))
                .hasMessage("Interrupted while waiting to send POST invoices. " + MAYBE);
        assertThat(errors.stopped(POST, false)).hasMessage("The endpoint is stopped, POST invoices is not sent");
        assertThat(errors.stopped(POST, true)).hasMessage("The endpoint is stopped, POST invoices is not sent again. " + MAYBE);
        assertThat(errors.noKey(POST, vault, false))
                .hasMessageStartingWith("No API key for POST invoices: IllegalStateException")
                .hasCauseInstanceOf(Exception.class);
        assertThat(errors.noKey(POST, vault, false).mayHaveBeenProcessed()).isFalse();
        assertThat(errors.noKey(POST, vault, true)).hasMessageEndingWith(EARLIER);
    }

    @Test
    void filesThatCannotBeRead() {
        String url = "https://user:pass@files.example/x?token=1";

        LagoException none = errors.noFile(POST, url, new FileTransport.NoFileException(404, "its server answered 404"));
        LagoException lost = errors.noFile(POST, url, new IOException("reset"));

        assertThat(none).isExactlyInstanceOf(LagoException.class)
                .hasMessage(
                        "The file that POST invoices gives cannot be read from https://files.example: its server answered 404");
        assertThat(none.getStatusCode()).isEqualTo(404);
        assertThat(lost).isInstanceOf(LagoTransportException.class)
                .hasMessageEndingWith("https://files.example: IOException: reset");
        assertThat(errors.noFile(POST, "rubbish", new IOException("reset")))
                .hasMessageContaining("cannot be read from its URL: ");
    }

    private static LagoResponse refusal(String details) {
        return answer(422, "{\"status\":422,\"error\":\"E\",\"code\":\"v\",\"error_details\":" + details + "}");
    }

    private static LagoResponse answer(int status, String body) {
        return new LagoResponse(status, "application/json", body.getBytes(StandardCharsets.UTF_8),
                new RateLimit(null, 0, null), -1, "https://other.example", null, Duration.ZERO);
    }
}
