package io.github.camellago.webhook;

import java.util.List;
import java.util.Map;

import io.github.camellago.api.LagoValidationException;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The endpoint at Lago comes and goes with the route. */
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
    void itIsMadeOnStartAndRemovedOnStop() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        assertThat(only()).containsEntry("webhook_url", hook()).containsEntry("signature_algo", "jwt")
                .containsEntry("event_types", null);
        context.stop();
        assertThat(endpoints()).isEmpty();
    }

    @Test
    void itHasTheTypesAndTheAlgorithmAskedFor() throws Exception {
        onWebhook(r -> r.to("mock:in"), "signatureAlgo=hmac", "hmacKey=k", "eventTypes=invoice.created,event.error");
        assertThat(only()).containsEntry("signature_algo", "hmac")
                .containsEntry("event_types", List.of("event.error", "invoice.created"));
    }

    @Test
    void itIsKeptWhenToldSo() throws Exception {
        onWebhook(r -> r.to("mock:in"), "removeOnStop=false");
        context.stop();
        assertThat(only()).containsEntry("webhook_url", hook());
    }

    @Test
    void nothingIsDoneAtLagoWithoutAutoRegister() throws Exception {
        sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "jwt"));
        onWebhook(r -> r.to("mock:in"), "webhookAutoRegister=false", "eventTypes=invoice.created");
        assertThat(post(INVOICE, signed("jwt", INVOICE)).statusCode()).isEqualTo(200);
        context.stop();
        assertThat(only()).containsEntry("event_types", null);
        assertThat(calls("GET") + calls("POST") + calls("PUT") + calls("DELETE")).isZero();
    }

    @Test
    void oneWithTheSameUrlIsUsed() throws Exception {
        sandbox.add("webhook_endpoints", Map.of("webhook_url", hook() + "/other", "signature_algo", "jwt"));
        String id = (String) sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "jwt",
                "event_types", List.of("plan.created", "invoice.created"))).get("lago_id");
        onWebhook(r -> r.to("mock:in"), "eventTypes=invoice.created,plan.created");
        assertThat(endpoints()).hasSize(2).anySatisfy(e -> assertThat(e).containsEntry("lago_id", id));
        assertThat(calls("POST") + calls("PUT")).as("writes").isZero();
        context.stop();
        assertThat(only()).containsEntry("webhook_url", hook() + "/other");
    }

    @Test
    void oneWithTheSameUrlIsBroughtUpToDate() throws Exception {
        String id = (String) sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "hmac",
                "event_types", List.of("plan.created"))).get("lago_id");
        onWebhook(r -> r.to("mock:in"));
        assertThat(only()).containsEntry("lago_id", id).containsEntry("signature_algo", "jwt")
                .containsEntry("event_types", null);
        assertThat(calls("POST")).isZero();
    }

    /** Two instances start at once: neither sees the other's endpoint, one is too late. */
    @Test
    void oneThatAnotherInstanceHasJustMadeIsUsed() throws Exception {
        sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "jwt"));
        sandbox.faults().on("GET", "/webhook_endpoints").times(1)
                .body("{\"webhook_endpoints\":[],\"meta\":{\"next_page\":null}}");
        onWebhook(r -> r.to("mock:in"));
        assertThat(only()).containsEntry("webhook_url", hook());
        assertThat(sandbox.statusCount(422)).isEqualTo(1);
    }

    @Test
    void aLostAnswerMakesNoSecondOne() throws Exception {
        sandbox.faults().on("POST", "/webhook_endpoints").times(1).dropAfter();
        onWebhook(r -> r.to("mock:in"));
        assertThat(only()).containsEntry("webhook_url", hook());
        assertThat(calls("POST")).isEqualTo(1);
    }

    @Test
    void theEleventhIsAClearError() {
        for (int i = 0; i < 10; i++) {
            sandbox.add("webhook_endpoints", Map.of("webhook_url", "https://example.org/" + i, "signature_algo", "jwt"));
        }
        assertThatThrownBy(() -> onWebhook(r -> r.to("mock:in"))).hasStackTraceContaining(
                "Lago has as many webhook endpoints as it takes (10)").hasStackTraceContaining("operation=delete")
                .satisfies(e -> assertThat(org.apache.camel.util.ObjectHelper.getException(LagoValidationException.class, e))
                        .isNotNull());
        assertThat(endpoints()).hasSize(10);
    }

    @Test
    void aMissingPermissionIsAClearError() {
        String key = sandbox.createKey("webhook_jwt_public_key:read", "webhook_endpoint:read");
        assertThatThrownBy(() -> onWebhook(r -> r.to("mock:in"), "apiKey=" + key))
                .hasStackTraceContaining("LagoPermissionException").hasStackTraceContaining("webhook_endpoint");
    }

    @Test
    void aStopWithoutLagoIsAStop() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        sandbox.faults().on("DELETE", "/webhook_endpoints/*").status(500);
        context.stop();
        assertThat(context.isStopped()).isTrue();
        assertThat(only()).containsEntry("webhook_url", hook());
    }

    @Test
    void oneThatWasRemovedAtLagoIsNoProblem() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        sandbox.remove("webhook_endpoints", (String) only().get("lago_id"));
        context.stop();
        assertThat(calls("DELETE")).isEqualTo(1);
    }

    /** They share one endpoint of the component's, for all that is not the webhook component's own. */
    @Test
    void routesThatDifferOnlyInTheirPathEachHaveTheirs() throws Exception {
        String one = webhook().replace("/hook", "/one");
        String two = webhook().replace("/hook", "/two");
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(one).to("mock:one");
                from(two).to("mock:two");
            }
        });
        assertThat(endpoints()).extracting(e -> e.get("webhook_url"))
                .containsExactlyInAnyOrder(server + "/one", server + "/two");
        mock("one").expectedMessageCount(1);
        mock("two").expectedMessageCount(1);
        sandbox.sendWebhook("plan.created", "plan", Map.of("code", "p"));
        mock("one").assertIsSatisfied();
        mock("two").assertIsSatisfied();
        context.stop();
        assertThat(endpoints()).isEmpty();
    }

    @Test
    void aSlashAtTheEndOfTheUrlMakesNoDifference() throws Exception {
        route(webhook().replace("webhookExternalUrl=" + server, "webhookExternalUrl=" + server + "/"), "mock:in");
        assertThat(only()).containsEntry("webhook_url", hook());
    }
}
