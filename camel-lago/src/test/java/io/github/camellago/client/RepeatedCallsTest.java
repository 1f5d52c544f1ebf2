package io.github.camellago.client;

import java.util.Map;

import io.github.camellago.LogCapture;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoRateLimitException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.LagoValidationException;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Calls whose first response was lost, and calls that Lago asks to repeat much later. */
class RepeatedCallsTest extends RouteTestSupport {

    private static final Map<String, Object> PLAN = Map.of("code", "pro", "name", "Pro", "interval", "monthly",
            "amount_cents", 100, "amount_currency", "EUR", "pay_in_advance", false);

    @Test
    void aRepeatedDeleteThatFindsNothingSucceeds() throws Exception {
        sent("lago:plans", PLAN);
        sandbox.faults().on("DELETE", "/plans/pro").nth(1).dropAfter();

        Exchange exchange = sent("lago:plans?operation=delete&id=pro", null);

        assertThat(sandbox.records("plans")).isEmpty();
        assertThat(sandbox.statusCount(404)).isEqualTo(1);
        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(204);
        assertThat(exchange.getMessage().getBody()).isNull();
    }

    @Test
    void aRepeatedCreateThatFindsItsObjectSucceeds() throws Exception {
        sandbox.faults().on("POST", "/plans").nth(1).dropAfter();

        Exchange exchange = sent("lago:plans", PLAN);

        assertThat(sandbox.statusCount(422)).isEqualTo(1);
        assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("code", "pro").containsKey("lago_id");
        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(200);
    }

    @Test
    void aRepeatedCreateThatFindsAnotherObjectFails() throws Exception {
        sent("lago:plans", PLAN);
        sandbox.faults().on("POST", "/plans").nth(1).dropBefore();
        Map<String, Object> other = new java.util.HashMap<>(PLAN);
        other.put("amount_cents", 999);

        assertThat(send("lago:plans", other).getException()).isInstanceOfSatisfying(LagoValidationException.class,
                e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404, 405, 409, 422, 429, 500, 503})
    void reportsThatAnEarlierAttemptMayHaveBeenProcessed(int status) {
        sandbox.faults().on("POST", "/customers").nth(1).dropAfter();
        sandbox.faults().on("POST", "/customers").nth(2).times(9).status(status);

        assertThat(send("lago:customers?maxRetries=1", Map.of("external_id", "acme")).getException())
                .isInstanceOfSatisfying(LagoException.class, e -> {
                    assertThat(e.getStatusCode()).isEqualTo(status);
                    assertThat(e.mayHaveBeenProcessed()).isTrue();
                    assertThat(e).hasMessageContaining("may have been processed");
                });
    }

    @Test
    void anHtmlPageIsAFailureOfOperationsWithoutAResponseBody() {
        sandbox.faults().on("POST", "/invoices/*/retry_payment").html(200);

        assertThat(send("lago:invoices?operation=retry_payment&id=1", null).getException())
                .isInstanceOfSatisfying(LagoTransportException.class, e -> assertThat(e.mayHaveBeenProcessed()).isTrue())
                .hasMessageContaining("a body that is not the expected JSON (text/html; charset=utf-8)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3600", "epoch", "epoch millis"})
    void failsAtOnceIfTheRateLimitLastsTooLong(String form) {
        long end = System.currentTimeMillis() + 3_600_000;
        String reset = form.equals("3600") ? form : String.valueOf(form.equals("epoch") ? end / 1000 : end);
        sandbox.faults().on("GET", "/plans").times(1).status(429).header("X-RateLimit-Limit", "50")
                .header("X-RateLimit-Remaining", "0").header("X-RateLimit-Reset", reset);

        try (LogCapture log = LogCapture.from(Level.WARN)) {
            assertThat(send("lago:plans?operation=list", null).getException()).isInstanceOf(LagoRateLimitException.class)
                    .hasMessageMatching("Lago answered 429 to GET plans: try again in (3600|359\\d) s, at \\S+Z, as it asks;"
                            + " longer than 120 s are not waited for");
            assertThat(send("lago:customers?operation=list", null).getException()).isInstanceOf(LagoRateLimitException.class)
                    .hasMessageContaining("GET customers is not sent, the rate limit of " + sandbox.baseUrl() + " is used up");
            assertThat(log.lines()).filteredOn(line -> line.contains("rate limit")).singleElement().asString()
                    .matches("WARN \\S+ Lago's rate limit for calls other than events and current usage at " + sandbox.baseUrl()
                            + " is exhausted. No calls are sent for (3600|359\\d) s");
        }
        assertThat(sandbox.requestCount()).isEqualTo(1);
    }

    @Test
    void failsAtOnceIfRetryAfterExceedsTwoMinutes() {
        sandbox.faults().on("GET", "/plans").status(503).header("Retry-After", "300");

        assertThat(send("lago:plans?operation=list", null).getException()).isInstanceOf(LagoServerException.class)
                .hasMessageContaining("Lago answered 503 to GET plans: try again in 300 s");
        assertThat(sandbox.requestCount()).isEqualTo(1);
    }
}
