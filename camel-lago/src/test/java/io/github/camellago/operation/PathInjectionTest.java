package io.github.camellago.operation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.github.camellago.RouteTestSupport;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An id is one segment of the path whatever it contains, and names no other object. */
class PathInjectionTest extends RouteTestSupport {

    @ParameterizedTest
    @ValueSource(strings = {"acme.com", "john@acme.com", "1.2.3", "acme.", ".acme", "acme.json", "a/b", "acme/wallets/main",
            "/",
            "../plans/basic", "..%2Fplans", "acme%2Ecom", "acme?x=1", "acme#x", "acme;x=1", "acme&x=1", "acme=1", "a b", "a+b",
            "a%00b", "acme\r\nX-Header: 1", "acme\\..\\plans", "{external_customer_id}", "*", "\u00e9\u4e2d\ud83d\ude00",
            "http://127.0.0.1:9/"})
    void anIdIsOneSegment(String id) throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        sandbox.add("customers", Map.of("external_id", id));
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:toD").toD("lago:customers?operation=get&id=${body}");
                from("direct:segment").toD("lago:customers/${body}?operation=get");
            }
        });
        Exchange[] calls = {
                send("lago:customers?operation=get", null, Map.of("CamelLagoId", id)),
                send("lago:customers/{external_customer_id}?operation=get", null,
                        Map.of("CamelLagoPath.external_customer_id", id)),
                send("direct:toD", id), send("direct:segment", id),
                send("lago:customers?operation=delete", null, Map.of("CamelLagoId", id))};

        for (Exchange call : calls) {
            assertThat(call.getException()).isNull();
            assertThat(call.getMessage().getBody(Map.class)).containsEntry("external_id", id);
        }
        assertThat(sandbox.requests()).hasSize(calls.length).allSatisfy(request -> {
            assertThat(request.path()).startsWith("/api/v1/customers/");
            String sent = request.path().substring("/api/v1/customers/".length());
            assertThat(sent).doesNotContain("/").doesNotContain(".");
            assertThat(URLDecoder.decode(sent.replace("+", "%2B"), StandardCharsets.UTF_8)).isEqualTo(id);
        });
        assertThat(sandbox.records("customers")).singleElement().extracting("external_id").isEqualTo("acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", " ", "\ud800"})
    void rejectsAnIdThatLagoMayTakeForAnother(String id) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:toD").toD("lago:customers?operation=delete&id=${body}");
                from("direct:segment").toD("lago:customers/${body}?operation=delete");
            }
        });

        assertThat(send("lago:customers?operation=delete", null, Map.of("CamelLagoId", id)).getException())
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(send("direct:toD", id).getException()).isInstanceOf(IllegalArgumentException.class);
        assertThat(send("direct:segment", id).getException()).isInstanceOf(IllegalArgumentException.class);
        assertThat(sandbox.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme.com", "john@acme.com", "v1.2"})
    void aDotInTheUriIsEncodedToo(String id) throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        sandbox.add("customers", Map.of("external_id", id));

        sent("lago:customers/" + id + "?operation=get", null);
        sent("lago:customers?operation=get&id=" + id, null);
        sent("lago:customers/" + id + "/wallets?operation=list", null);
        sent("lago:customers/{external_customer_id}?operation=delete&path.external_customer_id=" + id, null);

        assertThat(sandbox.requests()).allSatisfy(
                request -> assertThat(request.path()).contains(id.replace(".", "%2E").replace("@", "%40")));
        assertThat(sandbox.records("customers")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:customers/..?operation=delete", "lago:customers/../plans?operation=list",
            "lago:customers/acme/..?operation=delete"})
    void rejectsDotSegmentsInThePathOfTheUri(String uri) {
        assertThatThrownBy(() -> context.getEndpoint(uri)).rootCause().isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not contain the segments . and ..");
    }

    @Test
    void aReadOfAllParentsReachesThoseWithDots() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme.com"));
        sandbox.add("invoices", Map.of("external_customer_id", "acme.com"));
        mock("invoices").expectedMessageCount(1);
        route("lago:customers/{external_customer_id}/invoices?path.external_customer_id=*&initialDelay=0&repeatCount=1",
                "mock:invoices");

        mock("invoices").assertIsSatisfied();
        assertThat(sandbox.requests()).extracting("path").contains("/api/v1/customers/acme%2Ecom/invoices");
    }

    @Test
    void aCreateWhoseAnswerIsLostLooksUpACodeWithDots() throws Exception {
        sandbox.faults().on("POST", "/taxes").times(1).dropAfter();

        assertThat(sent("lago:taxes", Map.of("code", "vat.2026", "name", "VAT", "rate", "20")).getMessage().getBody(Map.class))
                .containsEntry("code", "vat.2026");
        assertThat(sandbox.requests()).last().satisfies(r -> assertThat(r.path()).isEqualTo("/api/v1/taxes/vat%2E2026"));
    }
}
