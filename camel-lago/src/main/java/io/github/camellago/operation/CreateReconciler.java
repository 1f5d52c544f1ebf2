package io.github.camellago.operation;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.api.LagoException;
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
public record CreateReconciler(LagoClient client) {

    private static final String EXISTS = "value_already_exist";

    /** The answer with the object that was created, or else the refusal, thrown again. */
    public LagoResponse instead(LagoValidationException refusal, LagoRequest request, BoundOperation create) {
        Operation operation = create.operation();
        boolean unique = operation.repeat() == Repeat.UNIQUE_BY_CODE || operation.repeat() == Repeat.WITH_CODE;
        if (!unique || !refusal.mayHaveBeenProcessed()
                || !(refusal.getErrorDetails().get("code") instanceof List<?> reasons) || !reasons.contains(EXISTS)) {
            throw refusal;
        }
        try {
            JsonNode sent = Json.mapper().readTree(request.body()).path(operation.root());
            LagoResponse response = client.call(LagoRequest.get(path(request, operation, sent), null, request.permission()),
                    r -> r);
            if (Comparison.of(Json.mapper().readTree(response.body()).path(operation.answerRoot()), sent).isEqual()) {
                return response;
            }
        } catch (IOException | LagoException | NumberFormatException e) {
            refusal.addSuppressed(e);
        }
        throw refusal;
    }

    /** Where the object with that code is. */
    private String path(LagoRequest request, Operation operation, JsonNode sent) {
        String code = sent.path("code").asText();
        return operation.root().equals("wallet")
                ? "wallets/" + PathTemplate.encodeSegment(activeWallet(request, sent, code))
                : request.path() + '/' + PathTemplate.encodeSegment(code);
    }

    /** The id of the active wallet with that code. Lago finds any wallet by its code, terminated ones included. The list begins with the newest. */
    private String activeWallet(LagoRequest request, JsonNode sent, String code) {
        String collection = request.path().equals("wallets")
                ? "customers/" + PathTemplate.encodeSegment(sent.path("external_customer_id").asText()) + "/wallets"
                : request.path();
        return client.call(LagoRequest.get(collection, null, request.permission()), response -> {
            for (JsonNode wallet : Json.mapper().readTree(response.body()).path("wallets")) {
                if (wallet.path("code").asText().equals(code) && wallet.path("status").asText().equals("active")) {
                    return wallet.path("lago_id").asText();
                }
            }
            throw new IOException("it holds no active wallet with the code " + code);
        });
    }
}
