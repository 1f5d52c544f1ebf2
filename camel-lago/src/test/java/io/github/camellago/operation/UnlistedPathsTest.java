package io.github.camellago.operation;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.World;
import io.github.camellago.api.LagoNotFoundException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Paths that the catalog does not know: called as they stand, with httpMethod. */
class UnlistedPathsTest extends RouteTestSupport {

    @ParameterizedTest
    @CsvSource({"GET,gadgets", "POST,gadgets", "PUT,gadgets/1", "PATCH,order_forms/1/items/2", "DELETE,v2/gadgets/1",
            "POST,invoices/1/freeze", "GET,gadgets_enriched", "PUT,invoices"})
    void callsEachMethodAndPath(String method, String path) throws Exception {
        sandbox.faults().on(method, World.api(path)).body("{\"quote\":{\"lago_id\":\"1\"}}");
        Object body = method.equals("GET") ? null : Map.of("quote", Map.of("name", "N"));

        Exchange exchange = sent("lago:" + path + "?httpMethod=" + method, body);

        assertThat(sandbox.requests()).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo(method);
            assertThat(request.path()).isEqualTo(World.api(path));
            assertThat(request.body()).isEqualTo(body == null ? "" : "{\"quote\":{\"name\":\"N\"}}");
        });
        // no root key is known: the answer comes whole
        assertThat(exchange.getMessage().getBody(Map.class)).isEqualTo(Map.of("quote", Map.of("lago_id", "1")));
        assertThat(exchange.getMessage().getHeader("CamelLagoResource")).isEqualTo(path);
    }

    @Test
    void fillsPlaceholdersAndFilters() throws Exception {
        sandbox.faults().on("GET", "/gadgets/*/versions").body("{\"versions\":[]}");

        Exchange exchange = send("lago:gadgets/{quote_id}/versions?httpMethod=get&filter.status=draft,sent", null,
                Map.of("CamelLagoPath.quote_id", "a/b", "CamelLagoFilter",
                        Map.of("codes", List.of("x", "y"), "metadata", Map.of("k", "v"))));

        assertThat(exchange.getException()).isNull();
        assertThat(sandbox.requests()).singleElement().satisfies(request -> {
            assertThat(request.path()).isEqualTo("/api/v1/gadgets/a%2Fb/versions");
            assertThat(request.query().split("&")).containsExactlyInAnyOrder("status=draft%2Csent", "codes%5B%5D=x",
                    "codes%5B%5D=y",
                    "metadata%5Bk%5D=v");
        });
        assertThat(send("lago:gadgets/{quote_id}/versions?httpMethod=GET", null).getException())
                .hasMessageContaining("The placeholder {quote_id} of gadgets/{quote_id}/versions is not filled");
    }

    @Test
    void sendsIdAndPage() throws Exception {
        sandbox.faults().onAny().body("{}");

        sent("lago:gadgets?httpMethod=GET&id=a.b/c", null);
        sent("lago:gadgets?httpMethod=GET&page=2&perPage=10&filter.owner=x", null);
        template.request("lago:gadgets?httpMethod=GET", e -> e.getMessage().setHeader("CamelLagoPage", 3));

        assertThat(sandbox.requests()).extracting("path").containsExactly("/api/v1/gadgets/a%2Eb%2Fc", "/api/v1/gadgets",
                "/api/v1/gadgets");
        assertThat(sandbox.requests()).extracting("query").containsExactly("", "owner=x&page=2&per_page=10",
                "page=3&per_page=100");
        assertThatThrownBy(() -> context.getEndpoint("lago:invoices?httpMethod=GET&id=1")).rootCause()
                .hasMessageContaining("leave httpMethod out, and set operation=get");
    }

    @Test
    void anEmptyIdIsNoWholeCollection() {
        for (String uri : List.of("lago:gadgets?httpMethod=DELETE&id=", "lago:gadgets?httpMethod=DELETE&id=%20",
                "lago:gadgets/%20?httpMethod=DELETE", "lago:gadgets/{code}?httpMethod=DELETE&path.code=")) {
            assertThatThrownBy(() -> context.getEndpoint(uri)).rootCause().isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("empty");
        }
    }

    @ParameterizedTest
    @CsvSource({"lago:gadgets/{id}/parts?httpMethod=GET&path.id=7&id=9,/api/v1/gadgets/7/parts/9",
            "lago:gadgets/{id}?httpMethod=GET&id=9,/api/v1/gadgets/9",
            "lago:gadgets/{code}?httpMethod=GET&path.code=9,/api/v1/gadgets/9"})
    void theIdDoesNotFillOtherPlaceholders(String uri, String path) throws Exception {
        sandbox.faults().onAny().body("{}");

        Exchange exchange = sent(uri, null);

        assertThat(sandbox.requests()).extracting("path").containsExactly(path);
        assertThat(exchange.getMessage().getHeader("CamelLagoId")).isIn("9", null);
    }

    @Test
    void bodiesOfEachMessageGoAsTheyAre() throws Exception {
        sandbox.faults().on("POST", "/gadgets").body("{}");
        sent("lago:gadgets?httpMethod=POST", Map.of("a", 1));
        sent("lago:gadgets?httpMethod=POST", "{\"b\": 2}");
        sent("lago:gadgets?httpMethod=POST", null);

        assertThat(sandbox.requests()).extracting("body").containsExactly("{\"a\":1}", "{\"b\": 2}", "");
    }

    @Test
    void aPostOfAnUnknownPathIsNotRepeated() {
        sandbox.faults().on("POST", "/gadgets").dropAfter();

        assertThat(send("lago:gadgets?httpMethod=POST", Map.of("a", 1)).getException())
                .hasMessageContaining("Lago may have processed it");
        assertThat(sandbox.requestCount()).isEqualTo(1);
    }

    @Test
    void aPathThatLagoDoesNotKnowIsNotFound() {
        assertThat(send("lago:gadgets?httpMethod=GET", null).getException()).isInstanceOf(LagoNotFoundException.class);
    }

    @Test
    void pagesAreStreamed() throws Exception {
        page(1, "{\"quotes\":[{\"lago_id\":\"1\"},{\"lago_id\":\"2\"}],\"meta\":{\"next_page\":2,\"total_count\":3}}");
        page(2, "{\"quotes\":[{\"lago_id\":\"3\"}],\"meta\":{\"next_page\":null,\"total_count\":3}}");

        Iterator<?> records = sent("lago:gadgets?httpMethod=GET&streaming=true&perPage=2", null).getMessage()
                .getBody(Iterator.class);

        assertThat(records).toIterable().extracting("lago_id").containsExactly("1", "2", "3");
        assertThat(sandbox.requests()).extracting("query").containsExactly("page=1&per_page=2", "page=2&per_page=2");
    }

    @Test
    void aConsumerFindsTheListAndItsPages() throws Exception {
        page(1, "{\"quotes\":[{\"lago_id\":\"1\"},{\"lago_id\":\"2\"}],\"meta\":{\"next_page\":2}}");
        page(2, "{\"quotes\":[{\"lago_id\":\"3\"}],\"meta\":{\"next_page\":null}}");
        mock("quotes").expectedMessageCount(3);
        consume("lago:gadgets?httpMethod=GET&perPage=2&filter.status=open");

        mock("quotes").assertIsSatisfied();
        assertThat(mock("quotes").getExchanges()).extracting(e -> e.getMessage().getHeader("CamelLagoId"))
                .containsExactly("1", "2", "3");
        assertThat(sandbox.requests()).allSatisfy(request -> assertThat(request.query()).contains("status=open", "per_page=2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"numbers\":[{\"a\":1},{\"a\":2}]}", "{\"quote\":{\"a\":1},\"other\":{\"b\":[2]}}"})
    void aConsumerDeliversListsWithoutPagesAndSingleObjects(String answer) throws Exception {
        sandbox.faults().on("GET", "/gadgets").body(answer);
        mock("quotes").expectedMessageCount(answer.contains("numbers") ? 2 : 1);
        consume("lago:gadgets?httpMethod=GET");

        mock("quotes").assertIsSatisfied();
    }

    @Test
    void aConsumerFillsNestedPathsFromOptions() throws Exception {
        sandbox.faults().on("GET", "/gadgets/*/versions").body("{\"versions\":[{\"lago_id\":\"1\"}]}");
        mock("quotes").expectedMessageCount(1);
        consume("lago:gadgets/{quote_id}/versions?httpMethod=GET&path.quote_id=q 1");

        mock("quotes").assertIsSatisfied();
        assertThat(sandbox.requests().get(0).path()).isEqualTo("/api/v1/gadgets/q%201/versions");
    }

    @Test
    void aConsumerOnlyGets() {
        assertThatThrownBy(() -> context.getEndpoint("lago:gadgets?httpMethod=POST").createConsumer(e -> {}))
                .hasMessageContaining("A consumer cannot read gadgets");
    }

    private void page(int number, String answer) {
        sandbox.faults().on("GET", "/gadgets").when(r -> r.query().contains("page=" + number + "&")).body(answer);
    }

    private void consume(String uri) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri + "&initialDelay=0&delay=60000").to("mock:quotes");
            }
        });
    }
}
