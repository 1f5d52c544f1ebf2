package io.github.camellago.operation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.TextNode;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code toD} with values from the message. */
class DynamicUriTest extends RouteTestSupport {

    private static final String ODD = "a/b c?d#é%2F+.";

    @BeforeEach
    void customers() {
        List.of("one", "two", ODD).forEach(id -> {
            sandbox.add("customers", Map.of("external_id", id, "name", "The " + id));
        });
    }

    @Test
    void oneEndpointForAllIds() throws Exception {
        toD("lago:customers?operation=get&id=RAW(${body})&bodyType=MAP");

        for (String id : List.of("one", "two", ODD)) {
            Exchange got = send("direct:in", id);
            assertThat(got.getException()).isNull();
            assertThat(got.getMessage().getBody(Map.class)).containsEntry("name", "The " + id);
            assertThat(got.getMessage().getHeader("CamelLagoId")).isEqualTo(id);
        }
        assertThat(lagoEndpoints()).containsExactly("lago://customers?bodyType=MAP&operation=get");
    }

    @Test
    void oneEndpointForAllPaths() throws Exception {
        sandbox.add("plans", Map.of("code", "basic"));
        sandbox.add("plans", Map.of("code", "plus"));
        toD("lago:plans/{code}/charges?operation=list&path.code=${body}");

        for (String plan : List.of("basic", "plus")) {
            Exchange got = send("direct:in", plan);
            assertThat(got.getException()).isNull();
            assertThat(got.getMessage().getHeaders()).doesNotContainKey("CamelLagoPath.code");
        }
        assertThat(sandbox.requests()).extracting(r -> r.path()).containsExactly("/api/v1/plans/basic/charges",
                "/api/v1/plans/plus/charges");
        assertThat(lagoEndpoints()).containsExactly("lago://plans/%7Bcode%7D/charges?operation=list");
    }

    @Test
    void worksWithTheComponentOfAnotherAccount() throws Exception {
        context.addComponent("lago-eu", component(context, sandbox));
        toD("lago-eu:customers?operation=get&id=${body}");

        sandbox.add("customers", Map.of("external_id", "one&operation=delete", "name", "The one&operation=delete"));
        for (String id : List.of("one", ODD, "one&operation=delete")) {
            assertThat(send("direct:in", id).getMessage().getBody(Map.class)).containsEntry("name", "The " + id);
        }
        assertThat(context.getEndpoints()).extracting(Endpoint::getEndpointUri)
                .contains("lago-eu://customers?operation=get").hasSize(2);
    }

