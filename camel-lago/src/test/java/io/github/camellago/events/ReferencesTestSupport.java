package io.github.camellago.events;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.LagoComponent;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoEventsReport;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeEach;

/** A sandbox with two metrics and a subscription, and a clock that tests set. */
abstract class ReferencesTestSupport extends RouteTestSupport {

    static final String CHECKED = "lago:events?checkReferences=true&onRejected=report";
    static final long SECOND = 1_000_000_000;
    final AtomicLong clock = new AtomicLong();

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        clock(context.getComponent("lago", LagoComponent.class), clock::get);
        return context;
    }

    @BeforeEach
    void addReferences() {
        sandbox.add("billable_metrics", Map.of("code", "calls", "aggregation_type", "count_agg"));
        sandbox.add("billable_metrics", Map.of("code", "storage", "aggregation_type", "sum_agg", "field_name", "gb"));
        sandbox.add("subscriptions", Map.of("external_id", "sub-1", "status", "active"));
    }

    static Map<String, Object> event(String id, String code, String subscription) {
        return event(id, code, subscription, Map.of());
    }

    static Map<String, Object> event(String id, String code, String subscription, Map<String, Object> properties) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("transaction_id", id);
        event.put("external_subscription_id", subscription);
        event.put("code", code);
        event.put("timestamp", 1_760_000_000L);
        event.put("properties", properties);
        return event;
    }

    LagoEventsReport report(Object body) throws Exception {
        return sent(CHECKED, body).getMessage().getBody(LagoEventsReport.class);
    }

    /** The reasons for the rejection of an event, or null if Lago has it. */
    String reasons(Object event) throws Exception {
        LagoEventsReport report = report(event);
        return report.rejected().isEmpty() ? null : report.rejected().get(0).describe();
    }

    static long lookups(String path) {
        return sandbox.requests().stream().filter(r -> r.method().equals("GET") && r.path().startsWith("/api/v1/" + path))
                .count();
    }

    static List<Object> stored() {
        return sandbox.events().stream().map(event -> event.get("transaction_id")).sorted().toList();
    }
}
