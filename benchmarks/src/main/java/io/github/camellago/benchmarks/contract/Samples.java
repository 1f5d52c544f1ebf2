package io.github.camellago.benchmarks.contract;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Creates valid values for the schemas of a contract: from examples if there are any, else by type. Sets all properties. */
final class Samples {

    private final Contract contract;

    Samples(Contract contract) {
        this.contract = contract;
    }

    Object parameter(Map<String, Object> parameter) {
        Object example = example(parameter);
        return example != null ? plain(example) : value(parameter.get("schema"));
    }

    Object body(Map<String, Object> content) {
        return value(content.get("schema"));
    }

    private Object value(Object given) {
        Map<String, Object> schema = merged(contract.map(given));
        for (String choice : List.of("oneOf", "anyOf")) {
            if (schema.containsKey(choice)) {
                return value(Contract.list(schema.get(choice)).stream()
                        .filter(s -> !"null".equals(contract.map(s).get("type"))).findFirst().orElseThrow());
            }
        }
        if (schema.containsKey("const")) {
            return plain(schema.get("const"));
        }
        if (schema.containsKey("properties")) {
            Map<String, Object> object = new LinkedHashMap<>();
            contract.map(schema.get("properties")).forEach((name, property) -> object.put(name, value(property)));
            return object;
        }
        // examples of free-form objects may not match the schema of the values
        Object example = schema.get("additionalProperties") instanceof Map<?, ?> ? null : example(schema);
        if (example != null) {
            return plain(example);
        }
        List<Object> allowed = Contract.list(schema.get("enum")).stream().filter(Objects::nonNull).toList();
        return allowed.isEmpty() ? byType(schema) : plain(allowed.get(0));
    }

    private Object byType(Map<String, Object> schema) {
        Object type = schema.get("type") instanceof List<?> types
                ? types.stream().filter(t -> !"null".equals(t)).map(String::valueOf).findFirst().orElse("string")
                : schema.getOrDefault("type", schema.containsKey("items") ? "array" : "object");
        return switch (String.valueOf(type)) {
            case "string" -> string(schema);
            case "integer", "number" -> schema.getOrDefault("minimum", 1);
            case "boolean" -> true;
            case "array" -> List.of(value(schema.get("items")));
            default -> schema.get("additionalProperties") instanceof Map<?, ?> values ? Map.of("key", value(values)) : Map.of();
        };
    }

    private static String string(Map<String, Object> schema) {
        return switch (String.valueOf(schema.get("format"))) {
            case "uuid" -> "1a901a90-1a90-4a90-9a90-1a901a901a90";
            case "date" -> "2026-01-31";
            case "date-time" -> "2026-01-31T12:00:00Z";
            case "email" -> "a@b.example";
            case "uri", "url" -> "https://a.example/b";
            default -> "text".matches(String.valueOf(schema.getOrDefault("pattern", ".*"))) ? "text" : "1";
        };
    }

    /** The schema merged with the parts of its allOf. */
    private Map<String, Object> merged(Map<String, Object> schema) {
        if (!schema.containsKey("allOf")) {
            return schema;
        }
        Map<String, Object> merged = new LinkedHashMap<>();
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Object part : Contract.list(schema.get("allOf"))) {
            Map<String, Object> one = merged(contract.map(part));
            properties.putAll(contract.map(one.get("properties")));
            merged.putAll(one);
        }
        schema.forEach((name, value) -> {
            if (!name.equals("allOf")) {
                merged.put(name, value);
            }
        });
        properties.putAll(contract.map(schema.get("properties")));
        if (!properties.isEmpty()) {
            merged.put("properties", properties);
        }
        return merged;
    }

    private Object example(Map<String, Object> owner) {
        if (owner.get("example") != null) {
            return owner.get("example");
        }
        Object examples = owner.get("examples");
        if (examples instanceof List<?> list) {
            return list.stream().filter(Objects::nonNull).findFirst().orElse(null);
        }
        return contract.map(examples).values().stream().map(e -> contract.map(e).get("value")).filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Converts the dates of YAML to text, since JSON has no dates. */
    private static Object plain(Object value) {
        if (value instanceof Date date) {
            Instant instant = date.toInstant();
            return instant.getEpochSecond() % 86_400 == 0
                    ? LocalDate.ofInstant(instant, ZoneOffset.UTC).toString()
                    : instant.toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Samples::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((k, v) -> plain.put(String.valueOf(k), plain(v)));
            return plain;
        }
        return value;
    }
}
