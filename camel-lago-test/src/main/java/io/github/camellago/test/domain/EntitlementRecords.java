package io.github.camellago.test.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Json;

/** Entitlements as Lago shows them. */
final class EntitlementRecords {

    /** The field of plans and subscriptions that stores them. */
    static final String FIELD = "_entitlements";

    private final Context context;

    EntitlementRecords(Context context) {
        this.context = context;
    }

    /** All features of a plan. */
    List<Object> all(Map<String, Object> granted) {
        List<Object> all = new ArrayList<>();
        granted.forEach((feature, values) -> all.add(shown(feature, Json.asObject(values))));
        return all;
    }

    /** A feature with the privileges that have a value. */
    Map<String, Object> shown(String code, Map<String, Object> values) {
        Map<String, Object> feature = context.table("features").oneByKey(code);
        Map<String, Object> known = feature == null ? Map.of() : feature;
        List<Object> privileges = new ArrayList<>();
        for (Map<String, Object> privilege : Json.asObjects(known.get("privileges"))) {
            if (values.get(String.valueOf(privilege.get("code"))) != null) {
                privileges.add(Json.with(privilege, "value", values.get(String.valueOf(privilege.get("code")))));
            }
        }
        return Json.object("code", code, "name", known.get("name"), "description", known.get("description"), "privileges",
                privileges);
    }
}
