package io.github.camellago.client;

import java.util.List;
import java.util.Map;

import io.github.camellago.LagoConstants;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotAllowedException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoRateLimitException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.LagoValidationException;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Each kind of failure, and its words. */
class ErrorsTest extends RouteTestSupport {

    private static final Map<String, Object> ACME = Map.of("external_id", "acme");

    @Test
    void aWrongKeyIsAnAuthenticationException() {
        LagoException e = failure("lago:customers?apiKey=wrong", ACME);

        assertThat(e).isInstanceOf(LagoAuthenticationException.class).hasMessage("Lago at " + sandbox.baseUrl()
                + " does not accept the API key: 401 (Unauthorized) to POST customers. It is wrong, expired, rotated, or of another"
                + " region or server. Check apiKey (or credentials), region and baseUrl.");
        assertThat(e.getStatusCode()).isEqualTo(401);
        assertThat(e.getMethod()).isEqualTo("POST");
        assertThat(e.getPath()).isEqualTo("customers");
        assertThat(e.mayHaveBeenProcessed()).isFalse();
    }

    @Test
    void aMissingPermissionIsNamed() {
        LagoException e = failure("lago:invoices?apiKey=" + sandbox.createKey("invoice:read"), Map.of("currency", "EUR"));

        assertThat(e).isInstanceOf(LagoPermissionException.class).hasMessage(
                "Lago answered 403 (write_action_not_allowed_for_invoice) to POST invoices: the API key lacks the permission write on"
                        + " invoice. Grant it in Lago under Developers > API keys");
        assertThat(e.getCode()).isEqualTo("write_action_not_allowed_for_invoice");
    }

    @Test
    void aMissingFeatureIsAPermissionException() {
        answer("GET", "/customers/*", 403, "{\"status\":403,\"error\":\"Forbidden\",\"code\":\"feature_unavailable\"}");

        assertThat(failure("lago:customers?operation=get&id=acme", null)).isInstanceOf(LagoPermissionException.class)
                .hasMessageEndingWith(": this Lago does not have the feature, its plan does not include it, or the invoice"
                        + " is of a type or in a state that does not allow it. No permission of the API key changes that");
    }

    @Test
    void aMissingObjectIsANotFoundException() {
        LagoException e = failure("lago:customers?operation=get&id=nobody", null);

        assertThat(e).isInstanceOf(LagoNotFoundException.class)
                .hasMessage("Lago answered 404 (customer_not_found) to GET customers/nobody");
        assertThat(e.getStatusCode()).isEqualTo(404);
        assertThat(e.getCode()).isEqualTo("customer_not_found");
    }

    @Test
    void reportsTheUsageOfAnUnknownCustomer() {
        answer("GET", "/customers/*/current_usage", 404,
                "{\"status\":404,\"error\":\"Not Found\",\"code\":\"resource_not_found\"}");

        assertThat(failure("lago:customers/nobody/current_usage?filter.external_subscription_id=s", null))
                .isInstanceOf(LagoNotFoundException.class)
                .hasMessageContaining(": Lago knows no such customer, or no such path. Check the resource and its ids");
    }

    @Test
    void readsErrorDetailsThatAreAList() {
        answer("POST", "/customers", 422, "{\"status\":422,\"error\":\"Unprocessable Entity\",\"code\":\"validation_errors\","
                + "\"error_details\":[\"one\",\"two\"]}");

        LagoException e = failure("lago:customers", ACME);

        assertThat(e).hasMessage("Lago answered 422 (validation_errors) to POST customers: one, two");
        assertThat(e.getErrorDetails()).isEqualTo(Map.of("base", List.of("one", "two")));
    }

    @Test
    void namesAServerThatIsNotLago() {
        sandbox.faults().onAny().html(404);

        assertThat(failure("lago:customers?operation=get&id=acme", null)).isInstanceOf(LagoTransportException.class)
                .hasMessageContaining("which is not an answer of Lago's, beginning: <")
                .hasMessageEndingWith("Is baseUrl a Lago server's?");
    }

