package io.github.camellago.test.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;

/**
 * A request below {@code /api/v1}, with the values of the placeholders of its path.
 *
 * @param method in upper case
 * @param path   as received, still encoded, without {@code /api/v1}
 * @param query  decoded
 * @param body   the raw body. May be empty
 * @param params values of the placeholders, decoded
 */
public record Call(String method, String path, Map<String, List<String>> query, byte[] body, Map<String, String> params) {

    public static Call of(String method, String path, String rawQuery, byte[] body) {
        return new Call(method, path, parseQuery(rawQuery), body, Map.of());
    }

    /** The same call without a prefix of its path. */
    public Call below(String prefix) {
        return new Call(method, path.substring(prefix.length()), query, body, params);
    }

    /** The call with the values of the placeholders. Query parameters with the same names are ignored. */
    Call with(Map<String, String> values) {
        Map<String, List<String>> rest = query;
        if (query.keySet().stream().anyMatch(values::containsKey)) {
            rest = new LinkedHashMap<>(query);
            rest.keySet().removeAll(values.keySet());
        }
        return new Call(method, path, rest, body, values);
    }

    public boolean reads() {
        return "GET".equals(method);
    }

    /** The value of a placeholder of the route. */
    public String param(String name) {
        String value = params.get(name);
        if (value == null) {
            throw new IllegalStateException("Route of " + path + " has no {" + name + "}");
        }
        return value;
    }

    /** The last value of a query parameter, or null. */
    public String query(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.get(values.size() - 1);
    }

    /** All values of {@code name[]=…}, or the single value of {@code name=…}. */
    public List<String> queryAll(String name) {
        List<String> many = query.get(name + "[]");
        return many != null ? many : query.getOrDefault(name, List.of());
    }

    /** The values of {@code name[key]=value}. */
    public Map<String, String> queryMap(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        query.forEach((key, values) -> {
            if (key.startsWith(name + "[") && key.endsWith("]") && key.length() > name.length() + 2) {
                map.put(key.substring(name.length() + 1, key.length() - 1), values.get(values.size() - 1));
            }
        });
        return map;
    }

    /** The body as an object. Empty if there is no body. */
    public Map<String, Object> json() {
        return Json.asObject(value());
    }

    /** The body as a list of strings. Empty if there is no body. */
    public List<String> strings() {
        return Json.asStrings(value());
    }

    private Object value() {
        if (body.length == 0) {
            return null;
        }
        try {
            return Json.parse(body);
        } catch (JsonProcessingException e) {
            throw LagoError.badRequest("error occurred while parsing request parameters");
        }
    }

    /** The object under the root key of the body. 400 if it is missing. */
    public Map<String, Object> root(String name) {
        Map<String, Object> root = Json.asObject(json().get(name));
        if (root.isEmpty()) {
            throw LagoError.missingRoot(name);
        }
        return root;
    }

    private static Map<String, List<String>> parseQuery(String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (raw != null && !raw.isEmpty()) {
            for (String pair : raw.split("&")) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                query.computeIfAbsent(name, n -> new ArrayList<>()).add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    static String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw LagoError.badRequest("invalid %-encoding");
        }
    }

    /** Decodes a segment of a path. Unlike in a query, a plus sign is not a space. */
    static String decodeSegment(String encoded) {
        return decode(encoded.replace("+", "%2B"));
    }
}
