package io.github.camellago.test.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code resources.json} says of one resource.
 *
 * @param name       in the plural, as in its path: {@code customers}
 * @param version    of the API that serves it: {@code v1} or {@code v2}
 * @param root       its root key, in the singular: {@code customer}
 * @param key        the field that its paths go by: {@code lago_id}, {@code external_id} or {@code code}
 * @param param      the name of the path's placeholder
 * @param permission what a key must be allowed to read or write
 * @param routes     which of list, get, create, update, delete are plain: served with no behaviour of their own
 * @param unique     whether {@code key} may occur once only
 * @param updatedAt  whether records carry {@code updated_at}
 * @param webhooks   whether creating, updating and deleting one each sends a webhook
 * @param order      see {@link Order}
 * @param required   fields that a create must have; after a space the reason to give, if not {@code value_is_mandatory}
 * @param enums      allowed values by field; after a space the reason to give, if not {@code value_is_invalid}
 * @param formats    what a value must look like, by field, see {@link Validation}
 * @param input      fields that a caller may set, with their defaults
 * @param computed   fields that only the server sets, with their first values
 * @param filters    see {@link Filters}
 */
public record Resource(String name, String version, String root, String key, String param, String permission,
        List<String> routes,
        boolean unique, boolean updatedAt, boolean webhooks, String order, List<String> required,
        Map<String, List<String>> enums, Map<String, String> formats,
        Map<String, Object> input, Map<String, Object> computed, Map<String, String> filters) {

    /** Fields that are text, also when a number is given. */
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

    /** The record that {@code given} makes: the caller's fields over the defaults. What is no field of the resource is dropped. */
    public Map<String, Object> fresh(Map<String, Object> given) {
        Map<String, Object> record = new LinkedHashMap<>(input);
        record.putAll(accepted(given));
        computed.forEach(record::putIfAbsent);
        return record;
    }

    /** Those of the caller's fields that a caller may set. */
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
