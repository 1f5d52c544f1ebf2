package io.github.camellago.client;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.World;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies and responses of Lago that are not one object behind one root key. */
class UnusualAnswersTest extends RouteTestSupport {

    @ParameterizedTest
    @CsvSource({"payments/p1,payment", "payment_requests/p1,payment_request", "wallet_transactions/p1,wallet_transaction",
            "billing_entities/p1,billing_entity"})
    void acceptsObjectsWithAndWithoutTheirRootKey(String path, String root) throws Exception {
        for (String answer : List.of("{\"lago_id\":\"p1\",\"code\":\"p1\"}",
                "{\"" + root + "\":{\"lago_id\":\"p1\",\"code\":\"p1\"}}")) {
            sandbox.faults().on("GET", "/" + path).times(1).body(answer);

            Exchange exchange = sent("lago:" + path + "?operation=get", null);

            assertThat(exchange.getMessage().getBody(Map.class)).isEqualTo(Map.of("lago_id", "p1", "code", "p1"));
            assertThat(exchange.getMessage().getHeader("CamelLagoId")).isEqualTo("p1");
        }
    }

    @Test
    void walletTransactionsAreCreatedAsOneAndAnsweredAsMany() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        Map<?, ?> wallet = sent("lago:wallets", Map.of("external_customer_id", "acme", "rate_amount", "1", "currency", "EUR"))
                .getMessage().getBody(Map.class);

        Exchange exchange = sent("lago:wallet_transactions",
                Map.of("wallet_id", wallet.get("lago_id"), "paid_credits", "10", "granted_credits", "5"));

