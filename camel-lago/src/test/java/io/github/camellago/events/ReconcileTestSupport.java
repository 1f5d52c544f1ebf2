package io.github.camellago.events;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.ReconciledEvent;
import org.apache.camel.Exchange;

import static org.assertj.core.api.Assertions.assertThat;

/** Events that differ, and the counts of a comparison. */
abstract class ReconcileTestSupport extends RouteTestSupport {

    static final String RECONCILE = "lago:events?operation=reconcile";
    static final String REPAIR = RECONCILE + "&repair=true";
    static final long START = 1_760_000_000L;
    static final ObjectMapper JSON = new ObjectMapper();

    static Map<String, Object> changed(String id, String field, Object value) {
        Map<String, Object> event = new HashMap<>(event(id));
        event.put(field, value);
        return event;
    }

    @SuppressWarnings("unchecked")
    static List<ReconciledEvent> body(Exchange exchange) {
        return exchange.getMessage().getBody(List.class);
    }

    static void assertCounts(Exchange exchange, long stored, long missing, long different) {
        Map<String, Object> headers = exchange.getMessage().getHeaders();
        assertThat(List.of(headers.get("CamelLagoEventsStored"), headers.get("CamelLagoEventsMissing"),
                headers.get("CamelLagoEventsDifferent"))).as("stored, missing, different: " + exchange.getMessage().getBody())
                .isEqualTo(List.of(stored, missing, different));
    }
}
