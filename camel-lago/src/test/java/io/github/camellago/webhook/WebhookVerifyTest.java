package io.github.camellago.webhook;

import java.io.ByteArrayInputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.LogCapture;
import io.github.camellago.api.LagoWebhookException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code to("lago:webhooks?operation=verify")} behind any HTTP server. */
class WebhookVerifyTest extends WebhookTestSupport {

    private static final String VERIFY = "lago:webhooks?operation=verify";

    private URI front(String kind) throws Exception {
        assumeRuns(kind);
        if (kind.equals("platform-http")) {
            return URI.create(server + "/front");
        }
        try (ServerSocket free = new ServerSocket(0)) {
            return URI.create("http://localhost:" + free.getLocalPort() + "/front");
        }
    }

    private static String from(String kind, URI front) {
        return kind.equals("platform-http") ? "platform-http:/front" : kind + ":" + front;
    }

    /** The recipe of the manual. */
    private URI listen(String kind, String verify) throws Exception {
        URI front = front(kind);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                onException(LagoWebhookException.class).handled(true)
                        .removeHeaders("*")
                        .setHeader(Exchange.HTTP_RESPONSE_CODE, simple("${exception.statusCode}"))
                        .setBody(constant(""));
                from(WebhookVerifyTest.from(kind, front)).to(verify).to("mock:in").setBody(constant(""));
            }
        });
        return front;
    }

    private static HttpResponse<String> post(URI front, String body, Map<String, Object> headers) throws Exception {
        return post(front, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    @ParameterizedTest
    @CsvSource({"platform-http,jwt", "platform-http,hmac", "undertow,jwt", "undertow,hmac", "jetty,jwt", "jetty,hmac"})
    void verifiesRequestsOfEachHttpServer(String kind, String algorithm) throws Exception {
        URI front = listen(kind, VERIFY + "&signatureAlgo=" + algorithm + "&hmacKey=" + sandbox.hmacKey());

        assertThat(post(front, invoice, signed(algorithm, invoice)).statusCode()).isBetween(200, 204);
        HttpResponse<String> refused = post(front, invoice + " ", signed(algorithm, invoice));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).isEmpty();
        assertThat(post(front, invoice, Map.of()).statusCode()).isEqualTo(401);
        Map<String, Object> doubled = signed(algorithm, invoice);
        doubled.put("X-Lago-Signature", List.of(doubled.get("X-Lago-Signature"), "other"));
        assertThat(post(front, invoice, doubled).statusCode()).isEqualTo(401);

        assertThat(mock("in").getExchanges()).singleElement().satisfies(e -> {
            assertThat(e.getMessage().getBody(Map.class)).containsEntry("number", "Ü-1");
            assertThat(e.getMessage().getHeaders()).containsEntry("CamelLagoWebhookType", "invoice.created")
                    .containsEntry("CamelLagoId", "inv-1").containsKey("CamelLagoWebhookUniqueKey")
                    .doesNotContainKeys("X-Lago-Signature", "X-Lago-Signature-Algorithm", "X-Lago-Unique-Key");
        });
    }

    /** A jwt signature carries the body in a header; not every server takes one of that size. */
    @ParameterizedTest
    @ValueSource(strings = {"undertow", "jetty"})
    void largeHeadersArriveWhereTheServerTakesThem(String kind) throws Exception {
        if (kind.equals("jetty")) {
            context.getComponent("jetty", org.apache.camel.component.jetty12.JettyHttpComponent12.class)
                    .setRequestHeaderSize(1024 * 1024);
        }
        String body = invoice.replace("Ü-1", "Ü".repeat(100_000));
        URI front = listen(kind, VERIFY);
        assertThat(post(front, body, signed("jwt", body)).statusCode()).isBetween(200, 204);
        assertThat(mock("in").getExchanges()).hasSize(1);
    }

    /** The example on the component page. */
    @ParameterizedTest
    @ValueSource(strings = {"platform-http", "undertow", "jetty", "servlet-like rest"})
    void refusesWith401WithoutOnException(String kind) throws Exception {
        URI front = front(kind.equals("servlet-like rest") ? "platform-http" : kind);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                if (kind.equals("servlet-like rest")) {
                    rest("/front").post().to("direct:front");
                    from("direct:front").to(VERIFY).to("mock:in").setBody(constant(null));
                } else {
                    from(WebhookVerifyTest.from(kind, front)).to(VERIFY).to("mock:in").setBody(constant(null));
                }
            }
        });
        HttpResponse<String> refused = post(front, invoice + " ", signed("jwt", invoice));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).isEmpty();
        assertThat(refused.headers().map()).doesNotContainKeys("x-lago-signature", "x-lago-unique-key");
        assertThat(mock("in").getExchanges()).isEmpty();

        assertThat(post(front, invoice, signed("jwt", invoice)).statusCode()).isIn(200, 204);
        assertThat(mock("in").getExchanges()).hasSize(1);
    }

    /** In a copy of the exchange, a stop would not keep the rest of the route from processing the forged webhook. */
    @ParameterizedTest
    @ValueSource(strings = {"multicast", "multicast with original", "enrich", "split", "try", "direct"})
    void stopsTheRouteWhereverItVerifies(String how) throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:verify").to(VERIFY).to("mock:in");
                var route = from("platform-http:/front");
                switch (how) {
                    case "multicast" -> route.multicast().stopOnException().to("direct:verify").end().to("mock:in");
                    case "multicast with original" -> route.multicast(AggregationStrategies.useOriginal()).stopOnException()
                            .to("direct:verify").end().to("mock:in");
                    case "enrich" -> route.enrich("direct:verify").to("mock:in");
                    case "split" -> route.split(body()).stopOnException().to("direct:verify").end().to("mock:in");
                    case "try" -> route.doTry().to("direct:verify").doCatch(IllegalStateException.class).end().to("mock:in");
                    default -> route.to("direct:verify").to("mock:in");
                }
            }
        });
        assertThat(post(front("platform-http"), invoice + " ", signed("jwt", invoice)).statusCode())
                .isGreaterThanOrEqualTo(401);
        assertThat(mock("in").getExchanges()).isEmpty();
    }

    @Test
    void refusesWith413WithoutOnException() throws Exception {
        URI front = front("jetty");
        route(from("jetty", front), VERIFY + "&maxBodySize=50");
        assertThat(post(front, invoice, signed("jwt", invoice)).statusCode()).isEqualTo(413);
    }

    /** Without an HTTP server nobody reads a status: the caller must not take a refused message for a processed one. */
    @Test
    void throwsToCallersOtherThanHttpServers() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:webhook").to(VERIFY).to("mock:in");
            }
        });
        Map<String, Object> headers = signed("jwt", invoice);
        headers.put("CamelHttpMethod", "POST");
        assertThat(send("direct:webhook", invoice + " ", headers).getException()).isInstanceOf(LagoWebhookException.class);
        assertThat(mock("in").getExchanges()).isEmpty();
    }

    @Test
    void keepsNoHeaderOfTheRequest() throws Exception {
        Map<String, Object> headers = signed("jwt", invoice);
        for (String name : List.of("lago_id", "external_customer_id", "CamelLagoPath.lago_id", "CamelLagoFilter",
                "CamelLagoPage",
                "camellagoid", "CamelFileName", "CamelHttpUri")) {
            headers.put(name, "other");
        }
        assertThat(List.copyOf(send(VERIFY, invoice, headers).getMessage().getHeaders().keySet()))
                .allSatisfy(name -> assertThat(name).startsWith("CamelLago"))
                .doesNotContain("CamelLagoPath.lago_id", "CamelLagoFilter", "CamelLagoPage", "camellagoid");
    }

    /** The charset of the request is not signed. It would change the bytes of texts that the route writes. */
    @ParameterizedTest
    @ValueSource(strings = {"platform-http", "undertow", "jetty"})
    void ignoresTheCharsetOfTheRequest(String kind) throws Exception {
        URI front = front(kind);
        route(from(kind, front), "direct:verify");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:verify").to(VERIFY + "&bodyType=JSON").convertBodyTo(byte[].class).to("mock:in")
                        .setBody(constant(""));
            }
        });
        var request = java.net.http.HttpRequest.newBuilder(front).header("Content-Type", "application/json;charset=UTF-16BE");
        signed("jwt", invoice).forEach((name, value) -> request.header(name, value.toString()));
        request.POST(java.net.http.HttpRequest.BodyPublishers.ofString(invoice));
        assertThat(HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode()).isIn(200, 204);
        assertThat(new String(mock("in").getExchanges().get(0).getMessage().getBody(byte[].class), StandardCharsets.UTF_8))
                .contains("\"number\":\"Ü-1\"");
    }

    @Test
    void bodiesMayBeOfAnyFormThatKeepsTheBytes() throws Exception {
        byte[] bytes = invoice.getBytes(StandardCharsets.UTF_8);
        for (Object body : List.of(bytes, invoice, new ByteArrayInputStream(bytes),
                new InputStreamCache(bytes), java.nio.ByteBuffer.wrap(bytes))) {
            Exchange exchange = send(VERIFY, body, signed("jwt", invoice));
            assertThat(exchange.getException()).as(body.getClass().getName()).isNull();
            assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("lago_id", "inv-1");
        }
    }

    @Test
    void aBodyThatWasParsedCannotBeVerified() {
        Exchange exchange = send(VERIFY, Map.of("webhook_type", "invoice.created"), signed("jwt", invoice));
        assertThat(exchange.getException()).isInstanceOf(LagoWebhookException.class)
                .hasMessageContaining("the route has parsed it");
    }

    @Test
    void headersOfAnyCaseAreFoundInAnyMap() {
        Map<String, Object> headers = new HashMap<>();
        signed("jwt", invoice).forEach((name, value) -> headers.put(name.toUpperCase(java.util.Locale.ROOT), value));
        assertThat(send(VERIFY, invoice, headers).getException()).isNull();
    }

    @Test
    void theExceptionSaysWhyAndShowsNoSecret() {
        Map<String, Object> headers = signed("hmac", invoice);
        String good = (String) headers.get("X-Lago-Signature");
        headers.put("X-Lago-Signature", "forged-" + good);
        Exchange exchange = send(VERIFY + "&signatureAlgo=hmac&hmacKey=" + sandbox.hmacKey(), invoice, headers);
        assertThat(exchange.getException()).isInstanceOfSatisfying(LagoWebhookException.class, e -> {
            assertThat(e.getStatusCode()).isEqualTo(401);
            assertThat(e.getCode()).isEqualTo(LagoWebhookException.SIGNATURE_INVALID);
        });
        assertThat(org.apache.camel.util.ObjectHelper.getException(Exception.class, exchange.getException()))
                .hasMessage("The hmac signature does not match this body and the option hmacKey");
        assertThat(org.apache.camel.support.ExceptionHelper.stackTraceToString(exchange.getException()))
                .doesNotContain(good).doesNotContain(sandbox.hmacKey());
        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(401);
    }

    @Test
    void aHeaderOfTheRequestDoesNotReplaceTheOperation() {
        Exchange exchange = send(VERIFY, invoice, Map.of("CamelLagoOperation", "public_key"));
        assertThat(exchange.getException()).isInstanceOf(LagoWebhookException.class);
    }

    @Test
    void verifyIsTheDefaultOperation() {
        assertThat(send("lago:webhooks", invoice, signed("jwt", invoice)).getMessage().getHeader("CamelLagoWebhookType"))
                .isEqualTo("invoice.created");
        assertThat(send("lago:webhooks?operation=public_key", null).getMessage().getBody(String.class)).isNotBlank();
    }

    /** The webhook says what it is about, but not what the next call is to do. */
    @Test
    void theNextCallKnowsTheObject() throws Exception {
        sent("lago:customers", Map.of("external_id", "acme", "name", "Acme"));
        String body = body("customer.created", "customer", "{\"external_id\":\"acme\"}");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:webhook").to(VERIFY).to("lago:customers?operation=get");
            }
        });
        assertThat(send("direct:webhook", body, signed("jwt", body)).getMessage().getBody(Map.class))
                .containsEntry("name", "Acme");
    }

    @Override
    public void configureTest(TestExecutionConfiguration configuration) {
        super.configureTest(configuration);
        configuration.withEnableJMX();
    }

    @Test
    void theHmacKeyIsMasked() throws Exception {
        route(webhook("signatureAlgo=hmac", "hmacKey=topmost", "webhookAutoRegister=false"), "mock:in");
        assertThat(context.getEndpoints()).extracting(Object::toString).noneMatch(s -> s.contains("topmost"))
                .anyMatch(s -> s.contains("hmacKey=xxxxxx"));
        assertThat(org.apache.camel.support.CamelContextHelper.containsSensitive(context, "camel.component.lago.hmac-key"))
                .isTrue();
        var server = java.lang.management.ManagementFactory.getPlatformMBeanServer();
        var name = new javax.management.ObjectName("org.apache.camel:context=" + context.getName() + ",type=routes,*");
        assertThat(server.queryNames(name, null)).isNotEmpty().allSatisfy(bean -> assertThat(
                server.getAttribute(bean, "EndpointUri").toString()).contains("hmacKey=xxxxxx").doesNotContain("topmost"));
    }

    @Test
    void neitherKeyNorSignatureIsLogged() throws Exception {
        Map<String, Object> headers = signed("hmac", invoice);
        try (LogCapture log = LogCapture.from(Level.DEBUG)) {
            onWebhook(r -> r.to("mock:in"), "signatureAlgo=hmac", "hmacKey=" + sandbox.hmacKey());
            post(invoice, headers);
            post(invoice + " ", headers);
            context.stop();
            assertThat(log.lines()).anyMatch(l -> l.contains("Refused a webhook with 401"))
                    .noneMatch(l -> l.contains(sandbox.hmacKey()))
                    .noneMatch(l -> l.contains((String) headers.get("X-Lago-Signature")));
        }
    }
}
