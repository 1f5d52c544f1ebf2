package io.github.camellago.operation;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.api.LagoValidationException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.Repeat;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.LagoResponse;

/**
 * Settles a create whose first answer was lost and whose repeat Lago refused because the code exists: when the object that Lago
 * has is the one that was sent, the create has succeeded.
 */
public final class CreateReconciler {

    private static final String EXISTS = "value_already_exist";

    private final LagoClient client;

    public CreateReconciler(LagoClient client) {
        this.client = client;
    }

    /** The answer with the object that was created, or else the refusal, thrown again. */
    public LagoResponse instead(LagoValidationException refusal, LagoRequest request, BoundOperation create) {
        Operation operation = create.operation();
        if (operation.repeat() != Repeat.UNIQUE_BY_CODE || !refusal.mayHaveBeenProcessed()
                || !(refusal.getErrorDetails().get("code") instanceof List<?> reasons) || !reasons.contains(EXISTS)) {
            throw refusal;
        }
        try {
            JsonNode sent = Json.mapper().readTree(request.body()).path(operation.root());
            String path = request.path() + '/' + PathTemplate.encodeSegment(sent.path("code").asText());
            LagoResponse response = client.call(
                    LagoRequest.get(path, null, request.permission()),
                    r -> r);
            if (covers(Json.mapper().readTree(response.body()).path(operation.answerRoot()), sent)) {
                return response;
            }
        } catch (IOException e) {
            refusal.addSuppressed(e);
        }
        throw refusal;
    }

    /** Whether all that was sent, as far as the object shows it, is what the object has. */
    static boolean covers(JsonNode has, JsonNode sent) {
        if (sent.isObject() && has.isObject()) {
            for (Map.Entry<String, JsonNode> field : sent.properties()) {
                if (has.has(field.getKey()) && !covers(has.get(field.getKey()), field.getValue())) {
                    return false;
                }
            }
            return true;
        }
        if (sent.isArray() && has.isArray()) {
            if (sent.size() != has.size()) {
                return false;
            }
            for (int i = 0; i < sent.size(); i++) {
                if (!covers(has.get(i), sent.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return same(has, sent);
    }

    private static boolean same(JsonNode a, JsonNode b) {
        if (a.isValueNode() && b.isValueNode() && !a.isNull() && !b.isNull()) {
            try {
                return new BigDecimal(a.asText()).compareTo(new BigDecimal(b.asText())) == 0;
            } catch (NumberFormatException e) {
                return a.asText().equals(b.asText());
            }
        }
        return a.equals(b);
    }
}
