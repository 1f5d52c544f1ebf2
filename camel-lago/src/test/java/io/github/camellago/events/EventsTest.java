package io.github.camellago.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsRejectedException;
import io.github.camellago.api.LagoEventsReport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventsTest extends RouteTestSupport {

    @Test
    void sendsOneEvent() throws Exception {
        Exchange exchange = sent("lago:events", event("t-1"));

        assertThat(sandbox.events()).singleElement().satisfies(e -> assertThat(e).containsEntry("transaction_id", "t-1"));
        assertThat(exchange.getMessage().getBody(LagoEventsReport.class).accepted()).isEqualTo(1);
        assertThat(sandbox.requests()).singleElement().satisfies(r -> assertThat(r.path()).endsWith("/events"));
    }

    @Test
    void sendsAListInBatches() throws Exception {
        List<Map<String, Object>> events = IntStream.range(0, 250).mapToObj(i -> event("t-" + i)).toList();

        Exchange exchange = sent("lago:events", events);

        assertThat(sandbox.events()).hasSize(250);
        assertThat(sandbox.requests()).hasSize(3).allSatisfy(r -> assertThat(r.path()).endsWith("/events/batch"));
        assertThat(exchange.getMessage().getHeader("CamelLagoEventsAccepted")).isEqualTo(250L);
    }

    @Test
    void takesARefusedBatchApart() {
        List<Map<String, Object>> events = new ArrayList<>(IntStream.range(0, 100).mapToObj(i -> event("t-" + i)).toList());
        send("lago:events", List.of(event("t-7")));
        events.set(50, Map.of("transaction_id", "bad", "external_subscription_id", "sub-1"));
        events.set(60, event("t-61"));

        Exchange exchange = send("lago:events", events);

        assertThat(exchange.getException()).isInstanceOf(LagoEventsRejectedException.class)
                .hasMessage("1 of 100 events were rejected, all others delivered: 1 × code: value_is_mandatory.");
        LagoEventsReport report = ((LagoEventsRejectedException) exchange.getException()).getReport();
        assertThat(report.accepted()).isEqualTo(97);
        assertThat(report.duplicate()).isEqualTo(2);
        assertThat(report.rejected()).singleElement().satisfies(r -> assertThat(r.index()).isEqualTo(50));
        assertThat(sandbox.events()).hasSize(98);
        assertThat(exchange.getMessage().getBody()).isSameAs(report);
    }
}