    @Test
    void aForbiddenStateIsANotAllowedException() {
        Map<String, Object> invoice = sandbox.add("invoices", Map.of("status", "draft"));

        LagoException e = failure("lago:invoices?operation=void&id=" + invoice.get("lago_id"), null);

        assertThat(e).isInstanceOf(LagoNotAllowedException.class)
                .hasMessage("Lago answered 405 (not_voidable) to POST invoices/"
                        + invoice.get("lago_id") + "/void: the object's state does not allow it");
        assertThat(e.getCode()).isEqualTo("not_voidable");
    }

    @Test
    void namesInvalidFieldsWithTheirReasons() {
        LagoException e = failure("lago:customers", Map.of("name", "Acme"));

        assertThat(e).isInstanceOf(LagoValidationException.class).hasMessage(
                "Lago answered 422 (validation_errors) to POST customers: external_id: value_is_mandatory");
        assertThat(e.getErrorDetails()).isEqualTo(Map.of("external_id", List.of("value_is_mandatory")));
        assertThat(e.mayHaveBeenProcessed()).isFalse();
    }

    @Test
    void namesSeveralFieldsAndNestedReasons() {
        answer("POST", "/plans", 422, "{\"status\":422,\"error\":\"Unprocessable Entity\",\"code\":\"validation_errors\","
                + "\"error_details\":{\"interval\":[\"value_is_invalid\",\"too_odd\"],\"charges\":{\"0\":{\"properties\":[\"bad\"]}}}}");

        assertThat(failure("lago:plans", Map.of("code", "x"))).isInstanceOf(LagoValidationException.class)
                .hasMessageContaining("interval: value_is_invalid, too_odd").hasMessageContaining("charges: 0 properties bad");
    }

    @Test
    void namesAMissingRootKey() {
        answer("POST", "/customers", 400,
                "{\"status\":400,\"error\":\"BadRequest: param is missing or the value is empty: customer\"}");

        assertThat(failure("lago:customers", ACME)).isInstanceOf(LagoValidationException.class).hasMessage(
                "Lago answered 400 (BadRequest: param is missing or the value is empty: customer) to POST customers: the body's root"
                        + " key is missing, or not what Lago expects");
    }

    @Test
    void failsIfTheRateLimitDoesNotEnd() {
        sandbox.faults().onAny().tooManyRequests();

        LagoException e = failure("lago:customers?maxRetries=1", ACME);

        assertThat(e).isInstanceOf(LagoRateLimitException.class)
                .hasMessage("Lago answered 429 (Injected fault) to POST customers: the rate limit is used up");
        assertThat(sandbox.statusCount(429)).isEqualTo(2);
    }

    @Test
    void reportsAServerError() {
        sandbox.faults().on("POST", "/customers").html(502);

        LagoException e = failure("lago:customers?maxRetries=1", ACME);

        assertThat(e).isInstanceOf(LagoServerException.class)
                .hasMessageStartingWith("Lago answered 502 to POST customers, beginning: <")
                .hasMessageEndingWith(". It may have been processed: look before you send it again");
        assertThat(e.mayHaveBeenProcessed()).isTrue();
        assertThat(sandbox.requestCount()).isEqualTo(2);
    }

    @Test
    void reportsAServerErrorWithoutABody() {
        answer("GET", "/customers/*", 500, "");

        LagoException e = failure("lago:customers?operation=get&id=acme", null);

        assertThat(e).isInstanceOf(LagoServerException.class)
                .hasMessage("Lago answered 500 to GET customers/acme, with an empty body");
        assertThat(e.mayHaveBeenProcessed()).isFalse();
    }

