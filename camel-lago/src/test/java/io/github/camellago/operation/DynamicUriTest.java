package io.github.camellago.operation;

import java.util.List;
import java.util.Map;

import io.github.camellago.RouteTestSupport;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code toD} with an id, or a path's placeholder, from the message: one endpoint does for all of them. */
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
    void aHeaderWinsOverTheOption() throws Exception {
        sandbox.add("plans", Map.of("code", "plus"));
        toD("lago:customers?operation=get&id=${body}");

        assertThat(send("direct:in", "one", Map.of("CamelLagoId", "two")).getMessage().getBody(Map.class))
                .containsEntry("name", "The two");
    }

    @Test
    void theOptionWinsOverWhatAnEarlierCallReported() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("lago:customers?operation=get&id=one").setBody(constant("two"))
                        .toD("lago:customers?operation=get&id=${body}");
            }
        });

        assertThat(send("direct:in", null).getMessage().getBody(Map.class)).containsEntry("name", "The two");
    }

    @Test
    void afterAFailureTheHeadersAreAsBefore() throws Exception {
        toD("lago:customers?operation=get&id=${body}");

        Exchange failed = send("direct:in", "nobody", Map.of("CamelLagoId", ""));
        assertThat(failed.getException()).hasMessageContaining("nobody");
        assertThat(failed.getMessage().getHeader("CamelLagoId")).isEqualTo("");
        assertThat(send("direct:in", "nobody").getMessage().getHeaders()).doesNotContainKey("CamelLagoId");
    }

    @Test
    void aPathOptionThatFillsNothingIsRefusedStill() throws Exception {
        toD("lago:plans?operation=get&id=basic&path.colour=${body}");

        assertThat(send("direct:in", "red").getException()).hasMessageContaining("path.colour fills no placeholder");
    }

    @Test
    void anIdThatIsEmptyIsMissed() throws Exception {
        toD("lago:customers?operation=get&id=${body}");

        assertThat(send("direct:in", "").getException()).hasMessageContaining("needs the object's external_customer_id");
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
