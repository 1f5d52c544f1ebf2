package io.github.camellago.upsert;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.operation.Comparison;
import io.github.camellago.operation.QueryBuilder;
import io.github.camellago.operation.RequestFactory;
import org.apache.camel.Exchange;

/**
 * A subscription. An upsert starts a subscription or changes its details. It never does what bills as a side effect: it changes neither the
 * plan nor the times of a subscription that exists, and starts no new one after one that has ended.
 */
final class SubscriptionTarget extends KeyedTarget {

    private static final List<String> STATUSES = List.of("active", "pending", "incomplete", "terminated", "canceled");
    private static final List<String> ENDED = List.of("terminated", "canceled");
    private static final List<String> FIXED = List.of("plan_code", "external_customer_id", "billing_time", "subscription_at");
    private static final String OVERRIDES = "plan_overrides";

    private String status;

    SubscriptionTarget(BoundOperation upsert, LagoClient client, RequestFactory requests, Exchange exchange, ObjectNode body) {
        super(upsert, client, requests, exchange, body);
    }

    @Override
    public Found find() {
        Map<String, JsonNode> byStatus = new HashMap<>();
        QueryBuilder query = new QueryBuilder().with("external_id", key());
        STATUSES.forEach(s -> query.with("status[]", s));
        LagoRequest list = LagoRequest.get("subscriptions", query.toText(), calls.get().permission());
        for (JsonNode one : client.call(list, response -> Json.mapper().readTree(response.body()).path("subscriptions"))) {
            byStatus.putIfAbsent(one.path("status").asText(), one);
        }
        status = STATUSES.stream().filter(byStatus::containsKey).findFirst().orElse(null);
        if (status == null) {
            return null;
        }
        if (ENDED.contains(status)) {
            throw refused("The subscription " + key() + " is " + status + ". Lago would start and bill a new one:"
                    + " use operation=create for that");
        }
        return get("status=" + status);
    }

    @Override
    public Decision decide(Found found) {
        if (found == null) {
            return super.decide(null);
        }
        ObjectNode wanted = sent().deepCopy();
        JsonNode overrides = wanted.remove(OVERRIDES);
        Decision decision = Decision.update(root, InputForm.ofRecord(root, found.record()), wanted);
        List<String> refused = new ArrayList<>(decision.comparison().changedFields());
        refused.retainAll(FIXED);
        if (overrides instanceof ObjectNode plan) {
            // their charges have ids in place of codes
            plan.remove(List.of("charges", "fixed_charges"));
            ObjectNode has = InputForm.ofRecord("plan", (ObjectNode) found.record().path("plan"));
            Comparison.of(has, plan).changes().forEach(change -> refused.add(OVERRIDES + '.' + change.path()));
        }
        if (!refused.isEmpty()) {
            throw refused("The subscription " + key() + " has other values than the body in: " + String.join(", ", refused)
                    + ". Lago would bill such a change, or ignore it. The operation upsert does not make it:"
                    + " use operation=create to change the plan, and operation=update for plan_overrides");
        }
        return decision;
    }

    /** Without it, Lago changes the active one. */
    @Override
    String updateQuery() {
        return "active".equals(status) || status == null ? null : "status=" + status;
    }
}
