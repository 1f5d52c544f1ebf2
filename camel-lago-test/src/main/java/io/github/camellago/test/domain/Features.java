package io.github.camellago.test.domain;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;

/**
 * Features and their privileges.
 */
final class Features extends Crud {

    private static final List<String> VALUE_TYPES = List.of("integer", "boolean", "string", "select");

    Features(Context context) {
        super(context, "features");
    }

    @Override
    void register() {
        super.register();
        on("POST", "/features", this::create);
        on("PUT", "/features/{code}", this::update);
        on("DELETE", "/features/{code}/privileges/{privilege_code}", this::deletePrivilege);
    }

    /** An update adds and changes privileges. It removes none. */
    @Override
    Map<String, Object> update(Map<String, Object> feature, Map<String, Object> given) {
        Map<String, Object> changes = new LinkedHashMap<>(given);
        changes.remove("code");
        if (given.containsKey("privileges")) {
            changes.put("_known", feature.get("privileges"));
        }
        return super.update(feature, changes);
    }

    @Override
    void complete(Map<String, Object> record, Map<String, Object> given) {
        if (!given.containsKey("privileges")) {
            return;
        }
        Map<Object, Object> privileges = new LinkedHashMap<>();
        Json.asObjects(given.get("_known")).forEach(known -> privileges.put(known.get("code"), known));
        for (Map<String, Object> one : Json.asObjects(given.get("privileges"))) {
            if (one.get("code") == null) {
                throw LagoError.invalid("privilege.code", "value_is_mandatory");
            }
            Map<String, Object> known = Json.asObject(privileges.get(one.get("code")));
            Object type = known.getOrDefault("value_type", one.getOrDefault("value_type", "string"));
            if (!VALUE_TYPES.contains(String.valueOf(type))) {
                throw LagoError.invalid("privilege.value_type", "value_is_invalid");
            }
            privileges.put(one.get("code"),
                    Json.object("code", one.get("code"), "name", one.getOrDefault("name", known.get("name")),
                            "value_type", type, "config", config(known, one)));
        }
        record.put("privileges", List.copyOf(privileges.values()));
    }

    /** An update adds options to a privilege. It removes none. */
    private static Object config(Map<String, Object> known, Map<String, Object> given) {
        if (known.isEmpty()) {
            return given.getOrDefault("config", Map.of());
        }
        Set<Object> options = new LinkedHashSet<>(Json.asStrings(Json.at(known, "config.select_options")));
        options.addAll(Json.asStrings(Json.at(given, "config.select_options")));
        return options.isEmpty() ? known.get("config") : Json.object("select_options", List.copyOf(options));
    }

    private Reply deletePrivilege(Call call) {
        Map<String, Object> feature = find(call);
        String code = call.param("privilege_code");
        List<Map<String, Object>> privileges = Json.asObjects(feature.get("privileges"));
        List<Map<String, Object>> rest = privileges.stream().filter(privilege -> !code.equals(privilege.get("code"))).toList();
        if (rest.size() == privileges.size()) {
            throw LagoError.notFound("privilege");
        }
        return reply(table.update((String) feature.get("lago_id"), Json.object("privileges", rest)));
    }

    @Override
    Map<String, Object> shown(Map<String, Object> feature) {
        Map<String, Object> shown = super.shown(feature);
        shown.remove("lago_id");
        return shown;
    }
}
