package io.github.camellago.operation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.test.RateLimits;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** From option, header and body to the request that Lago sees, and back to headers. */
class RequestsTest extends RouteTestSupport {

    private static final String ODD = "a/b c?d#é%2F+.";
    private static final String ODD_ENCODED = "a%2Fb%20c%3Fd%23%C3%A9%252F%2B%2E";

    @Test
    void createGetUpdateListDelete() throws Exception {
        Exchange created = sent("lago:taxes", Map.of("code", "vat", "name", "VAT", "rate", "20.0"));
        assertThat(created.getMessage().getBody(Map.class)).containsEntry("code", "vat").containsKey("lago_id");
        assertThat(created.getMessage().getHeaders()).containsEntry("CamelLagoResource", "taxes")
                .containsEntry("CamelLagoId", "vat")
                .containsEntry("CamelHttpResponseCode", 200).doesNotContainKey("CamelLagoOperation");

        assertThat(sent("lago:taxes?operation=get&id=vat", null).getMessage().getBody(Map.class)).containsEntry("name", "VAT");
        assertThat(sent("lago:taxes?operation=update&id=vat", Map.of("name", "TVA")).getMessage().getBody(Map.class))
                .containsEntry("name", "TVA");
        assertThat(sent("lago:taxes?operation=list", null).getMessage().getBody(List.class)).hasSize(1);
        assertThat(sent("lago:taxes?operation=delete&id=vat", null).getMessage().getBody(Map.class)).containsEntry("code",
                "vat");
        assertThat(sent("lago:taxes?operation=list", null).getMessage().getBody(List.class)).isEmpty();

        assertThat(sandbox.requests()).extracting(r -> r.method() + " " + r.path()).containsExactly("POST /api/v1/taxes",
                "GET /api/v1/taxes/vat", "PUT /api/v1/taxes/vat", "GET /api/v1/taxes", "DELETE /api/v1/taxes/vat",
                "GET /api/v1/taxes");
    }

    @Test
    void theHeaderNamesTheOperationIfTheEndpointDoesNot() throws Exception {
        sandbox.add("taxes", Map.of("code", "vat"));

        Exchange exchange = send("lago:taxes", null,
                Map.of("CamelLagoOperation", "get", "CamelLagoId", "vat"));

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("code", "vat");
    }

    @Test
    void acceptsOperationsInEachSpelling() throws Exception {
        Map<String, Object> invoice = sandbox.add("invoices", Map.of("status", "finalized", "payment_status", "failed"));

        for (String spelling : List.of("retry_payment", "retryPayment", "retry-payment")) {
            sent("lago:invoices?operation=" + spelling + "&id=" + invoice.get("lago_id"), null);
        }

        assertThat(sandbox.requests()).hasSize(3)
                .allSatisfy(r -> assertThat(r.path()).endsWith("/invoices/" + invoice.get("lago_id") + "/retry_payment"));
    }

    @Test
    void aPlaceholderIsFilledFromItsHeaderIfTheEndpointHasNoOptionForIt() throws Exception {
        for (String code : List.of("a", "b", "c")) {
            sandbox.add("taxes", Map.of("code", code));
        }
        Map<String, Object> headers = Map.of("code", "b", "CamelLagoPath.code", "a");

        assertThat(send("lago:taxes/{code}?operation=get", null, headers).getMessage().getBody(Map.class))
                .containsEntry("code", "a");
        assertThat(send("lago:taxes/{code}?operation=get&path.code=c", null, headers).getMessage().getBody(Map.class))
                .containsEntry("code", "c");
        assertThat(send("lago:taxes/{code}?operation=get", null, Map.of("code", "b")).getException())
                .hasMessageContaining("needs the object's code");
    }

