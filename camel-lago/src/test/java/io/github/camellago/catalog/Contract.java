package io.github.camellago.catalog;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Lago's published OpenAPI contract, in the words of the catalog. */
final class Contract {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final Map<String, Object> root;

    private Contract(Map<String, Object> root) {
        this.root = root;
    }

    static Contract read(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(20_000_000);
        try (Reader reader = Files.newBufferedReader(file)) {
            return new Contract(new Yaml(new SafeConstructor(options)).load(reader));
        }
    }

    /** The calls of the contract, by {@code METHOD path}. */
    Map<String, Facts> operations() {
        Map<String, Facts> operations = new LinkedHashMap<>();
        map(root.get("paths")).forEach((path, item) -> map(item).forEach((method, operation) -> {
            if (METHODS.contains(method)) {
                operations.put(method.toUpperCase(Locale.ROOT) + ' ' + path.substring(1), facts(map(item), map(operation)));
            }
        }));
        return operations;
    }

    private Facts facts(Map<String, Object> item, Map<String, Object> operation) {
        Map<String, Object> body = map(operation.get("requestBody"));
        List<Object> parameters = new ArrayList<>(list(item.get("parameters")));
        parameters.addAll(list(operation.get("parameters")));
        Set<String> query = new TreeSet<>();
        boolean paged = false;
        for (Object one : parameters) {
            Map<String, Object> parameter = map(one);
            if (!"query".equals(parameter.get("in"))) {
                continue;
            }
            String name = (String) parameter.get("name");
            if (name.equals("page") || name.equals("per_page")) {
                paged = true;
            } else {
                query.add(
                        name(name, map(parameter.get("schema"))) + (Boolean.TRUE.equals(parameter.get("required")) ? "!" : ""));
            }
        }
        return new Facts((String) operation.get("operationId"), body.isEmpty() ? null : keys(schema(body)),
                Boolean.TRUE.equals(body.get("required")), answer(map(operation.get("responses"))), paged, query);
    }

    /** {@code name}, {@code name[]} or <code>name{}</code>, as the catalog writes it. */
    private static String name(String name, Map<String, Object> schema) {
        if (name.endsWith("]") && !name.endsWith("[]")) {
            return name.substring(0, name.indexOf('[')) + "{}";
        }
        if (name.endsWith("[]") || !"array".equals(schema.get("type"))) {
            return "object".equals(schema.get("type")) ? name + "{}" : name;
        }
        return name + "[] without brackets";
    }

    private String answer(Map<String, Object> responses) {
        for (Map.Entry<String, Object> response : responses.entrySet()) {
            Map<String, Object> content = map(map(response.getValue()).get("content"));
            if (response.getKey().startsWith("2") && !content.isEmpty()) {
                return content.containsKey("application/json")
                        ? keys(schema(map(response.getValue())))
                        : content.keySet().iterator().next();
            }
        }
        return null;
    }

    private Map<String, Object> schema(Map<String, Object> body) {
        return map(map(map(body.get("content")).get("application/json")).get("schema"));
    }

    /** The one root key, with {@code []} where it is an array; the alternatives, with a bar between them; else a star. */
    private String keys(Map<String, Object> schema) {
        List<Object> alternatives = list(schema.containsKey("oneOf") ? schema.get("oneOf") : schema.get("anyOf"));
        if (!alternatives.isEmpty()) {
            return String.join("|", alternatives.stream().map(a -> keys(map(a))).toList());
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        list(schema.get("allOf")).forEach(part -> properties.putAll(map(map(part).get("properties"))));
        properties.putAll(map(schema.get("properties")));
        properties.remove("meta");
        if (properties.size() != 1) {
            return "*";
        }
        return key(properties.keySet().iterator().next(), properties);
    }

    private String key(String name, Map<String, Object> properties) {
        Map<String, Object> schema = map(properties.get(name));
        Object type = schema.get("type");
        if ("array".equals(type)) {
            return name + "[]";
        }
        boolean object = "object".equals(type) || type instanceof List<?> types && types.contains("object")
                || schema.containsKey("properties") || schema.containsKey("allOf") || schema.containsKey("oneOf")
                || schema.containsKey("anyOf");
        return object ? name : "*";
    }

    /** A map, looked up if it is a reference; empty if it is missing. */
    private Map<String, Object> map(Object value) {
        Object at = value;
        while (at instanceof Map<?, ?> map && map.get("$ref") instanceof String reference) {
            at = root;
            for (String step : reference.substring(2).split("/")) {
                at = ((Map<?, ?>) at).get(step.replace("~1", "/").replace("~0", "~"));
            }
        }
        Map<String, Object> map = new LinkedHashMap<>();
        if (at instanceof Map<?, ?> found) {
            found.forEach((k, v) -> map.put(String.valueOf(k), v));
        }
        return map;
    }

    private static List<Object> list(Object value) {
        return value instanceof List<?> list ? List.copyOf(list) : List.of();
    }

    /**
     * What is known of a call.
     *
     * @param operationId  its name in the contract
     * @param in           the body's root keys, or null where it takes none
     * @param bodyRequired whether it must have a body
     * @param out          the answer's root key or media type, or null where it has no body
     * @param paged        whether it takes {@code page} and {@code per_page}
     * @param query        its other query parameters
     */
    record Facts(String operationId, String in, boolean bodyRequired, String out, boolean paged, Set<String> query) {

        /** The facts with one difference: {@code +query}, {@code -query}, {@code in=}, {@code out=}, {@code body=required} or {@code pages}. */
        Facts with(String difference) {
            String value = difference.substring(difference.indexOf('=') + 1);
            Set<String> other = new TreeSet<>(query);
            return switch (difference.replaceAll("(?<=[-+=]).*", "")) {
                case "+" -> {
                    other.add(difference.substring(1));
                    yield new Facts(operationId, in, bodyRequired, out, paged, other);
                }
                case "-" -> {
                    other.remove(difference.substring(1));
                    yield new Facts(operationId, in, bodyRequired, out, paged, other);
                }
                case "in=" -> new Facts(operationId, value, bodyRequired, out, paged, query);
                case "out=" -> new Facts(operationId, in, bodyRequired, value, paged, query);
                case "body=" -> new Facts(operationId, in, true, out, paged, query);
                case "pages" -> new Facts(operationId, in, bodyRequired, out, true, query);
                default -> throw new IllegalArgumentException("Unknown difference: " + difference);
            };
        }
    }
}
