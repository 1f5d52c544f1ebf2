package io.github.camellago.operation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.RouteTestSupport;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Several calls in one route: what an answer leaves in the message, and what the next call makes of it. */
class TwoCallsTest extends RouteTestSupport {

    private String invoice;

    @BeforeEach
    void fill() {
        sandbox.add("customers", Map.of("external_id", "acme"));
        sandbox.add("customers", Map.of("external_id", "globex"));
        invoice = sandbox.add("invoices", Map.of("external_customer_id", "acme", "status", "draft")).get("lago_id").toString();
    }

    @Test
    void aResponseSetsNoOperation() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=get&id=acme")
                .setBody().constant(Map.of("code", "vat", "name", "VAT", "rate", "20")).to("lago:taxes"));

        Exchange out = in(null);

        assertThat(calls()).containsExactly("GET customers/acme", "POST taxes");
        assertThat(out.getMessage().getHeaders()).doesNotContainKey("CamelLagoOperation").containsEntry("CamelLagoId", "vat");
    }

    @Test
    void theIdOfAnAnswerDoesNotOverruleTheOption() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=get&id=acme")
                .to("lago:customers?operation=get&id=globex"));
        in(null);

        assertThat(calls()).containsExactly("GET customers/acme", "GET customers/globex");
    }

    @Test
    void theIdOfAnAnswerIsUsedIfTheNextEndpointStatesNone() throws Exception {
        routed(r -> r.from("direct:in").to("lago:invoices?operation=get&id=" + invoice).to("lago:invoices?operation=finalize")
                .to("lago:invoices/{lago_id}/download"));

        Exchange out = in(null);

        assertThat(out.getException()).isNull();
        assertThat(calls()).containsExactly("GET invoices/" + invoice, "PUT invoices/" + invoice + "/finalize",
                "POST invoices/" + invoice + "/download");
    }

    @Test
    void aListLeavesNoIdBehind() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=list").to("lago:customers?operation=delete"));

        assertThat(in(null, Map.of("CamelLagoId", "acme")).getException()).hasMessageContaining("needs the object's");
        assertThat(calls()).containsExactly("GET customers");
    }

    @Test
    void theRouteSetsTheIdOfAnObjectOfAnotherKind() throws Exception {
        routed(r -> r.from("direct:in").to("lago:invoices?operation=get&id=" + invoice)
                .setHeader("CamelLagoId").simple("${body[customer][external_id]}").to("lago:customers?operation=get"));

        assertThat(in(null).getException()).isNull();
        assertThat(calls()).containsExactly("GET invoices/" + invoice, "GET customers/acme");
    }

    @Test
    void aRecordThatIsListedElsewhereIsTheSameRecord() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers/acme/invoices?operation=list").setBody().simple("${body[0]}")
                .setHeader("CamelLagoId").simple("${body[lago_id]}").setBody().constant(null)
                .to("lago:invoices?operation=finalize"));

        assertThat(in(null).getException()).isNull();
        assertThat(calls()).last().isEqualTo("PUT invoices/" + invoice + "/finalize");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "list", "create", "portal_url"})
    void noHeaderOverrulesWhatTheEndpointStates(String operation) throws Exception {
        sandbox.add("customers", Map.of("external_id", "victim"));
        Map<String, Object> hostile = Map.of("CamelLagoOperation", "delete", "CamelLagoId", "victim",
                "CamelLagoPath.external_customer_id", "victim", "external_customer_id", "victim", "id", "victim");

        send("lago:customers?operation=" + operation + "&id=acme", Map.of("external_id", "acme"), hostile);
        send("lago:customers/{external_customer_id}?operation=get&path.external_customer_id=acme", null, hostile);

        assertThat(calls()).hasSize(2).noneMatch(call -> call.contains("victim") || call.contains("DELETE"));
    }

    @Test
    void theOperationOfAHeaderIsForOneCall() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers").setBody().constant(Map.of("external_id", "new"))
                .to("lago:customers"));

        Exchange out = in(null, Map.of("CamelLagoOperation", "get", "CamelLagoId", "acme"));

        assertThat(out.getException()).isNull();
        assertThat(calls()).containsExactly("GET customers/acme", "POST customers");
    }

    @Test
    void thePageOfAHeaderIsForOneCall() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=list&perPage=1")
                .to("lago:customers?operation=list&perPage=1"));

        in(null, Map.of("CamelLagoPage", 2));

        assertThat(sandbox.requests()).extracting("query").containsExactly("page=2&per_page=1", "page=1&per_page=1");
    }

    @Test
    void headersAreKeptForARedelivery() throws Exception {
        sandbox.faults().on("GET", "/customers/*").times(1).status(422);
        routed(r -> {
            r.onException(Exception.class).maximumRedeliveries(1).redeliveryDelay(1);
            r.from("direct:in").to("lago:customers");
        });

        assertThat(in(null, Map.of("CamelLagoOperation", "get", "CamelLagoId", "acme")).getException()).isNull();
        assertThat(calls()).containsExactly("GET customers/acme", "GET customers/acme");
    }

    @Test
    void filtersOfAHeaderAddToThoseOfTheEndpointAndReplaceNone() throws Exception {
        String uri = "lago:invoices?operation=list&filter.external_customer_id=acme&filter.payment_status=failed"
                + "&filter.metadata.team=a";
        for (Object filters : List.of(
                Map.of("external_customer_id", "globex", "external_customer_id[]", "globex", "payment_statuses", "pending",
                        "metadata", Map.of("team", "b", "region", "eu"), "currency", "EUR"),
                "external_customer_id=globex;payment_statuses[]=pending;metadata[team]=b;metadata.region=eu;currency=EUR")) {
            send(uri, null, Map.of("CamelLagoFilter", filters));
        }

        assertThat(sandbox.requests()).hasSize(2).allSatisfy(request -> assertThat(request.query().split("&"))
                .containsExactlyInAnyOrder("external_customer_id=acme", "payment_statuses%5B%5D=failed",
                        "metadata%5Bteam%5D=a", "metadata%5Bregion%5D=eu", "currency=EUR", "page=1", "per_page=100"));
    }

    @Test
    void anObjectInTheBodyIsNoParameterOfTheNextCall() throws Exception {
        String failed = sandbox.add("invoices", Map.of("external_customer_id", "acme")).get("lago_id").toString();
        routed(r -> r.from("direct:in").to("lago:invoices?operation=get&id=" + failed)
                .to("lago:invoices?operation=retry_payment")
                .to("lago:invoices?operation=void&id=" + failed));

        assertThat(in(null).getException()).isNull();
        assertThat(sandbox.requests()).hasSize(3).allSatisfy(r -> assertThat(r.body()).isEmpty());
    }

    @Test
    void anObjectInTheBodyIsWhatAnUpdateSends() throws Exception {
        sandbox.add("taxes", Map.of("code", "vat", "name", "VAT", "rate", "20"));
        routed(r -> r.from("direct:in").to("lago:taxes?operation=get&id=vat").to("lago:taxes?operation=update"));

        assertThat(in(null).getException()).isNull();
        assertThat(sandbox.requests()).last().satisfies(r -> assertThat(r.body()).contains("\"lago_id\":", "\"code\":\"vat\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&streaming=true", "&bodyType=JSON_NODE"})
    void aListInTheBodyIsNoParameterOfTheNextCall(String options) throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=list" + options)
                .to("lago:invoices?operation=finalize&id=" + invoice));

        assertThat(in(null).getException()).isNull();
        assertThat(sandbox.requests()).last().satisfies(r -> assertThat(r.body()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:invoices?operation=finalize&id=${body[lago_id]}", "lago:invoices/${body[lago_id]}/finalize",
            "lago:invoices/${body[lago_id]}?operation=finalize"})
    void callsActOnTheRecordsOfASplitList(String uri) throws Exception {
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
    void anObjectOfAnotherKindIsNoParameterEither() throws Exception {
        routed(r -> r.from("direct:in").to("lago:customers?operation=get&id=acme")
                .to("lago:invoices?operation=finalize&id=" + invoice));

        assertThat(in(null).getException()).isNull();
        assertThat(sandbox.requests()).last().satisfies(r -> assertThat(r.body()).isEmpty());
    }

    @Test
    void anUpdateSendsTheBody() throws Exception {
        sandbox.add("taxes", Map.of("code", "vat", "name", "VAT", "rate", "20"));
        routed(r -> r.from("direct:in").to("lago:taxes?operation=get&id=vat").process(e -> {
            Map<String, Object> tax = new HashMap<>(Map.of("rate", "21"));
            e.getMessage().setBody(tax);
        }).to("lago:taxes?operation=update"));

        assertThat(in(null).getMessage().getBody(Map.class).get("rate")).hasToString("21");
    }

    @Test
    void callsActOnTheRecordsOfAConsumer() throws Exception {
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
    void noHeaderOfTheMessageBecomesAnHttpHeader() throws Exception {
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

    private List<String> calls() {
        return sandbox.requests().stream().map(r -> r.method() + " " + r.path().replace("/api/v1/", "")).toList();
    }
}
