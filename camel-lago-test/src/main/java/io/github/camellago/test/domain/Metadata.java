package io.github.camellago.test.domain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;
import io.github.camellago.test.server.Table;

/**
 * The metadata of a resource: POST replaces it, PUT and PATCH merge, DELETE removes one key or all.
 */
final class Metadata {

    private final Table table;
    private final Function<Call, Map<String, Object>> owner;

    private Metadata(Table table, Function<Call, Map<String, Object>> owner) {
        this.table = table;
        this.owner = owner;
    }

    /** Adds the routes below {@code path} for the records that {@code owner} finds. */
    static void register(Crud crud, String path, Function<Call, Map<String, Object>> owner) {
        Metadata metadata = new Metadata(crud.table, owner);
        crud.on("POST", path + "/metadata", call -> metadata.change(call, old -> given(call)));
        crud.on("PATCH", path + "/metadata", call -> metadata.change(call, old -> {
            Map<String, Object> merged = new LinkedHashMap<>(Json.asObject(old));
            merged.putAll(given(call));
            return merged;
        }));
        crud.on("DELETE", path + "/metadata", call -> metadata.change(call, old -> null));
        crud.on("DELETE", path + "/metadata/{key}", call -> metadata.change(call, old -> without(old, call.param("key"))));
    }

    private static Map<String, Object> given(Call call) {
        return Json.asObject(call.json().get("metadata"));
    }

    /** A missing key is not an error. A record without metadata is an error. */
    private static Map<String, Object> without(Object old, String key) {
        if (old == null) {
            throw LagoError.notFound("metadata");
        }
        Map<String, Object> rest = new LinkedHashMap<>(Json.asObject(old));
        rest.remove(key);
        return rest;
    }

    private Reply change(Call call, UnaryOperator<Object> change) {
        Map<String, Object> record = owner.apply(call);
        Object metadata = change.apply(record.get("metadata"));
        table.update((String) record.get("lago_id"), Json.object("metadata", metadata));
        return Reply.of("metadata", metadata);
    }
}
