package io.github.camellago.operation;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** No digit is lost on the way in or out, in whatever form a body has. */
class ExactBodiesTest extends RouteTestSupport {

    private static final String EXACT = "{\"invoice\":{\"lago_id\":\"1\",\"total\":90071992547409931234567890,"
            + "\"rate\":0.1000000000000000055511151231257827,\"units\":\"12.50\",\"zero\":1.00,\"tiny\":1e-30,\"note\":\"é ☃ \\\"q\\\"\"}}";

    /** As a route's own class might be. */
    public record Tax(@JsonProperty("code") String code, @JsonProperty("name") String name,
            @JsonProperty("rate") BigDecimal rate) {}

    static List<Object> bodies() throws Exception {
        String bare = "{\"code\":\"vat\",\"name\":\"TVA à 20 %\",\"rate\":\"20.0\"}";
        String wrapped = "{\"tax\":" + bare + "}";
        byte[] bytes = bare.getBytes(StandardCharsets.UTF_8);
        return List.of(bare, wrapped, bytes, new ByteArrayInputStream(bytes), new ObjectMapper().readTree(bare),
                new ObjectMapper().readTree(wrapped), Map.of("code", "vat", "name", "TVA à 20 %", "rate", "20.0"),
                Map.of("tax", Map.of("code", "vat", "name", "TVA à 20 %", "rate", "20.0")),
                new Tax("vat", "TVA à 20 %", new BigDecimal("20.0")));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void in(Object body) throws Exception {
        sent("lago:taxes", body);

        assertThat(sandbox.records("taxes")).singleElement().satisfies(t -> {
            assertThat(t).containsEntry("code", "vat").containsEntry("name", "TVA à 20 %");
            assertThat(new BigDecimal(t.get("rate").toString())).isEqualByComparingTo("20");
        });
        assertThat(sandbox.requests()).singleElement()
                .satisfies(r -> assertThat(new ObjectMapper().readTree(r.body()).fieldNames()).toIterable()
                        .containsExactly("tax"));
    }

    @Test
    void amountsGoOutAsTheyAre() throws Exception {
        sent("lago:taxes", Map.of("code", "a", "name", "A", "rate", new BigDecimal("0.00000000000000000000000012300"), "n",
                new BigInteger("123456789012345678901234567890")));

        assertThat(sandbox.requests().get(0).body()).contains("0.00000000000000000000000012300")
                .contains("123456789012345678901234567890");
    }

    @Test
    void rejectsABodyThatIsNotJson() {
        assertThat(send("lago:taxes", "code=vat").getException())
                .hasMessageStartingWith(
                        "The body for the operation create of taxes (POST taxes) is not usable: it is not JSON: ");
        assertThat(send("lago:taxes", "[1]").getException())
                .hasMessageStartingWith("The body for the operation create of taxes (POST taxes) is not usable: ");
        assertThat(send("lago:taxes", null).getException()).hasMessage(
                "The operation create of taxes (POST taxes) needs a body: a Map, a POJO or JSON with the fields of the tax");
        assertThat(sandbox.requestCount()).isZero();
    }

    @Test
    void mapsAreExact() {
        Map<?, ?> invoice = get("").getMessage().getBody(Map.class);

        assertThat(invoice.get("total")).isEqualTo(new BigInteger("90071992547409931234567890"));
        assertThat(invoice.get("rate")).isEqualTo(new BigDecimal("0.1000000000000000055511151231257827"));
        assertThat(invoice.get("zero")).isEqualTo(new BigDecimal("1.00"));
        assertThat(invoice.get("units")).isEqualTo("12.50");
        assertThat(invoice.get("note")).isEqualTo("é ☃ \"q\"");
    }

    @Test
    void jsonIsAsLagoSentIt() {
        String inner = EXACT.substring("{\"invoice\":".length(), EXACT.length() - 1);

        assertThat(get("&bodyType=JSON").getMessage().getBody()).isEqualTo(inner);
    }

    @Test
    void jsonNodesAreExact() {
        JsonNode invoice = (JsonNode) get("&bodyType=JSON_NODE").getMessage().getBody();

        assertThat(invoice.get("total").bigIntegerValue()).isEqualTo(new BigInteger("90071992547409931234567890"));
        assertThat(invoice.get("rate").decimalValue()).isEqualTo(new BigDecimal("0.1000000000000000055511151231257827"));
        assertThat(invoice.get("zero").decimalValue()).isEqualTo(new BigDecimal("1.00"));
    }

    @Test
    void bindsClassesOfTheUser() throws Exception {
        sandbox.add("taxes", Map.of("code", "vat", "name", "VAT", "rate", new BigDecimal("5.50")));
        String uri = "lago:taxes?outputClass=" + Tax.class.getName();

        assertThat(sent(uri + "&operation=get&id=vat", null).getMessage().getBody())
                .isEqualTo(new Tax("vat", "VAT", new BigDecimal("5.50")));
        assertThat(sent(uri + "&operation=list", null).getMessage().getBody(List.class))
                .containsExactly(new Tax("vat", "VAT", new BigDecimal("5.50")));
    }

    @Test
    void listsHaveEachBodyType() throws Exception {
        sandbox.add("taxes", Map.of("code", "vat"));

        assertThat(sent("lago:taxes?operation=list", null).getMessage().getBody(List.class).get(0)).isInstanceOf(Map.class);
        assertThat(sent("lago:taxes?operation=list&bodyType=JSON", null).getMessage().getBody(List.class).get(0)).asString()
                .startsWith("{").contains("\"code\":\"vat\"");
        assertThat(sent("lago:taxes?operation=list&bodyType=JSON_NODE", null).getMessage().getBody(List.class).get(0))
                .isInstanceOf(JsonNode.class);
    }

    private Exchange get(String options) {
        sandbox.faults().on("GET", "/invoices/1").status(200).body(EXACT);
        Exchange exchange = send("lago:invoices?operation=get&id=1" + options, null);
        assertThat(exchange.getException()).isNull();
        return exchange;
    }
}
