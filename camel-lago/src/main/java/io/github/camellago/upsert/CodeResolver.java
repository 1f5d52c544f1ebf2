package io.github.camellago.upsert;

import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;

/** Replaces the codes of metrics and add-ons with their ids. Bodies have the codes, which are the same in each Lago; Lago accepts ids. */
final class CodeResolver {

    /** By the name of the object: its list and the permission to read it. */
    private static final Map<String, String> LISTS = Map.of("billable_metric", "billable_metrics", "add_on", "add_ons");

    private final LagoClient client;
    private final Map<String, JsonNode> ids = new HashMap<>();

    CodeResolver(LagoClient client) {
        this.client = client;
    }

    /** The same body with ids in place of the codes of metrics and add-ons. */
    ObjectNode resolved(String root, ObjectNode body) {
        ObjectNode resolved = body.deepCopy();
        switch (root) {
            case "charge" -> resolve(resolved, "billable_metric");
            case "fixed_charge" -> resolve(resolved, "add_on");
            case "plan" -> {
                resolved.path("charges").forEach(charge -> resolve(charge, "billable_metric"));
                resolved.path("fixed_charges").forEach(charge -> resolve(charge, "add_on"));
            }
            default -> {
            }
        }
        return resolved;
    }

    private void resolve(JsonNode charge, String target) {
        if (charge instanceof ObjectNode object) {
            JsonNode code = object.remove(target + "_code");
            if (code != null && code.isValueNode() && !object.has(target + "_id")) {
                object.set(target + "_id", ids.computeIfAbsent(target + ' ' + code.asText(), key -> id(target, code.asText())));
            }
        }
    }

    private JsonNode id(String target, String code) {
        String path = LISTS.get(target) + '/' + PathTemplate.encodeSegment(code);
        return client.call(LagoRequest.get(path, null, target),
                response -> Json.mapper().readTree(response.body()).path(target).path("lago_id"));
    }
}