    @Test
    void anHtmlPageInPlaceOfJsonIsAFailure() {
        sandbox.faults().on("GET", "/customers/*").html(200);

        LagoException e = failure("lago:customers?operation=get&id=acme", null);

        assertThat(e).isInstanceOf(LagoTransportException.class)
                .hasMessageStartingWith(
                        sandbox.baseUrl() + " answered 200 to GET customers/acme with a body that is not the expected JSON"
                                + " (text/html; charset=utf-8), beginning: <")
                .hasMessageEndingWith(". Is baseUrl a Lago server's?");
        assertThat(e.getStatusCode()).isEqualTo(200);
    }

    @Test
    void anHtmlPageIsAFailureOfListsAndWrites() {
        sandbox.faults().onAny().html(200);

        assertThat(failure("lago:customers?operation=list", null)).hasMessageContaining("is not the expected JSON");
        LagoException write = failure("lago:invoices", Map.of("currency", "EUR"));
        assertThat(write)
                .hasMessageEndingWith("Is baseUrl a Lago server's? It may have been processed: look before you send it again");
        assertThat(write.mayHaveBeenProcessed()).isTrue();
    }

    @Test
    void anEmptyResponseInPlaceOfARecordIsAFailure() {
        answer("GET", "/customers/*", 200, "");

        assertThat(failure("lago:customers?operation=get&id=acme", null)).hasMessageContaining("with an empty body");
        answer("GET", "/customers", 200, "");
        assertThat(failure("lago:customers?operation=list", null)).hasMessageContaining("with an empty body");
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (LagoSandbox other = LagoSandbox.start()) {
            sandbox.faults().onAny().status(302).header("Location", other.baseUrl() + "/api/v1/customers?token=abc");

            LagoException e = failure("lago:customers?operation=get&id=acme", null);

            assertThat(e).hasMessage(sandbox.baseUrl() + " answered 302 to GET customers/acme: it redirects to "
                    + other.baseUrl()
                    + "/api/v1/customers. Redirects are not followed, so that the API key goes nowhere else; set baseUrl to where"
                    + " Lago is");
            assertThat(other.requestCount()).isZero();
        }
    }

    @Test
    void reportsAnUnreachableHost() {
        LagoException e = failure("lago:invoices?maxRetries=1&baseUrl=http://localhost:1", Map.of("currency", "EUR"));

        assertThat(e).isInstanceOf(LagoTransportException.class)
                .hasMessageStartingWith("No answer to POST invoices from http://localhost:1: HttpHostConnectException: ")
                .hasMessageEndingWith(" Lago has not processed it");
        assertThat(e.getStatusCode()).isZero();
        assertThat(e.mayHaveBeenProcessed()).isFalse();
    }

    @Test
    void reportsAnUnknownHost() {
        assertThat(failure("lago:customers?maxRetries=0&baseUrl=https://lago.invalid", ACME))
                .isInstanceOf(LagoTransportException.class)
                .hasMessageStartingWith(
                        "No answer to POST customers from https://lago.invalid: UnknownHostException: lago.invalid");
    }

    @Test
    void aLostResponseToANonIdempotentCallIsNotRetried() {
        sandbox.faults().on("POST", "/invoices").dropAfter();

        LagoException e = failure("lago:invoices", Map.of("currency", "EUR"));

        assertThat(e).isInstanceOf(LagoTransportException.class)
                .hasMessageStartingWith("No answer to POST invoices from " + sandbox.baseUrl() + ": ")
                .hasMessageEndingWith(" Lago may have processed it: look before you send it again");
        assertThat(e.mayHaveBeenProcessed()).isTrue();
        assertThat(sandbox.requestCount()).isEqualTo(1);
    }

    @Test
    void routesCanDistinguishTheKindsOfExceptions() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .onException(LagoNotFoundException.class).handled(true).setBody(constant("none")).end()
                        .to("lago:customers?operation=get");
            }
        });

        assertThat(template.requestBodyAndHeader("direct:in", null, LagoConstants.ID, "nobody")).isEqualTo("none");
    }

    private void answer(String method, String path, int status, String body) {
        sandbox.faults().on(method, path).status(status).body(body);
    }

    private LagoException failure(String uri, Object body) {
        return (LagoException) send(uri, body).getException();
    }
}