    @Test
    void thePathOfAnObjectIsReadByDefault() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));

        assertThat(send("lago:customers/{external_customer_id}", null, Map.of("CamelLagoPath.external_customer_id", "acme"))
                .getMessage().getBody(Map.class)).containsEntry("external_id", "acme");
        assertThat(sent("lago:customers/acme", null).getMessage().getBody(Map.class)).containsEntry("external_id", "acme");
    }

    @Test
    void requiresAValueForEachPlaceholder() {
        assertThat(send("lago:customers/{external_customer_id}/wallets?operation=list", null).getException()).hasMessage(
                "The placeholder {external_customer_id} of customers/{external_customer_id}/wallets is not filled: set the header"
                        + " CamelLagoPath.external_customer_id or the option path.external_customer_id");
        assertThat(send("lago:taxes?operation=get", null).getException())
                .hasMessage(
                        "The operation get of taxes (GET taxes/{code}) needs the object's code: set the option id or the header CamelLagoId");
        assertThat(sandbox.requestCount()).isZero();
    }

    @Test
    void encodesIdsAsOneSegment() throws Exception {
        sandbox.add("customers", Map.of("external_id", ODD));

        assertThat(send("lago:customers?operation=get", null, Map.of("CamelLagoId", ODD)).getMessage().getBody(Map.class))
                .containsEntry("external_id", ODD);
        send("lago:customers/{external_customer_id}/wallets?operation=list", null,
                Map.of("CamelLagoPath.external_customer_id", ODD));

        assertThat(sandbox.requests()).extracting(r -> r.path()).containsExactly("/api/v1/customers/" + ODD_ENCODED,
                "/api/v1/customers/" + ODD_ENCODED + "/wallets");
        assertThat(sandbox.statusCount(200)).isEqualTo(2);
    }

    @Test
    void encodesDotsInIds() {
        assertThat(send("lago:customers?operation=delete", null, Map.of("CamelLagoId", "..")).getException())
                .hasMessage("The external_customer_id of customers/{external_customer_id} must not be \"..\"");
        assertThat(send("lago:customers/{external_customer_id}/wallets?operation=list", null,
                Map.of("CamelLagoPath.external_customer_id", ".")).getException()).hasMessageContaining("must not be \".\"");

        assertThat(sandbox.requests()).isEmpty();
    }

    @Test
    void rejectsAnUnknownPathOption() {
        assertThat(catchThrowable(() -> context.getEndpoint("lago:taxes?path.id=1")))
                .rootCause()
                .hasMessage("The option path.id fills no placeholder of taxes. It has: code");
    }

    @Test
    void sendsPageAndFilters() throws Exception {
        sent("lago:invoices?operation=list&perPage=7&page=2&filter.currency=EUR&filter.statuses=draft,finalized", null);

        assertThat(queries()).containsExactlyInAnyOrder("page=2", "per_page=7", "currency=EUR", "statuses[]=draft",
                "statuses[]=finalized");
    }

    @Test
    void addsTheFiltersOfTheMessage() throws Exception {
        send("lago:invoices?operation=list&filter.currency=EUR", null,
                Map.of("CamelLagoFilter", Map.of("currency", "USD", "payment_status", List.of("failed", "pending"), "metadata",
                        Map.of("team & co", "a=b"))));

        assertThat(queries()).containsExactlyInAnyOrder("page=1", "per_page=100", "currency=EUR", "payment_statuses[]=failed",
                "payment_statuses[]=pending", "metadata[team & co]=a=b");
    }

    @Test
    void rejectsAnUnknownFilterOfAMessage() {
        assertThat(send("lago:payments?operation=list", null, Map.of("CamelLagoFilter", Map.of("nonsense", 1))).getException())
                .hasMessage(
                        "The operation list (GET payments) has no filter nonsense. It has: external_customer_id, invoice_id");
        assertThat(sandbox.requestCount()).isZero();
    }

    @Test
    void readsThePagesOfAList() throws Exception {
        for (int i = 0; i < 5; i++) {
            sandbox.add("taxes", Map.of("code", "t" + i));
        }

        Exchange first = sent("lago:taxes?operation=list&perPage=2", null);
        assertThat(first.getMessage().getHeaders()).containsEntry("CamelLagoTotalCount", 5)
                .containsEntry("CamelLagoTotalPages", 3)
                .containsEntry("CamelLagoNextPage", 2);
        Exchange last = send("lago:taxes?operation=list&perPage=2", null, Map.of("CamelLagoPage", 3));
        assertThat(last.getMessage().getBody(List.class)).hasSize(1);
        assertThat(last.getMessage().getHeaders()).doesNotContainKey("CamelLagoNextPage");
    }

    @Test
    void setsTheRateLimitHeaders() throws Exception {
        sandbox.rateLimits(RateLimits.cloud());

        Map<String, Object> headers = sent("lago:taxes?operation=list", null).getMessage().getHeaders();

        assertThat(headers).containsEntry("CamelLagoRateLimitLimit", 50).containsEntry("CamelLagoRateLimitRemaining", 49)
                .containsKey("CamelLagoRateLimitReset");
    }

    @Test
    void aPathThatTheCatalogDoesNotKnowIsCalledAsWritten() throws Exception {
        sandbox.faults().on("PUT", "/vouchers/*/redeem").status(200).body("{\"voucher\":{\"code\":\"x\"}}");

        Exchange exchange = send("lago:vouchers/{code}/redeem?httpMethod=PUT", Map.of("amount", 1),
                Map.of("CamelLagoPath.code", "a b"));

        assertThat(exchange.getMessage().getBody(Map.class)).isEqualTo(Map.of("voucher", Map.of("code", "x")));
        assertThat(sandbox.requests()).singleElement().satisfies(r -> {
            assertThat(r.method() + r.path()).isEqualTo("PUT/api/v1/vouchers/a%20b/redeem");
            assertThat(r.body()).isEqualTo("{\"amount\":1}");
        });
    }

    private List<String> queries() {
        String query = sandbox.requests().get(0).query();
        return Arrays.stream(query.split("&"))
                .map(p -> URLDecoder.decode(p, StandardCharsets.UTF_8)).toList();
    }
}
