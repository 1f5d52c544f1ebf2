package io.github.camellago.upsert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.client.Json;
import io.github.camellago.operation.Comparison;

/** Entitlements as Lago takes them: by the codes of their features, the values of their privileges by the codes of the privileges. */
final class EntitlementMap {

    static final String NAME = "entitlements";

    private EntitlementMap() {}

    /** The form that Lago takes, of entitlements in that form or in the form in which Lago shows them. */
    static ObjectNode of(JsonNode entitlements) {
        ObjectNode map = Json.mapper().createObjectNode();
        if (entitlements.isObject()) {
            entitlements.properties().forEach(feature -> {
                if (!feature.getValue().isObject() && !feature.getValue().isNull()) {
                    throw new IllegalArgumentException("The entitlement " + feature.getKey()
                            + " must be an object with the values of its privileges: {\"max\": 10}");
                }
                map.set(feature.getKey(), feature.getValue().isObject() ? feature.getValue().deepCopy() : map.objectNode());
            });
        } else {
            entitlements.forEach(feature -> {
                if (!feature.path("code").isTextual()) {
                    throw new IllegalArgumentException(
                            "The field entitlements must have objects with the code of a feature, but has "
                                    + feature);
                }
                ObjectNode values = map.putObject(feature.path("code").asText());
                feature.path("privileges").forEach(one -> values.set(one.path("code").asText(), one.path("value")));
            });
        }
        return map;
    }

    /** Puts the entitlements of an object into that form. */
    static void convert(ObjectNode object) {
        JsonNode entitlements = object.path(NAME);
        if (entitlements.isContainerNode()) {
            object.set(NAME, of(entitlements));
        } else if (!entitlements.isMissingNode() && !entitlements.isNull()) {
            throw new IllegalArgumentException("The field entitlements must be an object or a list, but is " + entitlements);
        }
    }

    /** The sent features that have changes, or null if no feature has changed. */
    static ObjectNode changed(ObjectNode sent, Comparison comparison) {
        ObjectNode changed = sent.objectNode();
        sent.path(NAME).properties().forEach(feature -> {
            String path = NAME + '.' + feature.getKey();
            if (comparison.changes().stream().anyMatch(c -> c.path().equals(path) || c.path().startsWith(path + '.'))) {
                changed.set(feature.getKey(), feature.getValue());
            }
        });
        return changed.isEmpty() ? null : changed;
    }
}