    @Test
    void noHeaderOverrulesAComputedValue() throws Exception {
        toD("lago:customers?operation=get&id=${body}");

        Exchange got = send("direct:in", "one", Map.of("CamelLagoId", "two", "CamelLagoPath.external_customer_id", "two"));
        assertThat(got.getMessage().getBody(Map.class)).containsEntry("name", "The one");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aComputedValueAddsNoOptionAndArrivesExactly(String value) throws Exception {
        sandbox.add("customers", Map.of("external_id", value));
        sandbox.add("plans", Map.of("code", value));
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:id").toD("lago:customers?operation=get&id=${body}");
                from("direct:raw").toD("lago:customers?id=RAW(${body})&operation=get");
                from("direct:segment").toD("lago:customers/${header.x}?operation=get");
                from("direct:middle").toD("lago:customers/${header.x}/wallets?operation=list");
                from("direct:path").toD("lago:plans/{code}/charges?path.code=${header.x}&operation=list");
                from("direct:filter").toD("lago:invoices?filter.external_customer_id=${header.x}&operation=list");
                from("direct:filters").toD("lago:invoices?filters=external_customer_id=${header.x}&operation=list");
                from("direct:two").toD("lago:customers/${header.x}/invoices?operation=list&filter.search_term=${body}");
            }
        });
        List<String> routes = List.of("id", "raw", "segment", "middle", "path", "filter", "filters", "two");
        for (String route : routes) {
            assertThat(send("direct:" + route, value, Map.of("x", value)).getException()).as(route).isNull();
        }

        assertThat(sandbox.requests()).hasSize(routes.size()).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.query()).doesNotContain("status=");
        });
        assertThat(sandbox.requests()).extracting(r -> decoded(r.path())).containsExactly("/api/v1/customers/" + value,
                "/api/v1/customers/" + value, "/api/v1/customers/" + value, "/api/v1/customers/" + value + "/wallets",
                "/api/v1/plans/" + value + "/charges", "/api/v1/invoices", "/api/v1/invoices",
                "/api/v1/customers/" + value + "/invoices");
        assertThat(decoded(sandbox.requests().get(5).query())).contains("external_customer_id=" + value);
        assertThat(decoded(sandbox.requests().get(6).query())).contains("external_customer_id=" + value);
        assertThat(decoded(sandbox.requests().get(7).query())).contains("search_term=" + value);
        assertThat(lagoEndpoints()).hasSize(6);
    }

    static Stream<String> hostile() {
        return Stream.of("acme&baseUrl=http://127.0.0.1:9", "acme&operation=delete", "a+b@x.com", "a&b", "a=b", "a%26b",
                "a%2526b",
                "a;status=draft", "RAW(a)&operation=delete", "a)&operation=delete", "#bean", "#class:java.lang.String",
                "{{user.home}}", "{external_customer_id}", "$simple{body}", "${body}", "a/b", "a//b", "../plans",
                "a?operation=delete",
                "a#b", "acme.com", "john@acme.com", " a b ", "\u00e9\u4e2d", "a\\b", "a\nb", "*", ODD);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Test
    void computesTheSameInWireTapAndEnrich() throws Exception {
        sandbox.add("customers", Map.of("external_id", "a&operation=delete"));
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:tap").wireTap("lago:customers?operation=get&id=${body}");
                from("direct:enrich").enrich("lago:customers?operation=get&id=${body}");
            }
        });

        send("direct:tap", "a&operation=delete");
        await().until(() -> sandbox.requestCount() == 1);
        assertThat(send("direct:enrich", "a&operation=delete").getException()).isNull();

        assertThat(sandbox.requests()).hasSize(2).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("GET");
            assertThat(decoded(request.path())).endsWith("/a&operation=delete");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "lago:customers?${body}                   | operation=list  | computes the names of options",
            "lago:customers?operation=get&${body}=acme | id             | computes the names of options",
            "lago:customers?filters=${body}           | currency=EUR    | is not of the form name=value",
            "lago:customers${body}                    | ?operation=list | is not a path of Lago",
            "lago:${body}                             | customers?operation=list&baseUrl=http://127.0.0.1:9 | is not a path of Lago",
            "lago:invoices/1/${body}                  | void?id=2       | is not a path of Lago"})
    void refusesAUriWhoseOptionsAreComputed(String uri, String body, String words) throws Exception {
        toD(uri);

        assertThat(send("direct:in", body).getException()).hasMessageContaining(words);
        assertThat(sandbox.requests()).isEmpty();
    }

    /** Camel resolves these in the options of an endpoint: it creates objects, and reads properties and the environment. */
    @ParameterizedTest
    @ValueSource(strings = {"#class:io.github.camellago.operation.DynamicUriTest$Created", " #class:java.io.File('x')",
            "#bean:lago", "#type:java.lang.String", "#autowired", "#property:user.home", "#valueAs(java.lang.String):list",
            "{{sys:user.home}}", "list{{?user.home}}", "RAW(list)", "RAW{list}"})
    void refusesAComputedOptionThatCamelWouldResolve(String value) throws Exception {
        List<String> options = List.of("perPage", "bodyType", "outputClass", "region", "baseUrl", "apiKey");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                options.forEach(option -> from("direct:" + option).toD("lago:customers?operation=list&" + option + "=${body}"));
                from("direct:operation").toD("lago:customers?operation=${body}");
                from("direct:path").toD("lago:${body}");
            }
        });
        for (String option : Stream.concat(options.stream(), Stream.of("operation")).toList()) {
            assertThat(send("direct:" + option, value).getException()).as(option)
                    .hasMessageContaining("The computed value of the option " + option + " must not begin with RAW or #");
        }
        assertThat(send("direct:path", value).getException()).hasMessageNotContaining(System.getProperty("user.home"))
                .isInstanceOfAny(IllegalArgumentException.class, ResolveEndpointFailedException.class);
        assertThat(Created.COUNT).hasValue(0);
        assertThat(sandbox.requests()).isEmpty();
    }

    /** Its instances are counted. */
    public static final class Created {
        static final AtomicInteger COUNT = new AtomicInteger();

        public Created() {
            COUNT.incrementAndGet();
        }
    }

    @Test
    void computesTheNameOfABean() throws Exception {
        context.getRegistry().bind("acmeKey", (Supplier<String>) sandbox::apiKey);
        toD("lago:customers?operation=list&credentials=#bean:${header.tenant}Key");

        assertThat(send("direct:in", null, Map.of("tenant", "acme")).getException()).isNull();
        assertThat(send("direct:in", null, Map.of("tenant", "class:java.lang.String")).getException())
                .hasMessageContaining("The computed value of the option credentials");
        assertThat(sandbox.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void anIdOfAPathThatIsNotKnownArrivesExactly(String value) throws Exception {
        toD("lago:custom/things?httpMethod=DELETE&id=${header.x}");

        send("direct:in", null, Map.of("x", value));
        assertThat(sandbox.requests()).extracting(r -> r.method() + ' ' + decoded(r.path()))
                .containsExactly("DELETE /api/v1/custom/things/" + value);
    }

    @Test
    void computesSegmentsOfThePath() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        String invoice = sandbox.add("invoices", Map.of("status", "draft")).get("lago_id").toString();
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:resource").toD("lago:${header.resource}?operation=list&page=${header.page}");
                from("direct:verb").toD("lago:invoices/${body}/${header.verb}");
                from("direct:operation").toD("lago:${header.resource}?operation=${header.operation}&id=${body}");
            }
        });

        assertThat(send("direct:resource", null, Map.of("resource", "plans", "page", "2")).getException()).isNull();
        assertThat(send("direct:resource", null, Map.of("resource", "customers/acme/wallets", "page", "1")).getException())
                .isNull();
        assertThat(send("direct:verb", invoice, Map.of("verb", "finalize")).getException()).isNull();
        assertThat(send("direct:operation", "one", Map.of("resource", "customers", "operation", "get")).getException())
                .isNull();

        assertThat(sandbox.requests()).extracting(r -> r.method() + " " + r.path()).containsExactly("GET /api/v1/plans",
                "GET /api/v1/customers/acme/wallets", "PUT /api/v1/invoices/" + invoice + "/finalize",
                "GET /api/v1/customers/one");
        assertThat(sandbox.requests().get(0).query()).contains("page=2");
    }

    @Test
    void anotherCallDoesNotGetTheValues() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                interceptSendToEndpoint("lago:customers*").to("lago:customers?operation=get");
                from("direct:in").toD("lago:customers?operation=delete&id=${body}").to("lago:customers?operation=get");
            }
        });

        Exchange exchange = send("direct:in", "two", Map.of("CamelLagoId", "one"));

        assertThat(exchange.getProperty("CamelLagoComputedOptions")).isNull();
        assertThat(sandbox.requests()).first().satisfies(r -> assertThat(r.path()).endsWith("/customers/one"));
    }

    @Test
    void aFailureLeavesTheMessageUnchanged() throws Exception {
        toD("lago:customers?operation=get&id=${body}");

        Exchange failed = send("direct:in", "nobody", Map.of("CamelLagoId", "one"));
        assertThat(failed.getException()).hasMessageContaining("nobody");
        assertThat(failed.getMessage().getHeader("CamelLagoId")).isEqualTo("one");
        assertThat(failed.getProperty("CamelLagoComputedOptions")).isNull();
        assertThat(send("direct:in", "nobody").getMessage().getHeaders()).doesNotContainKey("CamelLagoId");
    }

    @Test
    void aMissingHeaderIsNotFilledFromElsewhere() throws Exception {
        toD("lago:customers?operation=get&id=${header.missing}");

        assertThat(send("direct:in", null, Map.of("CamelLagoId", "one")).getException())
                .hasMessageContaining("needs the object's external_customer_id");
        assertThat(sandbox.requests()).isEmpty();
    }

    @Test
    void aPathOptionThatFillsNothingIsRefusedStill() throws Exception {
        toD("lago:plans?operation=get&id=basic&path.color=${body}");

        assertThat(send("direct:in", "red").getException()).hasMessageContaining("path.color fills no placeholder");
    }

    @Test
    void anIdThatIsEmptyIsMissed() throws Exception {
        toD("lago:customers?operation=get&id=${body}");

        assertThat(send("direct:in", "").getException()).hasMessageContaining("needs the object's external_customer_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:plans?operation=list&perPage=${body}", "lago:plans?operation=list&perPage=RAW(${body})",
            "lago:plans?operation=${body}", "lago:gadgets?httpMethod=GET&id=${body}", "lago:gadgets?httpMethod=${body}",
            "lago:events?batchSize=${body}"})
    void noComputedOptionAddsAnOption(String uri) throws Exception {
        toD(uri);

        try (LagoSandbox other = LagoSandbox.start()) {
            for (String value : List.of("5", "list", "GET")) {
                send("direct:in", value + "&baseUrl=" + other.baseUrl());
                send("direct:in", value + ")&baseUrl=" + other.baseUrl());
            }

            assertThat(other.requests()).isEmpty();
        }
        assertThat(sandbox.requests()).allSatisfy(r -> assertThat(decoded(r.path())).contains("/gadgets/", "&baseUrl="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lago:plans?operation=${body}", "lago:plans?operation=list&perPage=${body}",
            "lago:gadgets?httpMethod=DELETE&id=${body}", "lago:gadgets/${body}?httpMethod=DELETE"})
    void refusesAComputedOptionWithoutAValue(String uri) throws Exception {
        toD(uri);

        for (String value : Arrays.asList(null, "", " ")) {
            assertThat(send("direct:in", value).getException()).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(sandbox.requests()).isEmpty();
    }

    @Test
    void computesServersAndIdsOfUnlistedPaths() throws Exception {
        sandbox.faults().onAny().every().body("{}");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:url").toD("lago:gadgets/1?httpMethod=GET&baseUrl=${body}");
                from("direct:id").toD("lago:gadgets?httpMethod=GET&id=${body}");
                from("direct:nested").toD("lago:gadgets/{id}/parts?httpMethod=GET&path.id=7&id=${body}");
            }
        });

        send("direct:url", sandbox.baseUrl() + "/api/v1");
        Exchange got = send("direct:id", "a&b/c.d");
        send("direct:nested", "9");

        assertThat(sandbox.requests()).extracting(r -> r.path()).containsExactly("/api/v1/gadgets/1",
                "/api/v1/gadgets/a%26b%2Fc%2Ed", "/api/v1/gadgets/7/parts/9");
        assertThat(got.getMessage().getHeader("CamelLagoId")).isEqualTo("a&b/c.d");
    }

    @Test
    void filtersKeepTheirTypes() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").toD("lago:fees?operation=list&filter.created_at_from=${header.since}");
                from("direct:list").toD("lago:invoices?operation=list&filter.status=${body}");
                from("direct:customer").toD("lago:invoices?operation=list&filters=external_customer_id=${body}");
                from("direct:coupon").toD("lago:applied_coupons?operation=list&filter.coupon_code=${body}");
            }
        });

        send("direct:in", null, Map.of("since", new Date(0)));
        send("direct:list", List.of("draft", "failed"));
        send("direct:customer", new TextNode("a,b"));
        send("direct:coupon", "a,b");
        assertThat(sandbox.requests()).extracting(r -> decoded(r.query())).satisfiesExactly(
                query -> assertThat(query).contains("created_at_from=1970-01-01T00:00:00Z"),
                query -> assertThat(query).contains("statuses[]=draft&statuses[]=failed"),
                query -> assertThat(query).contains("external_customer_id=a,b"),
                query -> assertThat(query).contains("coupon_code[]=a,b"));

        assertThat(send("direct:list", List.of()).getException()).hasMessageContaining("The filter status is empty");
        assertThat(send("direct:customer", List.of()).getException())
                .hasMessageContaining("The filter external_customer_id is empty");
    }

    private void toD(String uri) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").toD(uri);
            }
        });
    }

    private List<String> lagoEndpoints() {
        return context.getEndpoints().stream().map(Endpoint::getEndpointUri).filter(uri -> uri.startsWith("lago:")).toList();
    }
}
