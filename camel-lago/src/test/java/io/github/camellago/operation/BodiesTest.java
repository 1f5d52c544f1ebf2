package io.github.camellago.operation;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.LagoConstants;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.World;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** The bodies of requests, with and without their root key, and the bodies of responses. */
class BodiesTest extends RouteTestSupport {

    private static final String WITHOUT = "{\"external_id\":\"é1\",\"name\":\"Acme\",\"net_payment_term\":30}";
    private static final String WITH = "{\"customer\":" + WITHOUT + "}";

    /** A class of the user's. */
    public record Customer(@JsonProperty("external_id") String externalId, String name,
            @JsonProperty("net_payment_term") Integer netPaymentTerm) {}

    /** The same with its root key. */
    public record Request(Customer customer) {}

    static Stream<Arguments> forms() {
        Map<String, Function<String, Object>> forms = new LinkedHashMap<>();
        forms.put("String", json -> json);
        forms.put("StringBuilder", StringBuilder::new);
        forms.put("bytes", BodiesTest::bytes);
        forms.put("InputStream", json -> new ByteArrayInputStream(bytes(json)));
        forms.put("Reader", StringReader::new);
        forms.put("JsonNode", World::parse);
        forms.put("Map", json -> World.JSON.convertValue(World.parse(json), Map.class));
        forms.put("POJO",
                json -> json.equals(WITH)
                        ? World.JSON.convertValue(World.parse(json), Request.class)
                        : World.JSON.convertValue(World.parse(json), Customer.class));
        return forms.entrySet().stream().flatMap(form -> Stream.of(WITHOUT, WITH)
                .map(json -> arguments(form.getKey() + (json.equals(WITH) ? " with its root key" : ""),
                        form.getValue().apply(json))));
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void everyFormArrivesTheSame(String name, Object body) throws Exception {
        Exchange exchange = sent("lago:customers", body);

        assertThat(World.parse(sandbox.requests().get(0).body())).isEqualTo(World.parse(WITH));
        assertThat(sandbox.requests().get(0).header("Content-Type")).startsWith("application/json");
        assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("external_id", "é1")
                .containsEntry("net_payment_term", 30);
    }

    @Test
    void readsTheBodyFromAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("customer.json"), WITHOUT);

        sent("lago:customers", file.toFile());
        route("file:" + folder + "?noop=true", "lago:customers");

