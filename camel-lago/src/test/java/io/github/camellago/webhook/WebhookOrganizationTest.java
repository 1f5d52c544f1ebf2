package io.github.camellago.webhook;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.LagoComponent;
import io.github.camellago.LogCapture;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoWebhookException;
import org.apache.camel.CamelContext;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** All organizations of a Lago server share one public key, so the organization in the signed body counts. */
class WebhookOrganizationTest extends WebhookTestSupport {

    private static final String OTHER = "11111111-2222-3333-4444-555555555555";
    private static final String VERIFY = "lago:webhooks?operation=verify";

    private final AtomicLong nanos = new AtomicLong();

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        LagoComponent lago = context.getComponent("lago", LagoComponent.class);
        clock(lago, nanos::get);
        lago.getConfiguration().setMaxRetries(0);
        return context;
    }

    private static String others() {
        return invoice.replace(sandbox.organizationId(), OTHER);
    }

    private int send(String body) throws Exception {
        return post(body, signed("jwt", body)).statusCode();
    }

    private static long organizationReads() {
        return sandbox.requests().stream().filter(r -> r.path().endsWith("/organizations")).count();
    }

    @Test
    void learnsItFromTheRegistration() throws Exception {
        String key = sandbox.createKey("webhook_jwt_public_key:read", "webhook_endpoint:read", "webhook_endpoint:write");
        onWebhook(r -> r.to("mock:in"), "apiKey=" + key);
        assertThat(send(invoice)).isEqualTo(200);
        assertThat(send(others())).isEqualTo(401);
        assertThat(organizationReads()).isZero();
        assertThat(mock("in").getExchanges()).hasSize(1);
    }

    @Test
    void learnsItFromAnEndpointThatExists() throws Exception {
        sandbox.add("webhook_endpoints", Map.of("webhook_url", hook(), "signature_algo", "jwt",
                "lago_organization_id", sandbox.organizationId()));
        onWebhook(r -> r.to("mock:in"));
        assertThat(send(others())).isEqualTo(401);
        assertThat(organizationReads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "hmac"})
    void readsItOnceWithoutRegistration(String algorithm) throws Exception {
        onWebhook(r -> r.to("mock:in"), "webhookAutoRegister=false", "signatureAlgo=" + algorithm,
                "hmacKey=" + sandbox.hmacKey());
        for (int i = 0; i < 3; i++) {
            assertThat(post(invoice, signed(algorithm, invoice)).statusCode()).isEqualTo(200);
            assertThat(post(others(), signed(algorithm, others())).statusCode()).isEqualTo(401);
        }
        assertThat(organizationReads()).isEqualTo(1);
        assertThat(mock("in").getExchanges()).hasSize(3);
    }

    @Test
    void refusesAllAndLogsWhyWhileItIsUnknown() throws Exception {
        String key = sandbox.createKey("webhook_jwt_public_key:read");
        onWebhook(r -> r.to("mock:in"), "webhookAutoRegister=false", "apiKey=" + key);
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            assertThat(send(invoice)).isEqualTo(503);
            assertThat(send(others())).isEqualTo(503);
            assertThat(log.lines()).anyMatch(l -> l.contains("Set the option organizationId"));
        }
        assertThat(organizationReads()).isEqualTo(1);
        assertThat(mock("in").getExchanges()).isEmpty();
    }

    @Test
    void needsNoPermissionWithTheOption() throws Exception {
        String key = sandbox.createKey("webhook_jwt_public_key:read");
        onWebhook(r -> r.to("mock:in"), "webhookAutoRegister=false", "apiKey=" + key,
                "organizationId=" + sandbox.organizationId());
        assertThat(send(invoice)).isEqualTo(200);
        assertThat(send(others())).isEqualTo(401);
        assertThat(organizationReads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"organization\":{}}", "{\"organization\":{\"lago_id\":\"\"}}", "{}", "<html>"})
    void refusesAllIfLagosAnswerNamesNone(String answer) throws Exception {
        sandbox.faults().on("GET", "/organizations").every().body(answer);
        onWebhook(r -> r.to("mock:in"), "webhookAutoRegister=false");
        assertThat(send(invoice)).isEqualTo(503);
        assertThat(send(invoice.replace(sandbox.organizationId(), ""))).isEqualTo(503);
        assertThat(mock("in").getExchanges()).isEmpty();
    }

    @Test
    void readsItAgainAfterAFailure() throws Exception {
        sandbox.faults().on("GET", "/organizations").times(1).status(500);
        onWebhook(r -> r.to("mock:in"), "webhookAutoRegister=false");
        assertThat(send(invoice)).isEqualTo(503);
        assertThat(send(invoice)).isEqualTo(503);
        assertThat(organizationReads()).isEqualTo(1);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(send(invoice)).isEqualTo(200);
        assertThat(send(invoice)).isEqualTo(200);
        assertThat(organizationReads()).isEqualTo(2);
    }

    @Test
    void failsTheStartIfTheOptionIsAnotherOrganizationThanTheKeys() {
        assertThatThrownBy(() -> onWebhook(r -> r.to("mock:in"), "organizationId=" + OTHER))
                .hasMessage("The option organizationId=" + OTHER + " is not the organization of the API key, "
                        + sandbox.organizationId() + ": every webhook would be refused");
    }

    @Test
    void verifyRefusesAnotherOrganization() {
        assertThat(send(VERIFY, invoice, signed("jwt", invoice)).getException()).isNull();
        assertThat(send(VERIFY, others(), signed("jwt", others())).getException())
                .isInstanceOfSatisfying(LagoWebhookException.class,
                        e -> assertThat(e.getCode()).isEqualTo(LagoWebhookException.ORGANIZATION_MISMATCH));
        assertThat(send(VERIFY + "&organizationId=" + OTHER, others(), signed("jwt", others())).getException()).isNull();
    }

    @Test
    void verifyFailsWhileItIsUnknown() {
        String key = sandbox.createKey("webhook_jwt_public_key:read");
        assertThat(send(VERIFY + "&apiKey=" + key, invoice, signed("jwt", invoice)).getException())
                .isInstanceOf(LagoPermissionException.class).hasMessageContaining("Set the option organizationId");
    }
}
