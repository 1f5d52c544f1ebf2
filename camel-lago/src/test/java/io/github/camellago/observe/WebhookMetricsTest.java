package io.github.camellago.observe;

import java.util.Map;

import io.github.camellago.webhook.WebhookTestSupport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.camel.BindToRegistry;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Webhooks are counted by type and by what became of them. */
class WebhookMetricsTest extends WebhookTestSupport {

    @BindToRegistry("metricsRegistry")
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @BindToRegistry("seen")
    private final MemoryIdempotentRepository seen = new MemoryIdempotentRepository();

    @Test
    void countsWebhooksByTypeAndOutcome() throws Exception {
        onWebhook(r -> r.process(exchange -> {
            if (exchange.getMessage().getBody(Map.class).get("lago_id").equals("inv-2")) {
                throw new IllegalStateException("the route's own failure");
            }
        }), "idempotentRepository=#seen");
        String other = body("invoice.paid_credit_added", "invoice", "{\"lago_id\":\"inv-2\"}");
        Map<String, Object> first = signed("jwt", invoice);

        post(invoice, first);
        post(invoice, first);
        post(invoice, signed("jwt", other));
        post(other, signed("jwt", other));

        assertThat(webhooks("invoice.created", "accepted")).isEqualTo(1);
        assertThat(webhooks("invoice.created", "duplicate")).isEqualTo(1);
        assertThat(webhooks("unknown", "signature_invalid")).isEqualTo(1);
        assertThat(webhooks("invoice.paid_credit_added", "failed")).isEqualTo(1);
    }

    private double webhooks(String type, String verdict) {
        Counter counter = metrics.find("camel.lago.webhooks").tag("component", "lago").tag("type", type).tag("verdict", verdict)
                .counter();
        return counter == null ? 0 : counter.count();
    }
}
