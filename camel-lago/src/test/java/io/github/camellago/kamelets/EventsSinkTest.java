package io.github.camellago.kamelets;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The Kamelet {@code lago-events-sink}. */
class EventsSinkTest extends KameletsTestSupport {

    @Test
    void sendsEventsToTheIngestUrl() throws Exception {
        route("direct:events", "kamelet:lago-events-sink?apiKey=" + sandbox.apiKey() + "&baseUrl=http://localhost:1&ingestUrl="
                + encoded(sandbox.baseUrl()));

        sent("direct:events", event("t-1"));

        assertThat(sandbox.eventCount()).isEqualTo(1);
    }

    @Test
    void reportsRejectedEvents() throws Exception {
        route("direct:events", "kamelet:lago-events-sink?onRejected=report" + server());

        Exchange report = sent("direct:events", List.of(event("t-1"), Map.of("code", "no subscription")));

        assertThat(report.getMessage().getHeaders()).containsEntry("CamelLagoEventsAccepted", 1L)
                .containsEntry("CamelLagoEventsRejected", 1L);
    }

    @Test
    void takesOneEventAndLists() throws Exception {
        route("direct:events", "kamelet:lago-events-sink?batchInterval=1000" + server());

        sent("direct:events", "{\"transaction_id\":\"t-1\",\"external_subscription_id\":\"s\",\"code\":\"c\"}");
        sent("direct:events", IntStream.range(2, 202).mapToObj(i -> event("t-" + i)).toList());

        assertThat(sandbox.eventCount()).isEqualTo(201);
        assertThat(sandbox.requestCount()).isEqualTo(3);
    }

    @Test
    void sendsReceivedEventsByCountAndByTime() throws Exception {
        route("direct:events", "kamelet:lago-events-sink?acknowledge=received&batchInterval=3000&batchSize=40" + server());

        for (int i = 0; i < 100; i++) {
            sent("direct:events", event("t-" + i));
        }

        await().until(() -> sandbox.eventCount() == 100);
        await().until(() -> sandbox.requestCount() == 3);
    }

    @Test
    void checksReferences() throws Exception {
        sandbox.add("billable_metrics", Map.of("code", "known", "aggregation_type", "count_agg"));
        sandbox.add("subscriptions", Map.of("external_id", "s", "status", "active"));
        route("direct:events", "kamelet:lago-events-sink?checkReferences=true" + server());

        sent("direct:events", "{\"transaction_id\":\"t-1\",\"external_subscription_id\":\"s\",\"code\":\"known\"}");
        Exchange unknown = send("direct:events",
                "{\"transaction_id\":\"t-2\",\"external_subscription_id\":\"s\",\"code\":\"unknown\"}");

        assertThat(unknown.getException()).hasMessageContaining("code: not found at Lago");
        assertThat(sandbox.eventCount()).isEqualTo(1);
    }

    @Test
    void sendsReceivedEventsOnStop() throws Exception {
        route("direct:events", "kamelet:lago-events-sink?acknowledge=received&batchInterval=3600000" + server());
        for (int i = 0; i < 30; i++) {
            sent("direct:events", event("t-" + i));
        }

        context.stop();

        assertThat(sandbox.eventCount()).isEqualTo(30);
    }
}
