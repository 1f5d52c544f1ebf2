package io.github.camellago.upsert;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.LagoConstants;
import io.github.camellago.UnknownFields;
import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.LagoValidationException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.RequestFactory;
import io.github.camellago.operation.ResponseHeaders;
import org.apache.camel.Exchange;

/**
 * The operation {@code upsert}: creates the object of a message, or changes the one with the same code or external id to what the message
 * says. Fields that the message does not have, and objects in lists that it does not have, stay as they are. If nothing differs, nothing
 * is sent. Two upserts of one object at the same time end in one object.
 */
public final class Upsert {

    public static final String NAME = "upsert";

    /** Lago refuses a second object of one code. It is then there, so the next attempt finds it. Without progress, three are made. */
    private static final int ATTEMPTS = 3;
    private static final Set<String> EXISTS = Set.of("value_already_exist", "product_already_priced",
            "product_filter_already_priced");

    private final EndpointSettings endpoint;
    private final LagoClient client;
    private final RequestFactory requests;

    public Upsert(EndpointSettings endpoint, LagoClient client, RequestFactory requests) {
        this.endpoint = endpoint;
        this.client = client;
        this.requests = requests;
    }

    /** Adds the operation to a resource if Lago keys it by a code or an external id. */
    public static Resource with(Resource resource) {
        return UpsertCalls.with(resource);
    }

    public static boolean serves(BoundOperation bound) {
        return bound.name().equals(NAME);
    }

    /** Whether a call that succeeded was an upsert that changed something in Lago. */
    public static boolean hasWritten(Exchange exchange, BoundOperation bound, boolean dryRun) {
        return serves(bound) && !dryRun
                && !Decision.UNCHANGED.equals(exchange.getMessage().getHeader(LagoConstants.RESULT));
    }

    /** Refuses an operation that has no dry run. */
    public static void requireDryRun(BoundOperation bound) {
        if (!serves(bound)) {
            throw new IllegalArgumentException("The option dryRun is for the operation upsert only. The operation "
                    + bound.title() + " is not called");
        }
    }

    /**
     * Upserts the object of a message. The object as Lago has it then becomes the body.
     *
     * @param dryRun sends nothing that changes anything. The differences become the body.
     */
    public void run(Exchange exchange, BoundOperation upsert, boolean dryRun) throws IOException {
        // that of an earlier upsert must not stand for one that fails
        exchange.getMessage().removeHeader(LagoConstants.RESULT);
        Target target = target(exchange, upsert);
        Lock lock = dryRun ? null : target.lock();
        if (lock == null) {
            run(exchange, upsert, target, dryRun);
            return;
        }
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LagoTransportException(
                    Failure.local("The upsert was interrupted, nothing was sent", null, null, false, e));
        }
        try {
            run(exchange, upsert, target, false);
        } finally {
            lock.unlock();
        }
    }

    private void run(Exchange exchange, BoundOperation upsert, Target target, boolean dryRun) throws IOException {
        Decision lost = null;
        int differences = Integer.MAX_VALUE;
        for (int attempt = 1;; attempt++) {
            Found found = target.find();
            Decision decision = target.decide(found);
            if (decision.comparison().changes().size() < differences) {
                // a plan with several charges may lose the answer of each of them
                differences = decision.comparison().changes().size();
                attempt = 1;
            }
            if (dryRun) {
                if (found == null) {
                    target.requireParent();
                }
                report(exchange, target, decision, found);
                return;
            }
            try {
                Found now = decision.isUnchanged() ? found : target.write(decision);
                // unchanged after a call whose answer was lost: that call has done it
                answer(exchange, upsert, target, lost != null && decision.isUnchanged() ? lost : decision, now);
                return;
            } catch (LagoValidationException e) {
                if (attempt == ATTEMPTS || !exists(e)) {
                    throw e;
                }
                lost = e.mayHaveBeenProcessed() ? decision : null;
            }
        }
    }

    private Target target(Exchange exchange, BoundOperation upsert) throws IOException {
        String root = upsert.operation().root();
        JsonNode envelope = Json.mapper().readTree(requests.body(upsert, exchange));
        JsonNode body = envelope.path(root);
        boolean mayBeList = root.equals(EntitlementMap.NAME);
        if (envelope.size() > 1 || !(body.isObject() || mayBeList && body.isArray())) {
            throw new IllegalArgumentException("The operation " + upsert.title() + " needs the fields of one " + root
                    + " as its body, and nothing beside the root key " + root);
        }
        boolean strict = endpoint.configuration().getUnknownFields() == UnknownFields.REJECT;
        return switch (root) {
            case EntitlementMap.NAME -> new EntitlementsTarget(upsert, client, requests, exchange, body);
            case "subscription" -> new SubscriptionTarget(upsert, client, requests, exchange, (ObjectNode) body, strict);
            case "wallet" -> new WalletTarget(upsert, client, requests, exchange, (ObjectNode) body, strict);
            default -> new KeyedTarget(upsert, client, requests, exchange, (ObjectNode) body, strict);
        };
    }

    private static boolean exists(LagoValidationException e) {
        return e.getErrorDetails().values().stream()
                .anyMatch(r -> r instanceof List<?> reasons && reasons.stream().anyMatch(EXISTS::contains));
    }

    private void report(Exchange exchange, Target target, Decision decision, Found found) throws IOException {
        LagoResponse report = LagoResponse
                .of(Json.mapper().writeValueAsBytes(decision.report(endpoint.resource(), target.key())));
        exchange.getMessage()
                .setBody(Envelope.unwrap(report, null, new Binding(endpoint.configuration().getBodyType(), null)));
        headers(exchange, target, decision, found == null ? report : found.response(), found != null);
    }

    private void answer(Exchange exchange, BoundOperation upsert, Target target, Decision decision, Found now)
            throws IOException {
        exchange.getMessage()
                .setBody(client.read(now.request(), now.response(),
                        response -> Envelope.unwrap(response, upsert.operation().answerRoot(), endpoint.binding())));
        headers(exchange, target, decision, now.response(), true);
    }

    private void headers(Exchange exchange, Target target, Decision decision, LagoResponse response, boolean answered) {
        ResponseHeaders.set(exchange, endpoint.resource(), target.key(), answered ? response.status() : null, response.rate());
        exchange.getMessage().setHeader(LagoConstants.RESULT, decision.result());
    }
}
