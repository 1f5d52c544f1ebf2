package io.github.camellago.upsert;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.LagoResponse;

/**
 * An object as Lago answers it.
 *
 * @param request  the call
 * @param response the answer
 * @param record   the object in it, without its root key
 */
record Found(LagoRequest request, LagoResponse response, ObjectNode record) {

    /** Makes a call that answers one object. */
    static Found call(LagoClient client, LagoRequest request, String root) {
        return client.call(request, response -> {
            JsonNode answer = Json.mapper().readTree(response.body());
            JsonNode record = answer.path(root).isContainerNode() || !answer.has("lago_id") ? answer.path(root) : answer;
            if (record.isArray()) {
                record = Json.mapper().createObjectNode().set(root, record);
            }
            if (!record.isObject()) {
                throw new IOException("it holds no \"" + root + "\"");
            }
            return new Found(request, response, (ObjectNode) record);
        });
    }

    /** Reads a list. An answer without it is refused: it could be taken for a list that lacks an object. */
    static JsonNode list(LagoClient client, LagoRequest request, String name) {
        return client.call(request, response -> {
            JsonNode list = Json.mapper().readTree(response.body()).path(name);
            if (!list.isArray()) {
                throw new IOException("it holds no \"" + name + "\"");
            }
            return list;
        });
    }
}
