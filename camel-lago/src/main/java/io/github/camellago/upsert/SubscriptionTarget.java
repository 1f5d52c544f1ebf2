package io.github.camellago.upsert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

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

    static final List<String> STATUSES = List.of("active", "pending", "incomplete", "terminated", "canceled");
    private static final List<String> ENDED = List.of("terminated", "canceled");
    private static final List<String> FIXED = List.of("plan_code", "external_customer_id", "billing_time", "subscription_at");
    private static final String OVERRIDES = "plan_overrides";
    private static final String THRESHOLDS = "usage_thresholds";
    private static final List<ReentrantLock> LOCKS = Stream.generate(ReentrantLock::new).limit(256).toList();

    private String status;

    SubscriptionTarget(BoundOperation upsert, LagoClient client, RequestFactory requests, Exchange exchange, ObjectNode body,
            boolean strict) {
        super(upsert, client, requests, exchange, body, strict);
        if (sent.has(EntitlementMap.NAME)) {
            throw new IllegalArgumentException("Lago takes no entitlements in a subscription: upsert them with"
                    + " lago:subscriptions/{external_id}/entitlements");
        }
        if (body.has(OVERRIDES) && !body.get(OVERRIDES).isObject() && !body.get(OVERRIDES).isNull()) {
            throw new IllegalArgumentException("The field plan_overrides must be an object");
        }
        checkStripped("external_customer_id", sent.path("external_customer_id").asText());
    }

    /**
     * The lock for one upsert of such a subscription at a time in this JVM, or null. Lago takes a second create with {@code plan_overrides}
     * for a change of the plan, which ends the first subscription.
     */
    @Override
    public Lock lock() {
        return sent.has(OVERRIDES) ? LOCKS.get(Math.floorMod(key().hashCode(), LOCKS.size())) : null;
    }

    @Override
    public Found find() {
        Map<String, JsonNode> byStatus = new HashMap<>();
        QueryBuilder query = new QueryBuilder().with("external_id", key());
        STATUSES.forEach(s -> query.with("status[]", s));
        LagoRequest list = LagoRequest.get("subscriptions", query.toText(), calls.get().permission());
        for (JsonNode one : Found.list(client, list, "subscriptions")) {
            if (one.path("external_id").asText().equals(key())) {
                byStatus.putIfAbsent(one.path("status").asText(), one);
            }
        }
        status = STATUSES.stream().filter(byStatus::containsKey).findFirst().orElse(null);
        if (status == null) {
            if (!byStatus.isEmpty()) {
                throw refused("The subscription " + key() + " has a status that the operation upsert does not know: "
                        + String.join(", ", byStatus.keySet()));
            }
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
        ObjectNode wanted = sent.deepCopy();
        JsonNode overrides = wanted.remove(OVERRIDES);
        Decision decision = update(form(found), wanted);
        List<String> refused = new ArrayList<>(decision.comparison().changedFields());
        refused.retainAll(FIXED);
        if (overrides instanceof ObjectNode plan) {
            refused.addAll(otherOverrides(found, plan));
            if (plan.has("fixed_charges")) {
                // Lago does not show all of them
                decision.comparison().notCompared().add(OVERRIDES + ".fixed_charges");
            }
        }
        if (!refused.isEmpty()) {
            throw refused("The subscription " + key() + " has other values than the body in: " + String.join(", ", refused)
                    + ". Lago would bill such a change, or ignore it. The operation upsert does not make it:"
                    + " use operation=create to change the plan, and operation=update for plan_overrides");
        }
        return decision;
    }

    /** Without thresholds of its own, a subscription has those of its plan. */
    @Override
    ObjectNode form(Found found) {
        ObjectNode form = super.form(found);
        JsonNode ofPlan = found.record().path("plan").path(THRESHOLDS);
        if (sent.has(THRESHOLDS) && sent.get(THRESHOLDS).isEmpty() && ofPlan.isArray()
                && Comparison.of(ofPlan, form.path(THRESHOLDS)).isEqual()) {
            form.putArray(THRESHOLDS);
        }
        return form;
    }

    /** The paths of those overrides that the plan of the subscription does not have. */
    private static List<String> otherOverrides(Found found, ObjectNode overrides) {
        List<String> other = new ArrayList<>();
        ObjectNode has = InputForm.ofRecord("plan", (ObjectNode) found.record().path("plan"));
        ObjectNode plan = overrides.deepCopy();
        // their charges have ids in place of codes
        JsonNode charges = plan.remove("charges");
        if (charges != null) {
            charges.forEach(charge -> compareCharge(has.path("charges"), charge, other));
        }
        plan.remove("fixed_charges");
        Comparison comparison = Comparison.of(has, plan);
        comparison.changes().forEach(change -> other.add(OVERRIDES + '.' + change.path()));
        UnappliedFields.ignored("plan", comparison).forEach(path -> other.add(OVERRIDES + '.' + path));
        return other;
    }

    /** Another call may have started the subscription at the same time. */
    @Override
    void checkCreated(LagoRequest request, Found now) {
        List<String> other = Stream.of("previous_plan_code", "next_plan_code").filter(now.record()::hasNonNull).toList();
        if (!other.isEmpty()) {
            throw NotApplied.notApplied(request, other, "Another call has started the subscription " + key()
                    + " at the same time. Lago took " + request + " for a change of its plan, and shows: ",
                    ". Lago may have ended and billed one of the two. Check the subscription in Lago");
        }
        if (sent.path(OVERRIDES) instanceof ObjectNode overrides) {
            List<String> missing = otherOverrides(now, overrides);
            if (!missing.isEmpty()) {
                throw NotApplied.notApplied(request, missing, "Lago accepted " + request + " but left other values in: ",
                        ". Lago ignores fields that it does not know or that the organization does not have. The subscription"
                                + " has started: correct it with operation=update before it is billed");
            }
        }
    }

    /** The charges of a plan with overrides are copies, with the ids of the plan's own charges as those of their parents. */
    private static void compareCharge(JsonNode charges, JsonNode wanted, List<String> refused) {
        String id = wanted.path("id").asText();
        String path = OVERRIDES + ".charges[" + id + ']';
        ObjectNode sent = wanted.isObject() ? wanted.<ObjectNode>deepCopy() : Json.mapper().createObjectNode();
        sent.remove("id");
        for (JsonNode one : charges) {
            if (id.equals(one.path("lago_id").asText()) || id.equals(one.path("lago_parent_id").asText())) {
                Comparison.of(one, sent).changes().forEach(change -> refused.add(path + '.' + change.path()));
                return;
            }
        }
        refused.add(path);
    }

    /** The create has applied the overrides. Their ids are not those of the plan that Lago then has. */
    @Override
    ObjectNode inUpdate(ObjectNode created) {
        return created.deepCopy().without(OVERRIDES);
    }

    /** The status of the subscription that was compared, whatever the filters of the message. Without one, Lago changes the active one. */
    @Override
    LagoRequest request(Decision decision) throws IOException {
        LagoRequest request = super.request(decision);
        String query = "active".equals(status) || status == null ? null : "status=" + status;
        return new LagoRequest(request.method(), request.path(), query, request.body(), request.retry(), request.permission());
    }
}
