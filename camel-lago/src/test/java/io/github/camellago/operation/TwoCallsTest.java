package io.github.camellago.operation;

import java.util.HashMap;
import java.util.Map;

import io.github.camellago.RouteTestSupport;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** One call of Lago after the other in a route: what the first reports must not steer the second; what a user says must. */
class TwoCallsTest extends RouteTestSupport {

    private String invoice;

    @BeforeEach
    void fill() {
        sandbox.add("customers", Map.of("external_id", "acme"));
        sandbox.add("customers", Map.of("external_id", "globex"));
        invoice = sandbox.add("invoices", Map.of("external_customer_id", "acme", "status", "draft")).get("lago_id").toString();
    }

    @Test
    void theReportedOperationSteersNothing() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=get&id=acme")
                .setBody().constant(Map.of("code", "vat", "name", "VAT", "rate", "20")).to("lago:taxes"));

        Exchange out = in(null);

        assertThat(calls()).containsExactly("GET customers/acme", "POST taxes");
        assertThat(out.getMessage().getHeader("CamelLagoOperation")).isEqualTo("create");
        assertThat(out.getMessage().getHeader("CamelLagoId")).isEqualTo("vat");
    }

    @Test
    void theReportedIdGivesWayToTheOption() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=get&id=acme")
                .to("lago:customers?operation=get&id=globex"));
        in(null);

        assertThat(calls()).containsExactly("GET customers/acme", "GET customers/globex");
    }

    @Test
    void theReportedIdStandsInWhereNoOptionGivesOne() throws Exception {
        routed(r -> r.from("direct:in").to("lago:invoices?operation=get&id=" + invoice).to("lago:invoices?operation=finalize")
                .to("lago:invoices/{lago_id}/download"));

        Exchange out = in(null);

        assertThat(out.getException()).isNull();
        assertThat(calls()).containsExactly("GET invoices/" + invoice, "PUT invoices/" + invoice + "/finalize",
                "POST invoices/" + invoice + "/download");
    }

    @Test
    void aRecordThatIsListedElsewhereIsTheSameRecord() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers/acme/invoices?operation=list").setBody().simple("${body[0]}")
                .setHeader("CamelLagoId").simple("${body[lago_id]}").setBody().constant(null)
                .to("lago:invoices?operation=finalize"));

        assertThat(in(null).getException()).isNull();
        assertThat(calls()).last().isEqualTo("PUT invoices/" + invoice + "/finalize");
    }

    @Test
    void theIdOfAnotherKindOfObjectIsNotTaken() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=get&id=acme")
                .to("lago:customers/acme/wallets?operation=delete"));

        assertThat(in(null).getException()).hasMessageContaining("needs the object's code: set the option id");
        assertThat(calls()).containsExactly("GET customers/acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "list"})
    void aUsersHeaderWinsOverTheOptionEvenIfItEqualsTheReport(String operation) throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=" + operation + "&id=acme")
                .setHeader("CamelLagoOperation").constant(operation).setHeader("CamelLagoId").constant("acme")
                .to("lago:customers?operation=delete&id=globex"));

        in(null);

        assertThat(calls()).hasSize(2).allSatisfy(call -> assertThat(call).startsWith("GET customers"));
        assertThat(sandbox.records("customers")).hasSize(2);
    }

    @Test
    void aUsersHeaderIsForTheNextCallOnly() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=delete&id=globex").to("lago:customers?operation=list"));

        Exchange out = in(null, Map.of("CamelLagoOperation", "get", "CamelLagoId", "acme"));

        assertThat(out.getException()).isNull();
        assertThat(calls()).containsExactly("GET customers/acme", "GET customers");
    }

    @Test
    void theReportIsKnownWhereHeadersAreCopied() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=get&id=acme"));
        Map<String, Object> headers = new HashMap<>(in(null).getMessage().getHeaders());
        Exchange other = send("lago:taxes", Map.of("code", "vat", "name", "VAT", "rate", "20"), headers);

        assertThat(other.getException()).isNull();
        assertThat(calls()).containsExactly("GET customers/acme", "POST taxes");
    }

    @Test
    void whatWasHandedOverIsNoParameterOfTheNextCall() throws Exception {
        String failed = sandbox.add("invoices", Map.of("external_customer_id", "acme")).get("lago_id").toString();
        routed(r -> r.from("direct:in").to("lago:invoices?operation=get&id=" + failed)
                .to("lago:invoices?operation=retry_payment")
                .to("lago:invoices?operation=void&id=" + failed));

        assertThat(in(null).getException()).isNull();
        assertThat(sandbox.requests()).hasSize(3).allSatisfy(r -> assertThat(r.body()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:invoices?operation=finalize&id=${body[lago_id]}", "lago:invoices/${body[lago_id]}/finalize",
            "lago:invoices/${body[lago_id]}?operation=finalize"})
    void recordsOfASplitListAreActedOn(String uri) throws Exception {
        routed(r -> r.from("direct:in").to("lago:invoices?operation=list&filter.statuses=draft").split(r.body()).toD(uri));

        assertThat(in(null).getException()).isNull();
        assertThat(calls()).last().isEqualTo("PUT invoices/" + invoice + "/finalize");
        assertThat(sandbox.requests()).allSatisfy(r -> assertThat(r.body()).isEmpty());
    }

    @Test
    void anObjectIsNeverTakenForAnOptionalBody() throws Exception {
        String open = sandbox.add("invoices", Map.of("external_customer_id", "acme", "total_amount_cents", 100)).get("lago_id")
                .toString();
        routed(r -> r.from("direct:in").to("lago:invoices?operation=list&bodyType=JSON&filter.statuses=finalized")
                .split(r.body())
                .setHeader("CamelLagoId").constant(open).to("lago:invoices?operation=retry_payment"));

        assertThat(in(null).getException()).isNull();
        assertThat(calls()).last().isEqualTo("POST invoices/" + open + "/retry_payment");
        assertThat(sandbox.requests()).allSatisfy(r -> assertThat(r.body()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"finalize", "void", "download"})
    void aBodyThatIsTheIdIsNoParameter(String operation) throws Exception {
        String id = operation.equals("finalize")
                ? invoice
                : sandbox.add("invoices", Map.of("external_customer_id", "acme")).get("lago_id").toString();
        routed(r -> r.from("direct:in").setHeader("CamelLagoId").body().to("lago:invoices?operation=" + operation));

        assertThat(in(id).getException()).isNull();
        assertThat(sandbox.requests()).singleElement().satisfies(r -> assertThat(r.body()).isEmpty());
    }

    @Test
    void anotherObjectsBodyIsRefusedWhereNoneIsTaken() {
        Exchange exchange = send("lago:invoices?operation=finalize&id=" + invoice, Map.of("lago_id", "another"));

        assertThat(exchange.getException()).hasMessageContaining("takes no body");
        assertThat(calls()).isEmpty();
    }

    @Test
    void butItIsWhatAnUpdateUpdatesTo() throws Exception {
        sandbox.add("taxes", Map.of("code", "vat", "name", "VAT", "rate", "20"));
        routed(r -> r.from("direct:in").to("lago:taxes?operation=get&id=vat").process(e -> {
            Map<String, Object> tax = new HashMap<>(Map.of("rate", "21"));
            e.getMessage().setBody(tax);
        }).to("lago:taxes?operation=update"));

        assertThat(in(null).getMessage().getBody(Map.class).get("rate")).hasToString("21");
    }

    @Test
    void recordsOfAConsumerAreActedOnByTheirIds() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:invoices?delay=20&initialDelay=0").to("lago:invoices?operation=finalize").to("mock:finalized");
            }
        });
        mock("finalized").expectedMinimumMessageCount(1);
        mock("finalized").assertIsSatisfied();
        assertThat(calls()).contains("PUT invoices/" + invoice + "/finalize");
    }

    @ParameterizedTest
    @ValueSource(strings = {"welcome 10%", "welcome%2010%25", "a+b", "é"})
    void idsInTheUriAreDecodedOnceAndEncodedOnce(String code) throws Exception {
        send("lago:coupons/" + code + "?operation=get", null);

        String sent = calls().get(0);
        assertThat(java.net.URLDecoder.decode(sent.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(
                        "GET coupons/" + code.replace("%2010%25", " 10%"));
    }

    @Test
    void noHeaderOfCamelsLeavesTheHouse() throws Exception {
        send("lago:customers?operation=get&id=acme", null, Map.of("CamelLagoFilter", Map.of(), "CamelFoo", "x", "bar", "y",
                "Authorization", "Basic abc"));

        assertThat(sandbox.requests()).singleElement().satisfies(request -> {
            assertThat(request.headers().keySet()).noneMatch(name -> name.toLowerCase().startsWith("camel"));
            assertThat(request.header("bar")).isNull();
            assertThat(request.header("Authorization")).isEqualTo("Bearer " + sandbox.apiKey());
        });
    }

    /** Routes of a test. */
    private interface Routes {
        void in(RouteBuilder builder);
    }

    private void routed(Routes routes) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                routes.in(this);
            }
        });
    }

    private Exchange in(Object body) {
        return in(body, Map.of());
    }

    private Exchange in(Object body, Map<String, Object> headers) {
        return send("direct:in", body, headers);
    }

    private java.util.List<String> calls() {
        return sandbox.requests().stream().map(r -> r.method() + " " + r.path().replace("/api/v1/", "")).toList();
    }
}
