package io.github.camellago.upsert;

import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camellago.client.Json;
import io.github.camellago.operation.Comparison;

/**
 * The actions of an upsert.
 *
 * @param result       {@code created}, {@code updated} or {@code unchanged}
 * @param sent         what the message says
 * @param body         the body of the create or update; null if there is nothing to create or update
 * @param entitlements the entitlements to set, which Lago takes in a call of their own; null if they are as they should be
 * @param comparison   how the object differs from what the message says
 */
record Decision(String result, ObjectNode sent, ObjectNode body, ObjectNode entitlements, Comparison comparison) {

    static final String CREATED = "created";
    private static final String UPDATED = "updated";
    static final String UNCHANGED = "unchanged";

    static Decision create(ObjectNode sent) {
        ObjectNode body = sent.deepCopy();
        JsonNode entitlements = body.remove(EntitlementMap.NAME);
        return new Decision(CREATED, sent, body,
                entitlements instanceof ObjectNode map && !map.isEmpty() ? map : null,
                Comparison.of(Json.mapper().createObjectNode(), sent));
    }

    /**
     * @param root the root key of the object
     * @param has  the object as Lago has it, in the form in which Lago takes it
     */
    static Decision update(String root, ObjectNode has, ObjectNode sent) {
        Comparison comparison = Comparison.of(has, sent);
        if (comparison.changes().isEmpty()) {
            return new Decision(UNCHANGED, sent, null, null, comparison);
        }
        Set<String> changed = comparison.changedFields();
        ObjectNode entitlements = changed.remove(EntitlementMap.NAME) ? EntitlementMap.changed(sent, comparison) : null;
        return new Decision(UPDATED, sent, changed.isEmpty() ? null : UpdateBody.of(root, has, sent, changed), entitlements,
                comparison);
    }

    /** Whether an object of a list has changes or is new. */
    boolean changes(String list, String code) {
        String path = list + '[' + code + ']';
        return comparison.changes().stream()
                .anyMatch(c -> c.path().equals(list) || c.path().equals(path) || c.path().startsWith(path + '.')
                        || c.path().startsWith(path + '['));
    }

    boolean changesBesideCharges() {
        Set<String> changed = comparison.changedFields();
        changed.removeAll(Set.of("charges", "fixed_charges", EntitlementMap.NAME));
        return !changed.isEmpty();
    }

    boolean isCreate() {
        return result.equals(CREATED);
    }

    boolean isUnchanged() {
        return result.equals(UNCHANGED);
    }

    Decision asCreated() {
        return new Decision(CREATED, sent, body, entitlements, comparison);
    }

    /** The differences, for a dry run. */
    ObjectNode report(String resource, String id) {
        ObjectNode report = Json.mapper().createObjectNode();
        report.put("resource", resource).put("id", id).put("result", result);
        ArrayNode changes = report.putArray("changes");
        ArrayNode kept = report.putArray("kept");
        ArrayNode notCompared = report.putArray("notCompared");
        if (isCreate()) {
            sent.properties().forEach(field -> add(changes, field.getKey(), null, field.getValue()));
        } else {
            comparison.changes().forEach(change -> add(changes, change.path(), change.before(), change.after()));
            comparison.kept().forEach(kept::add);
            comparison.notCompared().forEach(notCompared::add);
        }
        return report;
    }

    private static void add(ArrayNode changes, String path, JsonNode before, JsonNode after) {
        changes.addObject().put("path", path).<ObjectNode>set("before", before).set("after", after);
    }
}