        org.awaitility.Awaitility.await().until(() -> sandbox.requestCount() == 2);
        assertThat(sandbox.requests()).allSatisfy(r -> assertThat(World.parse(r.body())).isEqualTo(World.parse(WITH)));
    }

    @Test
    void aRootKeyWithAScalarIsAField() throws Exception {
        sent("lago:taxes", "{\"tax\":\"x\",\"code\":\"vat\",\"name\":\"VAT\",\"rate\":\"20\"}");

        assertThat(World.parse(sandbox.requests().get(0).body()).at("/tax/tax").asText()).isEqualTo("x");
    }

    @Test
    void keepsFieldsBesideTheRootKey() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        sandbox.add("plans", Map.of("code", "p", "interval", "monthly", "amount_currency", "EUR"));
        String body = "{\"authorization\":{\"amount_cents\":1},\"subscription\":{\"external_customer_id\":\"acme\",\"plan_code\":\"p\","
                + "\"external_id\":\"s\"}}";
        // Lago has authorizations for some organizations only, and for others refuses this call
        send("lago:subscriptions", body);

        assertThat(World.parse(sandbox.requests().get(0).body())).isEqualTo(World.parse(body));
    }

    @Test
    void keepsAnAnswersAuthorization() {
        try (LagoSandbox stripe = LagoSandbox.builder().paymentAuthorization(true).start()) {
            stripe.add("customers",
                    Map.of("external_id", "acme", "billing_configuration", Map.of("payment_provider", "stripe")));
            stripe.add("plans", Map.of("code", "p", "interval", "monthly", "amount_currency", "EUR"));
            Exchange answer = send("lago:subscriptions?apiKey=" + stripe.apiKey() + "&baseUrl=" + stripe.baseUrl(),
                    "{\"authorization\":{\"amount_cents\":1,\"amount_currency\":\"EUR\"},\"subscription\":"
                            + "{\"external_customer_id\":\"acme\",\"plan_code\":\"p\",\"external_id\":\"s\"}}");

            assertThat(answer.getException()).isNull();
            assertThat(answer.getMessage().getBody(Map.class)).containsOnlyKeys("authorization", "subscription");
            assertThat(answer.getMessage().getHeader(LagoConstants.ID)).isEqualTo("s");
        }
    }

    @Test
    void amountsStayExact() throws Exception {
        String exact = "{\"external_id\":\"a\",\"name\":12345678901234567890123456789012345.678901234567890123456789,\"n\":1.10}";
        sent("lago:customers", exact);
        sent("lago:customers", Map.of("external_id", "a", "n", new java.math.BigDecimal("1E+3")));

        assertThat(sandbox.requests().get(0).body()).isEqualTo("{\"customer\":" + exact + "}");
        assertThat(sandbox.requests().get(1).body()).contains("\"n\":1000");
    }

    @Test
    void theResponseHasTheTypeOfBodyType() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme", "name", "Acme"));
        String uri = "lago:customers?operation=get&id=acme";

        assertThat(sent(uri, null).getMessage().getBody()).isInstanceOf(Map.class);
        assertThat(sent(uri + "&bodyType=JSON", null).getMessage().getBody()).isInstanceOf(String.class)
                .asString().startsWith("{\"lago_id\":").doesNotContain("\"customer\":");
        assertThat(sent(uri + "&bodyType=JSON_NODE", null).getMessage().getBody()).isInstanceOf(JsonNode.class);
        assertThat(sent(uri + "&outputClass=io.github.camellago.operation.BodiesTest%24Customer", null).getMessage().getBody())
                .isEqualTo(new Customer("acme", "Acme", null));
        assertThat(sent("lago:customers?operation=list&bodyType=JSON", null).getMessage().getBody(java.util.List.class))
                .singleElement().isInstanceOf(String.class);
    }

    @Test
    void aStreamIsSentAgainWhenTheRouteTriesAgain() throws Exception {
        sandbox.faults().on("POST", "/customers").times(1).status(422);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class).maximumRedeliveries(1).redeliveryDelay(1);
                from("direct:in").to("lago:customers").to("mock:out");
            }
        });
        mock("out").expectedMessageCount(1);
        template.sendBody("direct:in", new ByteArrayInputStream(bytes(WITHOUT)));
        mock("out").assertIsSatisfied();
        assertThat(sandbox.requests()).hasSize(2)
                .allSatisfy(r -> assertThat(World.parse(r.body())).isEqualTo(World.parse(WITH)));
    }

    @Test
    void anOptionalBodyIsSentWhereItIsGiven() throws Exception {
        sandbox.add("customers", Map.of("external_id", "acme"));
        String id = sandbox.add("invoices", Map.of("external_customer_id", "acme", "total_amount_cents", 100)).get("lago_id")
                .toString();

        sent("lago:invoices?operation=retry_payment&id=" + id, Map.of("payment_method_type", "manual"));
        sent("lago:invoices?operation=void&id=" + id, "");

        assertThat(sandbox.requests().get(0).body()).isEqualTo("{\"payment_method\":{\"payment_method_type\":\"manual\"}}");
        assertThat(sandbox.requests().get(1).body()).isEmpty();
    }

    @Test
    void rejectsAnAuthorizationThatLagoWouldIgnore() {
        Map<String, Object> subscription = Map.of("external_id", "s", "plan_code", "p", "external_customer_id", "c",
                "authorization", Map.of("amount_cents", 1, "amount_currency", "EUR"));

        for (Object body : List.of(subscription, Map.of("subscription", subscription))) {
            assertThat(send("lago:subscriptions?operation=create", body).getException())
                    .hasMessage("Lago ignores authorization in a subscription. Write it beside the root key:"
                            + " {\"subscription\": {...}, \"authorization\": {...}}");
        }
        assertThat(sandbox.requests()).isEmpty();
    }
}