        assertThat(World.parse(last().body()).has("wallet_transaction")).isTrue();
        assertThat(exchange.getMessage().getBody(List.class)).extracting("transaction_type").containsExactly("inbound",
                "inbound");
    }

    @Test
    void aBillingEntityIsWrappedBothWays() throws Exception {
        Exchange created = sent("lago:billing_entities", Map.of("code", "fr", "name", "France"));
        Exchange updated = sent("lago:billing_entities?operation=update&id=fr", Map.of("name", "Francia"));

        assertThat(created.getMessage().getBody(Map.class)).containsEntry("code", "fr");
        assertThat(updated.getMessage().getBody(Map.class)).containsEntry("name", "Francia");
        assertThat(sandbox.requests()).allSatisfy(r -> assertThat(World.parse(r.body()).has("billing_entity")).isTrue());
    }

    @Test
    void alertsAreCreatedOneByOneOrAsAList() throws Exception {
        sandbox.add("subscriptions", Map.of("external_id", "sub"));
        String uri = "lago:subscriptions/sub/alerts";

        Exchange one = sent(uri, alert("a"));
        assertThat(World.parse(last().body()).path("alert").path("code").asText()).isEqualTo("a");
        assertThat(one.getMessage().getBody(Map.class)).containsEntry("code", "a");
        assertThat(one.getMessage().getHeader("CamelLagoId")).isEqualTo("a");

        Exchange list = sent(uri, List.of(alert("b"), alert("c")));
        assertThat(World.parse(last().body()).path("alerts")).hasSize(2);
        assertThat(list.getMessage().getBody(List.class)).extracting("code").containsExactly("b", "c");

        Exchange wrapped = sent(uri,
                "{\"alerts\":[{\"code\":\"d\",\"alert_type\":\"current_usage_amount\",\"thresholds\":[{\"value\":1}]}]}");
        assertThat(wrapped.getMessage().getBody(List.class)).extracting("code").containsExactly("d");
    }

    /** An alert for a metric of its own: a subscription can have one of each type and metric. */
    private Map<String, Object> alert(String code) {
        sandbox.add("billable_metrics", Map.of("code", code));
        return Map.of("code", code, "alert_type", "billable_metric_current_usage_amount", "billable_metric_code", code,
                "thresholds", List.of(Map.of("value", "1")));
    }

    @Test
    void severalTopLevelKeysAreSentAsTheyStand() throws Exception {
        Map<String, Object> body = Map.of("expression", "event.properties.a", "event",
                Map.of("code", "x", "properties", Map.of("a", 3)));
        Exchange exchange = sent("lago:billable_metrics/evaluate_expression", body);

        assertThat(World.parse(last().body())).isEqualTo(World.JSON.valueToTree(body));
        assertThat(exchange.getMessage().getBody(Map.class)).containsOnlyKeys("value");

        sandbox.add("plans", Map.of("code", "p", "interval", "monthly", "amount_currency", "EUR"));
        Map<String, Object> preview = Map.of("customer", Map.of("name", "New"), "plan_code", "p");
        Exchange invoice = sent("lago:invoices?operation=preview", preview);
        assertThat(World.parse(last().body())).isEqualTo(World.JSON.valueToTree(preview));
        assertThat(invoice.getMessage().getBody(Map.class)).containsKey("total_amount_cents");
    }

    @Test
    void anEmptyAnswerIsNoBody() throws Exception {
        String invoice = invoice();

        Exchange retried = sent("lago:invoices?operation=retry_payment&id=" + invoice, null);
        assertThat(retried.getMessage().getBody()).isNull();
        assertThat(retried.getMessage().getHeader("CamelLagoId")).isEqualTo(invoice);

        sandbox.faults().on("POST", "/invoices/*/download").times(1).body("", "text/plain");
        assertThat(sent("lago:invoices?operation=download&id=" + invoice, null).getMessage().getBody()).isNull();

        sandbox.add("subscriptions", Map.of("external_id", "sub"));
        sent("lago:subscriptions/sub/alerts", alert("a"));
        assertThat(sent("lago:subscriptions/sub/alerts?operation=delete_all", null).getMessage().getBody()).isNull();
        assertThat(sandbox.records("alerts")).isEmpty();
    }

    private String invoice() {
        sandbox.add("customers", Map.of("external_id", "acme"));
        return sandbox.add("invoices", Map.of("external_customer_id", "acme", "total_amount_cents", 100)).get("lago_id")
                .toString();
    }

    @Test
    void theOrganizationCanBeRead() throws Exception {
        Exchange exchange = sent("lago:organizations?operation=get", null);

        assertThat(exchange.getMessage().getBody(Map.class)).containsKey("lago_id").doesNotContainKey("organization");
    }

    @Test
    void theOnlyPublishedCallOfAPathIsItsDefault() throws Exception {
        sent("lago:organizations", Map.of("name", "Acme Inc."));

        assertThat(sandbox.requests()).singleElement().satisfies(r -> {
            assertThat(r.method()).isEqualTo("PUT");
            assertThat(r.path()).isEqualTo("/api/v1/organizations");
        });
    }

    @Test
    void bodiesOfListsAreClassesToo() throws Exception {
        Exchange exchange = send("lago:subscriptions/sub/alerts?outputClass=" + JsonNode.class.getName(), null);
        assertThat(exchange.getException()).hasMessageContaining("needs a body");

        sandbox.add("subscriptions", Map.of("external_id", "sub"));
        Exchange list = sent("lago:subscriptions/sub/alerts?outputClass=" + Alert.class.getName().replace("$", "%24"),
                List.of(alert("b"), alert("c")));
        assertThat(list.getMessage().getBody(List.class)).containsExactly(new Alert("b"), new Alert("c"));
    }

    /** As much of an alert as is wanted. */
    public record Alert(String code) {}

    @Test
    void aResponseThatIsNotJsonIsReportedWithItsFirstCharacters() {
        sandbox.faults().on("GET", "/invoices").body("<html><h1>Bad proxy</h1></html>", "text/html");

        assertThat(send("lago:invoices?operation=list", null).getException()).hasMessageContaining("GET invoices")
                .hasMessageContaining("<h1>Bad proxy</h1>").hasMessageContaining("text/html");
    }

    private io.github.camellago.test.SandboxRequest last() {
        return sandbox.requests().get(sandbox.requests().size() - 1);
    }
}
