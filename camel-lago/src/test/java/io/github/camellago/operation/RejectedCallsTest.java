package io.github.camellago.operation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.RouteTestSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Invalid calls are rejected before anything is sent. The messages name the values that are allowed. */
class RejectedCallsTest extends RouteTestSupport {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "lago:invoice                   | Lago has no resource invoice that is known here. Nearest: invoices,",
            "lago:billable-metrics          | Nearest: billable_metrics,",
            "lago:plans/pro/charge          | Nearest: plans/{code}/charges,",
            "lago:customers/acme/invoice    | Nearest: customers/{external_customer_id}/invoices,",
            "lago:invoices/1/finalise       | Nearest: invoices/{lago_id}/finalize,",
            "lago:invoice                   | To call a path that is not known, set httpMethod",
            "lago:invoices?operation=finalise | The resource invoices has no operation finalise. It has: create, delete, download, "
                    + "download_pdf, download_xml, finalize, get, list, lose_dispute, payment_url, preview, refresh, resend_email, "
                    + "retry, retry_payment, sync_salesforce_id, update, void",
            "lago:invoices?operation=list&filter.stat=x | The operation list (GET invoices) has no filter stat. It has: amount_from,",
            "lago:customers?operation=list&filter.metadata=x | The filter metadata takes entries: write filter.metadata.<key>=<value>",
            "lago:plans/{code}/charges?path.plan=x | The option path.plan fills no placeholder of plans/{code}/charges. It has: charge_code, code",
            "lago:gadgets?httpMethod=TRACE  | The option httpMethod=TRACE is not one of GET, POST, PUT, PATCH, DELETE",
            "lago:invoices?httpMethod=POST  | The option httpMethod is for calls that are not known here; POST invoices is: "
                    + "leave httpMethod out, and set operation=create"})
    void rejectsOptionsWhenTheEndpointIsCreated(String uri, String words) {
        assertThatThrownBy(() -> context.getEndpoint(uri).createProducer()).rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
        nothingWasSent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:invoices/", "lago:plans/pro/metadata/?operation=delete_all",
            "lago:plans//charges?operation=list",
            "lago:gadgets/?httpMethod=DELETE", "lago:gadgets/1//parts?httpMethod=DELETE"})
    void rejectsEmptySegments(String uri) {
        assertThatThrownBy(() -> context.getEndpoint(uri).createProducer()).rootCause()
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("has an empty segment");
        nothingWasSent();
    }

    @Test
    void rejectsAnUnknownOperationInTheHeader() {
        refused(send("lago:taxes", Map.of("code", "vat"), Map.of("CamelLagoOperation", "finalize")),
                "The resource taxes has no operation finalize. It has: create, delete, get, list, update");
    }

    @Test
    void rejectsAnUnknownFilterInTheHeader() {
        refused(send("lago:taxes?operation=list", null, Map.of("CamelLagoFilter", Map.of("status", "x"))),
                "The operation list (GET taxes) has no filter status. It has: none");
    }

    @Test
    void rejectsAFilterHeaderThatIsNeitherAMapNorText() {
        refused(send("lago:taxes?operation=list", null, Map.of("CamelLagoFilter", List.of("status=x"))),
                "The header CamelLagoFilter must be a Map of filters and their values, or text of the form name=value;name=value,"
                        + " not java.util.");
        refused(send("lago:taxes?operation=list", null, Map.of("CamelLagoFilter", "status")),
                "The header CamelLagoFilter=status is not of the form name=value;name=value");
    }

    @Test
    void requiresAnOperationIfThereIsNoDefault() {
        refused(send("lago:subscriptions/sub/entitlements", null),
                "The resource subscriptions/sub/entitlements has no default operation: set the option operation or the header"
                        + " CamelLagoOperation to one of: ");
    }

    @Test
    void requiresAFilterThatLagoRequires() {
        refused(send("lago:security_logs?operation=list", null),
                "The operation list (GET security_logs) needs the filter to_date: set the option filter.to_date or put it into the"
                        + " header CamelLagoFilter");
    }

    @Test
    void requiresAnId() {
        refused(send("lago:invoices?operation=finalize", null),
                "The operation finalize of invoices (PUT invoices/{lago_id}/finalize) needs the object's lago_id: set the option id"
                        + " or the header CamelLagoId");
        refused(send("lago:invoices/{lago_id}/finalize", null),
                "The operation finalize of invoices (PUT invoices/{lago_id}/finalize) needs the object's lago_id: set the option id"
                        + " or the header CamelLagoId, or the header CamelLagoPath.lago_id or the option path.lago_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void rejectsABlankId(String id) {
        refused(send("lago:invoices?operation=finalize", null, Map.of("CamelLagoId", id)), "needs the object's lago_id");
        refused(send("lago:invoices/{lago_id}/finalize", null, Map.of("CamelLagoPath.lago_id", id)),
                "needs the object's lago_id");
    }

    @Test
    void requiresAValueForAPlaceholder() {
        refused(send("lago:plans/{code}/charges?operation=list", null),
                "The placeholder {code} of plans/{code}/charges is not filled: set the header CamelLagoPath.code or the "
                        + "option path.code");
    }

    @ParameterizedTest
    @CsvSource({"lago:plans/pro/metadata,key", "lago:subscriptions/sub/alerts,code",
            "lago:customers/acme/wallets/main/alerts,code"})
    void deleteIsNeverTakenForDeleteAll(String uri, String key) {
        refused(send(uri + "?operation=delete", null), "needs the object's " + key
                + ": set the option id or the header CamelLagoId. For all of them there is the operation delete_all");
        refused(send(uri, null, Map.of("CamelLagoOperation", "delete", "CamelLagoId", "")), "needs the object's " + key);
    }

    @Test
    void requiresABody() {
        for (Object nothing : new Object[]{null, "", "  \n", new byte[0], new java.io.ByteArrayInputStream(new byte[0])}) {
            refused(send("lago:customers", nothing),
                    "The operation create of customers (POST customers) needs a body: a Map, a POJO or JSON with the fields of the "
                            + "customer");
        }
        refused(send("lago:invoices?operation=preview", null), "with the call's parameters");
    }

    @Test
    void rejectsABodyThatWouldBeLost() {
        refused(send("lago:invoices?operation=finalize&id=1", Map.of("number", "X")),
                "The operation finalize of invoices (PUT invoices/{lago_id}/finalize) takes no body, but the message has one (");
        refused(send("lago:invoices?operation=finalize&id=1", "{}"),
                "(java.lang.String), which would be lost. Empty it before this call: setBody(constant(null)). The operations that take "
                        + "a body here: create, preview, resend_email, retry_payment, sync_salesforce_id, update, void");
        refused(send("lago:customers?operation=delete&id=acme", Map.of("name", "X")), "takes no body");
    }

    @Test
    void ignoresTheBodyIfTheOperationOnlyReads() throws Exception {
        sandbox.add("customers",
                Map.of("external_id", "acme", "billing_configuration", Map.of("payment_provider", "stripe")));

        assertThat(sent("lago:customers?operation=get&id=acme", "left over").getMessage().getBody(Map.class)).isNotEmpty();
        assertThat(
                sent("lago:customers?operation=checkout_url&id=acme", Map.of("left", "over")).getMessage().getBody(Map.class))
                .containsKey("checkout_url");
        assertThat(sandbox.requests()).allSatisfy(r -> assertThat(r.body()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{oops        | it is not JSON: ",
            "[{\"external_id\": 1}] | it is a JSON array instead of a JSON object",
            "\"text\" | it is a JSON string instead of a JSON object", "7 | it is a JSON number instead of a JSON object",
            "null | it is null instead of a JSON object", "{} {} | something follows the JSON value"})
    void rejectsABodyThatIsNotAnObject(String body, String words) {
        refused(send("lago:customers", body),
                "The body for the operation create of customers (POST customers) is not usable: " + words);
    }

    @Test
    void rejectsABodyThatJacksonCannotWrite() {
        Map<String, Object> circle = new HashMap<>();
        circle.put("name", List.of(circle));

        refused(send("lago:customers", circle), "Jackson cannot write java.util.HashMap");
    }

    private void refused(Exchange exchange, String words) {
        assertThat(exchange.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(words);
        nothingWasSent();
    }

    private void nothingWasSent() {
        assertThat(sandbox.requests()).isEmpty();
    }
}
