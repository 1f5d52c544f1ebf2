package io.github.camellago.operation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoValidationException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Creates whose answer was lost, and whose repeat Lago refuses because the code exists. */
class CreateReconcilerTest extends RouteTestSupport {

    private static final Map<String, Object> PLAN = Map.of("code", "a/pro.1", "name", "Pro", "interval", "monthly",
            "amount_cents", 100, "amount_currency", "EUR", "pay_in_advance", false);
    private static final Map<String, Object> WALLET = Map.of("external_customer_id", "acme/1", "code", "main", "name", "Main",
            "currency", "EUR", "rate_amount", "1.0");

    @Test
    void findsAnObjectWhoseCodeNeedsEncoding() throws Exception {
        sandbox.faults().on("POST", "/plans").times(1).dropAfter();

        Exchange exchange = sent("lago:plans", PLAN);

        assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("code", "a/pro.1").containsKey("lago_id");
        assertThat(sandbox.records("plans")).hasSize(1);
    }

    @Test
    void findsAWalletBelowItsCustomer() throws Exception {
        sent("lago:customers", Map.of("external_id", "acme/1", "currency", "EUR"));
        sandbox.faults().on("POST", "/wallets").times(1).dropAfter();

        Exchange exchange = sent("lago:wallets", WALLET);

        assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("code", "main").containsKey("lago_id");
        assertThat(sandbox.records("wallets")).hasSize(1);
        assertThat(sandbox.statusCount(422)).isEqualTo(1);
    }

    /** Lago looks for one wallet with the code, in no order. */
    @ParameterizedTest
    @ValueSource(strings = {"lago:wallets",
            "lago:customers/{external_customer_id}/wallets?path.external_customer_id=RAW(acme/1)"})
    void findsTheNewWalletAndNotATerminatedOneWithItsCode(String uri) throws Exception {
        sent("lago:customers", Map.of("external_id", "acme/1", "currency", "EUR"));
        Object terminated = sent(uri, WALLET).getMessage().getBody(Map.class).get("lago_id");
        sent("lago:wallets?operation=delete&id=" + terminated, null);
        sandbox.faults().on("POST", uri.equals("lago:wallets") ? "/wallets" : "/customers/*/wallets").times(1).dropAfter();

        Exchange exchange = sent(uri, WALLET);

        assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("status", "active").containsEntry("code", "main")
                .extracting("lago_id").isNotEqualTo(terminated);
        assertThat(sandbox.records("wallets")).hasSize(2);
        assertThat(sandbox.statusCount(422)).isEqualTo(1);
    }

    @Test
    void anActiveWalletThatIsAnotherOneLeavesTheRefusal() throws Exception {
        sent("lago:customers", Map.of("external_id", "acme/1", "currency", "EUR"));
        sent("lago:wallets", WALLET);
        sandbox.faults().on("POST", "/wallets").times(1).dropBefore();
        Map<String, Object> other = new HashMap<>(WALLET);
        other.put("rate_amount", "2.0");

        assertThat(send("lago:wallets", other).getException()).isInstanceOf(LagoValidationException.class);
        assertThat(sandbox.records("wallets")).hasSize(1);
    }

    @Test
    void findsAChargeBelowItsPlan() throws Exception {
        sent("lago:plans", PLAN);
        sent("lago:billable_metrics", Map.of("code", "calls", "name", "Calls", "aggregation_type", "count_agg"));
        Object metric = sandbox.records("billable_metrics").get(0).get("lago_id");
        sandbox.faults().on("POST", "/plans/*/charges").times(1).dropAfter();

        Exchange exchange = sent("lago:plans/{code}/charges?path.code=RAW(a/pro.1)", Map.of("code", "c-1", "billable_metric_id",
                metric, "charge_model", "standard", "properties", Map.of("amount", "1")));

        assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("code", "c-1");
        assertThat(sandbox.statusCount(422)).isEqualTo(1);
    }

    @Test
    void aRefusalOfTheFirstTryIsNotLookedUp() throws Exception {
        sent("lago:plans", PLAN);

        assertThat(send("lago:plans", PLAN).getException()).isInstanceOfSatisfying(LagoValidationException.class,
                e -> assertThat(e.mayHaveBeenProcessed()).isFalse());
        assertThat(reads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"code\":[\"value_is_invalid\"]}", "{\"name\":[\"value_already_exist\"]}",
            "{\"code\":\"value_already_exist\"}"})
    void anotherRefusalIsNotLookedUp(String details) {
        sandbox.faults().on("POST", "/plans").times(1).dropAfter();
        sandbox.faults().on("POST", "/plans").nth(2).status(422).body("{\"status\":422,\"error\":\"Unprocessable Entity\","
                + "\"code\":\"validation_errors\",\"error_details\":" + details + "}", "application/json");

        assertThat(send("lago:plans", PLAN).getException()).isInstanceOf(LagoValidationException.class);
        assertThat(reads()).isZero();
    }

    @Test
    void aLookupThatFailsLeavesTheRefusal() {
        sandbox.faults().on("POST", "/plans").times(1).dropAfter();
        sandbox.faults().on("GET", "/plans/*").status(500);

        assertThat(send("lago:plans?maxRetries=1", PLAN).getException()).isInstanceOfSatisfying(LagoValidationException.class,
                e -> {
                    assertThat(e.mayHaveBeenProcessed()).isTrue();
                    assertThat(e.getSuppressed()).singleElement().isInstanceOf(LagoServerException.class);
                });
    }

    @Test
    void anAnswerThatIsNoJsonLeavesTheRefusal() {
        sandbox.faults().on("POST", "/plans").times(1).dropAfter();
        sandbox.faults().on("GET", "/plans/*").html(200);

        assertThat(send("lago:plans", PLAN).getException()).isInstanceOfSatisfying(LagoValidationException.class,
                e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void aWalletWithoutCodeIsNotCreatedTwice() throws Exception {
        sent("lago:customers", Map.of("external_id", "acme/1", "currency", "EUR"));
        Map<String, Object> wallet = new HashMap<>(WALLET);
        wallet.remove("code");
        sandbox.faults().on("POST", "/wallets").times(1).dropAfter();

        assertThat(send("lago:wallets", wallet).getException()).isNotNull();
        assertThat(sandbox.records("wallets")).hasSize(1);
        assertThat(List.of(reads(), sandbox.statusCount(422))).containsOnly(0L);
    }

    private static long reads() {
        return sandbox.requests().stream().filter(request -> request.method().equals("GET")).count();
    }
}
