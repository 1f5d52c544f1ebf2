package io.github.camellago.upsert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.client.Json;
import io.github.camellago.operation.Comparison;

/**
 * What an upsert has to do.
 *
 * @param result     {@code created}, {@code updated} or {@code unchanged}
 * @param sent       what the message says
 * @param body       what to send to Lago; null if nothing
 * @param comparison how the object differs from what the message says
 */
record Decision(String result, ObjectNode sent, ObjectNode body, Comparison comparison) {

    static final String CREATED = "created";
    private static final String UPDATED = "updated";
    private static final String UNCHANGED = "unchanged";

    static Decision create(ObjectNode sent) {
        return new Decision(CREATED, sent, sent, Comparison.of(Json.mapper().createObjectNode(), sent));
    }

    static Decision update(String root, ObjectNode record, ObjectNode sent) {
        ObjectNode has = InputForm.ofRecord(root, record);
        Comparison comparison = Comparison.of(has, sent);
        return comparison.changes().isEmpty()
                ? new Decision(UNCHANGED, sent, null, comparison)
                : new Decision(UPDATED, sent, UpdateBody.of(root, has, sent, comparison), comparison);
    }

    boolean isUnchanged() {
        return body == null;
    }

    /** The differences, for a dry run. */
    ObjectNode report(String resource, String id) {
        ObjectNode report = Json.mapper().createObjectNode();
        report.put("resource", resource).put("id", id).put("result", result);
        ArrayNode changes = report.putArray("changes");
        if (result.equals(CREATED)) {
            sent.properties().forEach(field -> add(changes, field.getKey(), null, field.getValue()));
        } else {
            comparison.changes().forEach(change -> add(changes, change.path(), change.before(), change.after()));
        }
        ArrayNode kept = report.putArray("kept");
        ArrayNode notCompared = report.putArray("notCompared");
        if (!result.equals(CREATED)) {
            comparison.kept().forEach(kept::add);
            comparison.notCompared().forEach(notCompared::add);
        }
        return report;
    }

    private static void add(ArrayNode changes, String path, JsonNode before, JsonNode after) {
        changes.addObject().put("path", path).<ObjectNode>set("before", before).set("after", after);
    }
}
