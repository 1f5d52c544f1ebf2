package io.github.camellago.upsert;

import java.io.IOException;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.operation.RequestFactory;
import org.apache.camel.Exchange;

/** The entitlements of a plan or a subscription: the values of those features that the body has. Other features stay. */
final class EntitlementsTarget implements Target {

    private final LagoClient client;
    private final RequestFactory requests;
    private final Exchange exchange;
    private final BoundOperation list;
    private final BoundOperation update;
    private final ObjectNode sent = Json.mapper().createObjectNode();

    EntitlementsTarget(BoundOperation upsert, LagoClient client, RequestFactory requests, Exchange exchange, JsonNode body) {
        this.client = client;
        this.requests = requests;
        this.exchange = exchange;
        this.list = UpsertCalls.at(upsert, UpsertCalls.named(upsert, "list"));
        this.update = UpsertCalls.at(upsert, UpsertCalls.named(upsert, "update"));
        sent.set(EntitlementMap.NAME, EntitlementMap.of(body));
    }

    @Override
    public String key() {
        return null;
    }

    @Override
    public Found find() {
        return call(requests.request(list, exchange, null, null));
    }

    /** They are read from it. */
    @Override
    public void requireParent() {}

    @Override
    public Decision decide(Found found) {
        ObjectNode has = has(found);
        Decision decision = Decision.update(EntitlementMap.NAME, has, sent);
        return has.path(EntitlementMap.NAME).isEmpty() && !decision.isUnchanged() ? decision.asCreated() : decision;
    }

    @Override
    public Found write(Decision decision) throws IOException {
        byte[] body = Json.mapper().writeValueAsBytes(Map.of(EntitlementMap.NAME, decision.entitlements()));
        LagoRequest request = requests.request(update, exchange, null, body);
        Found now = call(request);
        NotApplied.check(request, sent, has(now));
        return now;
    }

    private Found call(LagoRequest request) {
        return Found.call(client, request, EntitlementMap.NAME);
    }

    private static ObjectNode has(Found found) {
        ObjectNode has = found.record().deepCopy();
        EntitlementMap.convert(has);
        return has;
    }
}
