package io.github.camellago.webhook;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.api.LagoValidationException;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.webhook.WebhookCapableEndpoint;
import org.apache.camel.component.webhook.WebhookComponent;
import org.apache.camel.component.webhook.WebhookEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.SupervisingRouteController;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Routes register their URLs at Lago. */
class WebhookRegistrationTest extends WebhookTestSupport {

    private List<Map<String, Object>> endpoints() {
        return sandbox.records("webhook_endpoints");
    }

    private Map<String, Object> only() {
        assertThat(endpoints()).hasSize(1);
        return endpoints().get(0);
    }

    private long calls(String method) {
        return sandbox.requests().stream().filter(r -> r.method().equals(method) && r.path().contains("webhook_endpoints"))
                .count();
    }

    @Test
    void registersOnStartAndRemovesOnStopWithRemoveOnStop() throws Exception {
        onWebhook(r -> r.to("mock:in"), "removeOnStop=true");
        assertThat(only()).containsEntry("webhook_url", hook()).containsEntry("signature_algo", "jwt")
                .containsEntry("event_types", null);
        context.stop();
        assertThat(endpoints()).isEmpty();
    }

    @Test
    void registersTypesAndAlgorithm() throws Exception {
        onWebhook(r -> r.to("mock:in"), "signatureAlgo=hmac", "hmacKey=k", "eventTypes=invoice.created,event.error");
        assertThat(only()).containsEntry("signature_algo", "hmac")
                .containsEntry("event_types", List.of("event.error", "invoice.created"));
    }

