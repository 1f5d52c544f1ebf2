package io.github.camellago.test.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A resource in {@code resources.json}.
 *
 * @param name       plural, as in its path: {@code customers}
 * @param version    version of the API: {@code v1} or {@code v2}
 * @param root       root key, singular: {@code customer}
 * @param key        the field that identifies a record in paths: {@code lago_id}, {@code external_id} or {@code code}
 * @param param      name of the placeholder in paths
 * @param permission the permission that a key needs to read or write
 * @param routes     the operations that {@code Crud} serves: list, get, create, update, delete
 * @param unique     whether {@code key} is unique
 * @param updatedAt  whether records have {@code updated_at}
 * @param webhooks   whether create, update and delete send webhooks
 * @param order      see {@link Order}
 * @param required   mandatory fields of a create. The reason may follow after a space. The default is {@code value_is_mandatory}
 * @param enums      allowed values by field. The reason may follow after a space. The default is {@code value_is_invalid}
 * @param formats    format by field, see {@link Validation}
 * @param input      fields that callers can set, with their defaults
 * @param computed   fields that only the server sets, with their initial values
 * @param filters    see {@link Filters}
 */
public record Resource(String name, String version, String root, String key, String param, String permission,
        List<String> routes,
        boolean unique, boolean updatedAt, boolean webhooks, String order, List<String> required,
        Map<String, List<String>> enums, Map<String, String> formats,
        Map<String, Object> input, Map<String, Object> computed, Map<String, String> filters) {

    /** Fields that are strings, even if a number is given. */
    private static final Set<String> TEXTS = Set.of("external_id", "external_customer_id", "external_subscription_id",
            "transaction_id", "code", "plan_code", "name", "firstname", "lastname", "description", "zipcode", "phone");

    static Resource from(String name, Map<String, Object> json) {
        String root = (String) json.get("root");
        String key = (String) json.getOrDefault("key", "lago_id");
        Map<String, List<String>> enums = new LinkedHashMap<>();
        Json.asObject(json.get("enums")).forEach((field, values) -> enums.put(field, Json.asStrings(values)));
        Map<String, String> filters = texts(json.get("filters"));
        return new Resource(name, (String) json.getOrDefault("version", "v1"), root, key,
                (String) json.getOrDefault("param", key),
                (String) json.getOrDefault("permission", root), Json.asStrings(json.get("routes")),
                Boolean.TRUE.equals(json.get("unique")), Boolean.TRUE.equals(json.get("updated_at")),
                Boolean.TRUE.equals(json.get("webhooks")),
                (String) json.getOrDefault("order", "-created_at"), Json.asStrings(json.get("required")), enums,
                texts(json.get("formats")),
                Json.asObject(json.get("input")), Json.asObject(json.get("computed")), filters);
    }

    private static Map<String, String> texts(Object json) {
        Map<String, String> texts = new LinkedHashMap<>();
        Json.asObject(json).forEach((name, text) -> texts.put(name, (String) text));
        return texts;
    }

    /** The record for {@code given}: the caller's fields, and defaults for the others. Unknown fields are dropped. */
    public Map<String, Object> fresh(Map<String, Object> given) {
        Map<String, Object> record = new LinkedHashMap<>(input);
        record.putAll(accepted(given));
        computed.forEach(record::putIfAbsent);
        return record;
    }

    /** The caller's fields that callers can set. */
    public Map<String, Object> accepted(Map<String, Object> given) {
        Map<String, Object> accepted = new LinkedHashMap<>();
        given.forEach((field, value) -> {
            if (input.containsKey(field)) {
                accepted.put(field, value instanceof Number && TEXTS.contains(field) ? String.valueOf(value) : value);
            }
        });
        return accepted;
    }
}
