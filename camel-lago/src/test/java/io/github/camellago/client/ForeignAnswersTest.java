package io.github.camellago.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import io.github.camellago.LogCapture;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.LagoValidationException;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Only an answer in Lago's own form is Lago's word: what proxies, gateways and other servers answer is not. */
class ForeignAnswersTest extends RouteTestSupport {

    private static final Map<String, Object> ACME = Map.of("external_id", "acme");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"400|<html>oops</html>", "400|{\"message\":\"Bad gateway config\"}", "401|",
            "403|<html/>",
            "404|default backend - 404", "404|{\"status\":404,\"error\":\"Not Found\",\"path\":\"/api\",\"timestamp\":1}",
            "405|",
            "407|<html>Proxy</html>", "407|{\"status\":407,\"error\":\"Proxy Authentication Required\"}", "408|", "409|{}",
            "422|[]", "422|{\"status\":400,\"error\":\"x\"}",
            "422|{\"status\":422,\"error\":\"Unprocess", "425|", "429|slow down", "451|{\"error\":\"x\"}"})
    void aRefusalThatIsNotLagosIsAFailedDeliveryAndRetried(int status, String body) throws Exception {
        sandbox.faults().on("POST", "/customers").times(2).status(status).body(body == null ? "" : body, "application/json");

        assertThat(send("lago:customers?maxRetries=1", ACME).getException())
                .isInstanceOfSatisfying(LagoTransportException.class, e -> {
                    assertThat(e.getStatusCode()).isEqualTo(status);
                    assertThat(e.mayHaveBeenProcessed()).isTrue();
                }).hasMessageNotContaining("Lago answered");
        assertThat(sandbox.requestCount()).isEqualTo(2);
        sent("lago:customers", ACME);
    }

    @Test
    void aProxyThatRequiresCredentialsIsNamed() {
        sandbox.faults().onAny().html(407);

        assertThat(send("lago:customers?operation=list&maxRetries=0", null).getException())
                .isInstanceOf(LagoTransportException.class)
                .hasMessageStartingWith("The HTTP proxy answered 407 to GET customers")
                .hasMessageContaining("set proxyAuthUsername and proxyAuthPassword on the HTTP component");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 502, 503, 504, 507, 520, 524})
    void retriesAnIdempotentCallAfterAnErrorOfAProxy(int status) throws Exception {
        sandbox.faults().on("POST", "/customers").times(2).html(status);

        sent("lago:customers", ACME);

        assertThat(sandbox.requestCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"status\":500,\"error\":\"x\"}", "{}", "[]", "", "\"ok\"", "null", "{\"ok\":true}"})
    void aSuccessWithoutTheObjectIsAFailure(String body) {
        sandbox.faults().onAny().body(body, "application/json");

        for (String uri : List.of("lago:customers", "lago:wallet_transactions", "lago:customers?operation=get&id=acme",
                "lago:customers?operation=delete&id=acme", "lago:customers?operation=list")) {
            assertThat(send(uri, uri.contains("operation") ? null : ACME).getException()).as(uri)
                    .isInstanceOfSatisfying(LagoTransportException.class, e -> assertThat(e.mayHaveBeenProcessed())
                            .isEqualTo(!uri.contains("get") && !uri.contains("list")));
        }
        assertThat(sandbox.requests()).filteredOn(r -> r.path().endsWith("wallet_transactions")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 422})
    void aNumberThatFitsNoDecimalIsAFailureOfThisFamily(int status) {
        sandbox.faults().onAny().status(status).body("{\"wallet_transactions\":[{\"lago_id\":\"1\",\"amount\":1e99999999999}]}",
                "application/json");

        assertThat(send("lago:wallet_transactions", Map.of("wallet_id", "x")).getException())
                .isInstanceOfSatisfying(LagoTransportException.class, e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
        assertThat(sandbox.requestCount()).isEqualTo(1);
    }

    @Test
    void aPaymentIsNotRepeatedAfterAnAnswerThatBreaksOff() {
        for (String body : List.of("{\"wallet_transactions\":[{\"lago_id\":", "", "<html>")) {
            sandbox.reset();
            sandbox.faults().on("POST", "/wallet_transactions").body(body, "application/json");

            assertThat(send("lago:wallet_transactions", Map.of("wallet_id", "x")).getException())
                    .isInstanceOfSatisfying(LagoException.class, e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
            assertThat(sandbox.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void aPaymentIsRepeatedAfterA503OnlyWithRetryAfter() {
        sandbox.faults().on("POST", "/wallet_transactions").times(1).status(503);
        assertThat(send("lago:wallet_transactions", Map.of("wallet_id", "x")).getException())
                .isInstanceOfSatisfying(LagoServerException.class, e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
        assertThat(sandbox.requestCount()).isEqualTo(1);

        sandbox.faults().on("POST", "/wallet_transactions").times(4).status(503).header("Retry-After", "0");
        assertThat(send("lago:wallet_transactions", Map.of("wallet_id", "x")).getException())
                .isInstanceOfSatisfying(LagoServerException.class, e -> assertThat(e.mayHaveBeenProcessed()).isFalse());
        assertThat(sandbox.requestCount()).isEqualTo(5);
    }

    @Test
    void aDeleteThatFindsNothingAtTheFirstTryIsNotFound() {
        assertThat(send("lago:customers?operation=delete&id=acme", null).getException())
                .isInstanceOfSatisfying(LagoNotFoundException.class, e -> assertThat(e.mayHaveBeenProcessed()).isFalse());
    }

    @Test
    void asksForCredentialsSixTimesAtMost() {
        int[] asked = {0};
        context.getRegistry().bind("keys", (Supplier<String>) () -> "wrong-key-" + asked[0]++);

        assertThat(send("lago:plans?operation=list&credentials=#keys", null).getException())
                .isInstanceOf(LagoAuthenticationException.class);
        assertThat(sandbox.requestCount()).isEqualTo(6);
    }

    @Test
    void exceptionsHaveTheTextOfLagosResponse() {
        answer(422, "{\"status\":422,\"error\":\"Unprocessable Entity\",\"code\":\"validation_errors\","
                + "\"error_details\":\"expression_evaluation_failed: no a\"}");
        assertThat(send("lago:customers", ACME).getException()).isInstanceOfSatisfying(LagoValidationException.class,
                e -> assertThat(e.getErrorDetails()).isEqualTo(Map.of("base", List.of("expression_evaluation_failed: no a"))))
                .hasMessageContaining("expression_evaluation_failed: no a");

        answer(403, "{\"status\":403,\"error\":\"Forbidden\",\"code\":\"feature_not_available\",\"message\":\"Beta only\"}");
        assertThat(send("lago:customers", ACME).getException()).isInstanceOf(LagoPermissionException.class)
                .hasMessageContaining("No permission of the API key changes that").hasMessageContaining("Beta only")
                .hasMessageNotContaining("lacks");

        answer(404, "{\"status\":404,\"error\":\"Not Found\",\"code\":\"resource_not_found\"}");
        assertThat(send("lago:customers", ACME).getException()).isInstanceOf(LagoNotFoundException.class)
                .hasMessageContaining("Lago knows no such path");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 400, 422, 500, 503})
    void anEchoOfTheKeyIsMasked(int status) {
        String key = sandbox.apiKey();
        String echo = "{\"status\":" + status + ",\"error\":\"Authorization: Bearer " + key + "\\u0007\\u001b[31m\",\"code\":\""
                + key
                + "\",\"error_details\":{\"" + key + "\":[\"" + key + "\"]}}";
        sandbox.faults().onAny().status(status).body(echo, "application/json").header("Location",
                "http://user:" + key + "@evil.example/?k=" + key);

        try (LogCapture log = LogCapture.from(Level.TRACE)) {
            Throwable failure = send("lago:customers?maxRetries=1", ACME).getException();
            for (Throwable e = failure; e != null; e = e.getCause()) {
                assertThat(String.valueOf(e.getMessage())).doesNotContain(key).doesNotContain("\u0007")
                        .doesNotContain("\u001b");
            }
            assertThat(failure).isInstanceOfSatisfying(LagoException.class,
                    e -> assertThat(e.getErrorDetails() + e.getCode()).doesNotContain(key));
            assertThat(log.lines()).noneMatch(line -> line.contains(key));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"URL", "URL twice", "HTML", "JSON", "base64", "base64 of the header", "base64 of a dump",
            "base64 for URLs", "Basic", "hex", "upper case"})
    void anEncodedEchoOfTheKeyIsMasked(String form) {
        String key = "k+/e=y\"<&>'\\%41~0d1f2a3b";
        String echo = encoded(form, key);
        for (String body : List.of("<html>" + echo + "</html>",
                "{\"status\":422,\"error\":\"Unprocessable Entity\",\"code\":\"x\","
                        + "\"error_details\":{\"name\":[\"for " + echo.replaceAll("[\"\\\\]", "\\\\$0") + "\"]}}")) {
            sandbox.faults().clear();
            answer(422, body);
            Exception failure = send("lago:customers?maxRetries=0&apiKey=RAW(" + key + ")", ACME).getException();
            assertThat(failure).isInstanceOf(LagoException.class).hasMessageContaining("xxxxxx");
            assertThat(failure.getMessage()).doesNotContain(echo);
        }
    }

    private static String encoded(String form, String key) {
        byte[] header = ("Authorization: Bearer " + key).getBytes(StandardCharsets.UTF_8);
        String url = URLEncoder.encode(key, StandardCharsets.UTF_8);
        return switch (form) {
            case "URL" -> url.toLowerCase(Locale.ROOT);
            case "URL twice" -> URLEncoder.encode(url, StandardCharsets.UTF_8);
            case "HTML" -> key.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
                    .replace("'", "&#39;");
            case "JSON" -> key.replace("\\", "\\\\").replace("\"", "\\\"");
            case "base64" -> Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
            case "base64 of the header" -> Base64.getEncoder().encodeToString(header);
            case "base64 of a dump" -> Base64.getEncoder().encodeToString(("A" + new String(header, StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8));
            case "base64 for URLs" -> Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
            case "Basic" ->
                Base64.getEncoder().encodeToString(("lago:" + key).getBytes(StandardCharsets.UTF_8));
            case "hex" -> HexFormat.of().formatHex(key.getBytes(StandardCharsets.UTF_8));
            default -> key.toUpperCase(Locale.ROOT);
        };
    }

    @Test
    void halfAKeyAtTheEndOfAnExcerptIsNotShown() {
        String key = sandbox.apiKey();
        answer(500, " ".repeat(16 * 1024 - 12) + key);

        assertThat(send("lago:customers?maxRetries=0", ACME).getException()).isInstanceOf(LagoException.class)
                .extracting(Throwable::getMessage).asString().doesNotContain(key.substring(0, 8));
    }

    @Test
    void anUnreadableEchoOfTheKeyIsMaskedInTheCauseToo() {
        String key = "abcdefabcdef-0d1f2a3b";
        sandbox.faults().onAny().body("{\"customer\": " + key + "}", "application/json");

        Exchange exchange = send("lago:customers?maxRetries=0&apiKey=" + key, ACME);

        for (Throwable e = exchange.getException(); e != null; e = e.getCause()) {
            assertThat(String.valueOf(e.getMessage())).doesNotContain(key.substring(0, 8));
        }
    }

    @Test
    void anExceptionKeepsAllItKnowsWhenItIsSerialized() throws Exception {
        LagoException failure = (LagoException) send("lago:customers", Map.of("name", "x")).getException();

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(failure);
        LagoException copy = (LagoException) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(copy).isInstanceOf(LagoValidationException.class).hasMessage(failure.getMessage());
        assertThat(copy.getStatusCode()).isEqualTo(422);
        assertThat(copy.getCode()).isEqualTo("validation_errors");
        assertThat(copy.getErrorDetails()).isEqualTo(Map.of("external_id", List.of("value_is_mandatory")));
        assertThat(copy.getMethod()).isEqualTo("POST");
        assertThat(copy.getPath()).isEqualTo("customers");
        assertThat(copy.mayHaveBeenProcessed()).isFalse();
    }

    private void answer(int status, String body) {
        sandbox.faults().clear();
        sandbox.faults().onAny().status(status).body(body, "application/json");
    }
}
