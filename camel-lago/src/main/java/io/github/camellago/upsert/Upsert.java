package io.github.camellago.upsert;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.LagoConstants;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoValidationException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
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

    /** Lago refuses a second object of one code. It is then there, so the next attempt finds it. */
    private static final int ATTEMPTS = 3;
    private static final String EXISTS = "value_already_exist";

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

    /** Refuses an operation that has no dry run. */
    public static void requireDryRun(BoundOperation bound) {
        if (!bound.name().equals(NAME)) {
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
        UpsertCalls calls = UpsertCalls.of(upsert);
        ObjectNode sent = body(exchange, upsert);
        String key = key(exchange, upsert, calls, sent);
        boolean lost = false;
        for (int attempt = 1;; attempt++) {
            Found found = find(calls, exchange, key);
            Decision decision = found == null
                    ? Decision.create(sent)
                    : Decision.update(upsert.operation().root(), found.record(), sent);
            if (dryRun) {
                report(exchange, key, decision, found);
                return;
            }
            try {
                Found now = decision.isUnchanged() ? found : apply(calls, exchange, key, decision, found == null);
                // the object is there as sent, after a create whose answer was lost
                String result = lost && decision.isUnchanged() ? Decision.CREATED : decision.result();
                answer(exchange, key, result, now);
                return;
            } catch (LagoValidationException e) {
                if (attempt == ATTEMPTS || !exists(e)) {
                    throw e;
                }
                lost = found == null && e.mayHaveBeenProcessed();
            }
        }
    }

    private ObjectNode body(Exchange exchange, BoundOperation upsert) throws IOException {
        String root = upsert.operation().root();
        JsonNode envelope = Json.mapper().readTree(requests.body(upsert, exchange));
        if (envelope.size() > 1 || !envelope.path(root).isObject()) {
            throw new IllegalArgumentException("The operation " + upsert.title() + " needs the fields of one " + root
                    + " as its body, and nothing beside the root key " + root);
        }
        return InputForm.ofBody(root, (ObjectNode) envelope.get(root));
    }

    /** The object's code or external id: as the endpoint states it, else as in the body, else as in the header. */
    private String key(Exchange exchange, BoundOperation upsert, UpsertCalls calls, ObjectNode sent) {
        Object stated = requests.statedId(upsert, exchange);
        String inBody = sent.path(calls.key()).asText("");
        if (!ResponseHeaders.isBlank(stated) && !inBody.isEmpty() && !stated.toString().equals(inBody)) {
            throw new IllegalArgumentException("The endpoint states the " + calls.key() + " " + stated + ", but the body has "
                    + inBody + ". The operation upsert does not change a " + calls.key());
        }
        Object id = !ResponseHeaders.isBlank(stated) || inBody.isEmpty() ? requests.id(upsert, exchange) : inBody;
        if (ResponseHeaders.isBlank(id)) {
            throw new IllegalArgumentException("The operation " + upsert.title() + " needs the object's " + calls.key()
                    + " in the body, in the option id or in the header " + LagoConstants.ID);
        }
        sent.put(calls.key(), id.toString());
        return id.toString();
    }

    /** The object as Lago has it, or null. */
    private Found find(UpsertCalls calls, Exchange exchange, String key) {
        try {
            return call(requests.request(calls.get(), exchange, key, null), calls);
        } catch (LagoNotFoundException e) {
            if (e.getCode() == null || e.getCode().equals("resource_not_found")) {
                throw e;
            }
            return null;
        }
    }

    private Found apply(UpsertCalls calls, Exchange exchange, String key, Decision decision, boolean create)
            throws IOException {
        BoundOperation bound = create ? calls.create() : calls.update();
        ObjectNode envelope = Json.mapper().createObjectNode();
        envelope.set(bound.operation().root(), decision.body());
        LagoRequest request = requests.request(bound, exchange, create ? null : key, Json.mapper().writeValueAsBytes(envelope));
        Found now = call(request, calls);
        NotApplied.check(request, decision.sent(), now.input(bound.operation().root()));
        return now;
    }

    private Found call(LagoRequest request, UpsertCalls calls) {
        String root = calls.get().operation().answerRoot();
        return client.call(request, response -> {
            JsonNode answer = Json.mapper().readTree(response.body());
            JsonNode record = answer.path(root).isObject() || !answer.has("lago_id") ? answer.path(root) : answer;
            if (!record.isObject()) {
                throw new IOException("it holds no \"" + root + "\"");
            }
            return new Found(response, (ObjectNode) record);
        });
    }

    private static boolean exists(LagoValidationException e) {
        return e.getErrorDetails().values().stream().anyMatch(r -> r instanceof List<?> reasons && reasons.contains(EXISTS));
    }

    private void report(Exchange exchange, String key, Decision decision, Found found) throws IOException {
        byte[] json = Json.mapper().writeValueAsBytes(decision.report(endpoint.resource(), key));
        exchange.getMessage().setBody(Envelope.unwrap(LagoResponse.of(json), null,
                new Binding(endpoint.configuration().getBodyType(), null)));
        headers(exchange, key, decision.result(), found == null ? LagoResponse.of(json) : found.response(), found != null);
    }

    private void answer(Exchange exchange, String key, String result, Found now) throws IOException {
        String root = endpoint.operation(NAME).operation().answerRoot();
        exchange.getMessage().setBody(Envelope.unwrap(now.response(), root, endpoint.binding()));
        headers(exchange, key, result, now.response(), true);
    }

    private void headers(Exchange exchange, String key, String result, LagoResponse response, boolean answered) {
        ResponseHeaders.set(exchange, endpoint.resource(), key, answered ? response.status() : null, response.rate());
        exchange.getMessage().setHeader(LagoConstants.RESULT, result);
    }

    /** An object as Lago answers it. */
    private record Found(LagoResponse response, ObjectNode record) {

        ObjectNode input(String root) {
            return InputForm.ofRecord(root, record);
        }
    }
}