    @Test
    void keepsTheEndpointOnStopByDefault() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        context.stop();
        assertThat(only()).containsEntry("webhook_url", hook());
    }

    @Test
    void callsNothingWithoutAutoRegister() throws Exception {
        sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "jwt"));
        onWebhook(r -> r.to("mock:in"), "webhookAutoRegister=false", "eventTypes=invoice.created");
        assertThat(post(invoice, signed("jwt", invoice)).statusCode()).isEqualTo(200);
        context.stop();
        assertThat(only()).containsEntry("event_types", null);
        assertThat(calls("GET") + calls("POST") + calls("PUT") + calls("DELETE")).isZero();
    }

    @Test
    void usesAnEndpointWithTheSameUrl() throws Exception {
        sandbox.add("webhook_endpoints", Map.of("webhook_url", hook() + "/other", "signature_algo", "jwt"));
        String id = (String) sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "jwt",
                "event_types", List.of("plan.created", "invoice.created"))).get("lago_id");
        onWebhook(r -> r.to("mock:in"), "eventTypes=invoice.created,plan.created", "removeOnStop=true");
        assertThat(endpoints()).hasSize(2).anySatisfy(e -> assertThat(e).containsEntry("lago_id", id));
        assertThat(calls("POST") + calls("PUT")).as("writes").isZero();
        context.stop();
        assertThat(only()).containsEntry("webhook_url", hook() + "/other");
    }

    @Test
    void updatesTypesAndAlgorithmOfAnEndpointWithTheSameUrl() throws Exception {
        String id = (String) sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "hmac",
                "event_types", List.of("plan.created"))).get("lago_id");
        onWebhook(r -> r.to("mock:in"));
        assertThat(only()).containsEntry("lago_id", id).containsEntry("signature_algo", "jwt")
                .containsEntry("event_types", null);
        assertThat(calls("POST")).isZero();
    }

    /** Two instances start at the same time. Neither sees the endpoint of the other, so both try to create it. */
    @Test
    void usesAnEndpointThatAnotherInstanceHasJustCreated() throws Exception {
        sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "jwt"));
        sandbox.faults().on("GET", "/webhook_endpoints").times(1)
                .body("{\"webhook_endpoints\":[],\"meta\":{\"next_page\":null}}");
        onWebhook(r -> r.to("mock:in"));
        assertThat(only()).containsEntry("webhook_url", hook());
        assertThat(sandbox.statusCount(422)).isEqualTo(1);
    }

    @Test
    void createsNoSecondEndpointAfterALostAnswer() throws Exception {
        sandbox.faults().on("POST", "/webhook_endpoints").times(1).dropAfter();
        onWebhook(r -> r.to("mock:in"));
        assertThat(only()).containsEntry("webhook_url", hook());
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void outlivesAProxysTroubleWhileItCreates(int status) throws Exception {
        sandbox.faults().on("POST", "/webhook_endpoints").times(2).html(status);
        onWebhook(r -> r.to("mock:in"));
        assertThat(only()).containsEntry("webhook_url", hook());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"GET | {}", "GET | {\"status\":500}", "POST | {}", "POST | {\"webhook_endpoint\":{}}",
            "PUT | {}", "PUT | []"})
    void doesNotTakeAForeignAnswerForARegistration(String method, String body) {
        if (method.equals("PUT")) {
            sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "hmac"));
        }
        sandbox.faults().on(method, "/webhook_endpoints**").body(body, "application/json");
        assertThatThrownBy(() -> onWebhook(r -> r.to("mock:in"), "maxRetries=1"))
                .hasStackTraceContaining("with a body that is not the expected JSON");
    }

    @Test
    void failsIfLagoHasTenEndpoints() {
        for (int i = 0; i < 10; i++) {
            sandbox.add("webhook_endpoints", Map.of("webhook_url", "https://example.org/" + i, "signature_algo", "jwt"));
        }
        assertThatThrownBy(() -> onWebhook(r -> r.to("mock:in"))).hasStackTraceContaining(
                "Lago has 10 webhook endpoints for this organization").hasStackTraceContaining("operation=delete")
                .satisfies(e -> assertThat(org.apache.camel.util.ObjectHelper.getException(LagoValidationException.class, e))
                        .isNotNull());
        assertThat(endpoints()).hasSize(10);
    }

    @Test
    void failsIfThePermissionIsMissing() {
        String key = sandbox.createKey("webhook_jwt_public_key:read", "webhook_endpoint:read");
        assertThatThrownBy(() -> onWebhook(r -> r.to("mock:in"), "apiKey=" + key))
                .hasStackTraceContaining("LagoPermissionException").hasStackTraceContaining("webhook_endpoint");
    }

    @Test
    void stopsIfLagoFails() throws Exception {
        onWebhook(r -> r.to("mock:in"), "removeOnStop=true");
        sandbox.faults().on("DELETE", "/webhook_endpoints/*").status(500);
        context.stop();
        assertThat(context.isStopped()).isTrue();
        assertThat(only()).containsEntry("webhook_url", hook());
    }

    @Test
    void stopsIfTheEndpointIsGone() throws Exception {
        onWebhook(r -> r.to("mock:in"), "removeOnStop=true");
        sandbox.remove("webhook_endpoints", (String) only().get("lago_id"));
        context.stop();
        assertThat(calls("DELETE")).isEqualTo(1);
    }

    /** Their URIs differ only in options of camel-webhook, so they share one endpoint. */
    @Test
    void registersRoutesThatDifferOnlyInTheirPath() throws Exception {
        assumeOfThisRelease(WebhookComponent.class);
        String one = webhook("removeOnStop=true").replace("/hook", "/one");
        String two = webhook("removeOnStop=true").replace("/hook", "/two");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(one).routeId("one").to("mock:one");
                from(two).routeId("two").to("mock:two");
            }
        });
        assertThat(endpoints()).extracting(e -> e.get("webhook_url"))
                .containsExactlyInAnyOrder(server + "/one", server + "/two");
        mock("one").expectedMessageCount(1);
        mock("two").expectedMessageCount(1);
        sandbox.sendWebhook("plan.created", "plan", Map.of("code", "p"));
        mock("one").assertIsSatisfied();
        mock("two").assertIsSatisfied();
        for (String route : List.of("one", "two")) {
            context.getRouteController().stopRoute(route);
            assertThat(only()).containsEntry("webhook_url", server + (route.equals("one") ? "/two" : "/one"));
            context.getRouteController().startRoute(route);
            assertThat(endpoints()).hasSize(2);
        }
        context.stop();
        assertThat(endpoints()).isEmpty();
    }

    @Test
    void ignoresASlashAtTheEndOfTheUrl() throws Exception {
        route(webhook().replace("webhookExternalUrl=" + server, "webhookExternalUrl=" + server + "/"), "mock:in");
        assertThat(only()).containsEntry("webhook_url", hook());
    }

    @ParameterizedTest
    @CsvSource({"hmac,jwt", "jwt,hmac"})
    void updatesAnotherAlgorithmAlone(String before, String after) throws Exception {
        String id = (String) sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", before))
                .get("lago_id");
        onWebhook(r -> r.to("mock:in"), "signatureAlgo=" + after, "hmacKey=" + sandbox.hmacKey());
        assertThat(only()).containsEntry("lago_id", id).containsEntry("signature_algo", after);
        mock("in").expectedMessageCount(1);
        sandbox.sendWebhook("plan.created", "plan", Map.of("code", "p"));
        mock("in").assertIsSatisfied();
    }

    @Test
    void updatesOtherTypesAlone() throws Exception {
        sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "jwt", "event_types", List.of()));
        onWebhook(r -> r.to("mock:in"));
        assertThat(only()).containsEntry("event_types", null);
    }

    @Test
    void registersAgainWhenTheRouteStartsAgain() throws Exception {
        assumeOfThisRelease(WebhookComponent.class);
        onWebhook(r -> r.to("mock:in"));
        context.getRouteController().stopRoute("hook");
        sandbox.remove("webhook_endpoints", (String) only().get("lago_id"));
        context.getRouteController().startRoute("hook");
        assertThat(only()).containsEntry("webhook_url", hook());
    }

    /** A rolling update: the new instance starts before the old one stops, both on one URL. */
    @Test
    void keepsTheEndpointOfAnotherInstanceOnStop() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        try (CamelContext old = new DefaultCamelContext()) {
            old.addComponent("lago", component(old, sandbox));
            old.addRoutes(new RouteBuilder() {
                @Override
                public void configure() throws Exception {
                    restConfiguration().component("jetty").host("localhost").port(freePort());
                    from(webhook().replace("platform-http", "jetty")).to("mock:old");
                }
            });
            old.start();
        }
        mock("in").expectedMessageCount(1);
        sandbox.sendWebhook("plan.created", "plan", Map.of("code", "p"));
        mock("in").assertIsSatisfied();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{\"lago_id\":\"e-1\",\"webhook_url\":\"https://example.org/other\"}]"})
    void endsAtANextPageThatNeverEnds(String page) throws Exception {
        sandbox.faults().on("GET", "/webhook_endpoints").every()
                .body("{\"webhook_endpoints\":" + page + ",\"meta\":{\"next_page\":2}}");
        onWebhook(r -> r.to("mock:in"));
        assertThat(only()).containsEntry("webhook_url", hook());
        assertThat(calls("GET")).isLessThanOrEqualTo(2);
    }

    @Test
    void findsAnEndpointOnALaterPage() throws Exception {
        sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "jwt"));
        sandbox.faults().on("GET", "/webhook_endpoints").times(1).body(
                "{\"webhook_endpoints\":[{\"lago_id\":\"e-1\",\"webhook_url\":\"https://example.org/other\"}],\"meta\":{\"next_page\":2}}");
        sandbox.faults().on("GET", "/webhook_endpoints").when(r -> r.query().contains("page=2")).body(
                "{\"webhook_endpoints\":[{\"lago_id\":\"e-2\",\"webhook_url\":\"" + hook()
                        + "\",\"signature_algo\":\"jwt\",\"event_types\":null}],\"meta\":{\"next_page\":null}}");
        onWebhook(r -> r.to("mock:in"));
        assertThat(calls("POST") + calls("PUT")).isZero();
    }

    /** Registers a URL and exits, as Camel's WebhookRoutePolicyFactory does. */
    @Test
    void registersAndRemovesByHand() throws Exception {
        onWebhook(r -> r.to("mock:in"), "webhookAutoRegister=false");
        WebhookCapableEndpoint lago = context.getRoute("hook").getEndpoint() instanceof WebhookEndpoint e
                ? e.getEndpoint()
                : null;
        lago.registerWebhook();
        assertThat(only()).containsEntry("webhook_url", hook());
        lago.unregisterWebhook();
        assertThat(endpoints()).isEmpty();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** A route that is not registered must not look as if it were started. */
    @Test
    void supervisedRouteStartsOnlyOnceRegistered() throws Exception {
        int port = freePort();
        URI hook = URI.create("http://localhost:" + port + "/hook");
        sandbox.faults().on("POST", "/webhook_endpoints").every().status(500);
        try (CamelContext supervised = new DefaultCamelContext()) {
            SupervisingRouteController controller = supervised.getRouteController().supervising();
            controller.setBackOffDelay(20);
            controller.setBackOffMultiplier(1);
            LagoComponent lago = component(supervised, sandbox);
            lago.getConfiguration().setMaxRetries(0);
            supervised.addComponent("lago", lago);
            supervised.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    restConfiguration().component("jetty").host("localhost").port(port);
                    from("webhook:lago:webhooks?webhookComponentName=jetty&webhookPath=/hook&webhookExternalUrl="
                            + hook.resolve("/")).routeId("hook").to("mock:in");
                }
            });
            supervised.start();
            await().until(() -> calls("POST") >= 3);
            assertThat(supervised.getRouteController().getRouteStatus("hook").isStarted()).isFalse();

            sandbox.faults().clear();
            await().until(() -> supervised.getRouteController().getRouteStatus("hook").isStarted());
            assertThat(only()).containsEntry("webhook_url", hook.toString());
            assertThat(post(hook, invoice.getBytes(StandardCharsets.UTF_8), signed("jwt", invoice)).statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"invoice", "credit_note", "wallet", "payment_receipt", "quote"})
    void registersAllTypesWithAPrefix(String prefix) throws Exception {
        onWebhook(r -> r.to("mock:in"), "eventTypes=" + prefix + ".*");
        assertThat(only().get("event_types")).asInstanceOf(InstanceOfAssertFactories.LIST).isNotEmpty()
                .allSatisfy(type -> assertThat(type).asString().startsWith(prefix + "."));
    }
}
