package io.github.camellago.webhook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.LagoComponent;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Lago's key is fetched when needed, and no more often. */
class WebhookKeyTest extends WebhookTestSupport {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        LagoComponent lago = context.getComponent("lago", LagoComponent.class);
        clock(lago, nanos::get);
        lago.getConfiguration().setMaxRetries(0);
        return context;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private int send() throws Exception {
        return post(invoice, signed("jwt", invoice)).statusCode();
    }

    /** Fits the body, but was made with a key that Lago does not have (any more). */
    private static Map<String, Object> forged() {
        Map<String, Object> headers = signed("jwt", invoice);
        String signature = (String) headers.get("X-Lago-Signature");
        int last = signature.lastIndexOf('.') + 1;
        headers.put("X-Lago-Signature", signature.substring(0, last)
                + new StringBuilder(signature.substring(last)).reverse());
        return headers;
    }

    @Test
    void theKeyIsFetchedOnce() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        for (int i = 0; i < 5; i++) {
            assertThat(send()).isEqualTo(200);
            pass(Duration.ofHours(1));
        }
        assertThat(keyFetches()).isEqualTo(1);
    }

    @Test
    void aNewKeyNeedsNoRestart() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        assertThat(send()).isEqualTo(200);
        Map<String, Object> old = signed("jwt", invoice);

        sandbox.rotateWebhookKey();

        assertThat(send()).as("at once").isEqualTo(200);
        assertThat(keyFetches()).isEqualTo(2);
        assertThat(post(invoice, old).statusCode()).as("signed with the old key").isEqualTo(401);

        sandbox.rotateWebhookKey();
        assertThat(send()).as("again within the minute").isEqualTo(401);
        pass(Duration.ofSeconds(60));
        assertThat(send()).as("again after a minute").isEqualTo(200);
        assertThat(keyFetches()).isEqualTo(3);
    }

    @Test
    void unknownSignaturesFetchItOnceAMinute() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        for (int i = 0; i < 20; i++) {
            assertThat(post(invoice, forged()).statusCode()).isEqualTo(401);
        }
        assertThat(keyFetches()).as("on start, and for the first of them").isEqualTo(2);
        pass(Duration.ofSeconds(59));
        post(invoice, forged());
        assertThat(keyFetches()).as("after 59 s").isEqualTo(2);
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 20; i++) {
            assertThat(post(invoice, forged()).statusCode()).isEqualTo(401);
        }
        assertThat(keyFetches()).as("after 60 s").isEqualTo(3);
        assertThat(send()).isEqualTo(200);
    }

    @Test
    void aStormOfForgeriesFetchesItOnce() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        sandbox.rotateWebhookKey();
        List<Callable<Integer>> storm = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Map<String, Object> headers = i % 10 == 0 ? signed("jwt", invoice) : forged();
            storm.add(() -> post(invoice, headers).statusCode());
        }
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> answers = threads.invokeAll(storm);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(i % 10 == 0 ? 200 : 401);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(keyFetches()).isEqualTo(2);
        assertThat(mock("in").getExchanges()).hasSize(20);
    }

    @Test
    void aBodyThatWasChangedFetchesNothing() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        pass(Duration.ofHours(1));
        for (int i = 0; i < 5; i++) {
            assertThat(post(invoice.replace("inv-1", "inv-" + i + 2), signed("jwt", invoice)).statusCode()).isEqualTo(401);
        }
        assertThat(keyFetches()).isEqualTo(1);
    }

    @Test
    void aFailedFetchOfANewerKeyCountsToo() throws Exception {
        onWebhook(r -> r.to("mock:in"));
        sandbox.faults().on("/webhooks/**").status(500);
        for (int i = 0; i < 10; i++) {
            assertThat(post(invoice, forged()).statusCode()).isEqualTo(401);
        }
        assertThat(keyFetches()).isEqualTo(2);
        assertThat(send()).as("with the key that is known").isEqualTo(200);
    }

    /** Without a key nothing can be said of a signature, and Lago is to send again. */
    @Test
    void answers503IfTheKeyCannotBeFetched() throws Exception {
        sandbox.faults().on("/webhooks/**").times(1).status(500);
        onWebhook(r -> r.to("mock:in"), "webhookAutoRegister=false");
        assertThat(keyFetches()).isZero();
        assertThat(send()).isEqualTo(503);
        assertThat(send()).isEqualTo(503);
        assertThat(keyFetches()).isEqualTo(1);
        pass(Duration.ofSeconds(5));
        assertThat(send()).isEqualTo(200);
        assertThat(keyFetches()).isEqualTo(2);
        assertThat(mock("in").getExchanges()).hasSize(1);
    }

    @Test
    void fetchesTheKeyOfOlderServersFromTheOtherPath() throws Exception {
        sandbox.faults().on("/webhooks/json_public_key").status(404);
        onWebhook(r -> r.to("mock:in"));
        assertThat(send()).isEqualTo(200);
    }

    @Test
    void withoutItsKeyARouteThatRegistersDoesNotStart() {
        String key = sandbox.createKey("webhook_endpoint:read", "webhook_endpoint:write");
        assertThatThrownBy(() -> onWebhook(r -> r.to("mock:in"), "apiKey=" + key))
                .hasStackTraceContaining("webhook_jwt_public_key");
        assertThat(sandbox.records("webhook_endpoints")).isEmpty();
    }

    @Test
    void hmacNeedsNoPublicKey() throws Exception {
        onWebhook(r -> r.to("mock:in"), "signatureAlgo=hmac", "hmacKey=" + sandbox.hmacKey());
        assertThat(post(invoice, signed("hmac", invoice)).statusCode()).isEqualTo(200);
        assertThat(keyFetches()).isZero();
    }
}
