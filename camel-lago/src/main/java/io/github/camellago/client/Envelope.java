package io.github.camellago.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;

/** Lago wraps each object in a root key; this puts it on and takes it off. */
public final class Envelope {

    private Envelope() {}

    /**
     * Adds the root key if it is missing.
     *
     * @param  json      a JSON object, or an array where there is a root for lists
     * @param  root      the root key of an object, or null: then it becomes a list of one, or stays as it is where there are no lists
     * @param  batchRoot the root key of lists, or null
     * @throws IOException when the text is not JSON, or neither an object nor such an array
     */
    public static byte[] wrap(byte[] json, String root, String batchRoot) throws IOException {
        String missing;
        boolean single = false;
        try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY && batchRoot != null) {
                parser.skipChildren();
                missing = batchRoot;
            } else if (first == JsonToken.START_OBJECT) {
                single = root == null && batchRoot != null;
                missing = hasKey(parser, root, batchRoot) ? null : single ? batchRoot : root;
            } else {
                throw new IOException("it is " + name(first) + " instead of a JSON object");
            }
            if (parser.nextToken() != null) {
                throw new IOException("something follows the JSON value");
            }
        }
        if (missing == null) {
            return json;
        }
        ByteArrayOutputStream wrapped = new ByteArrayOutputStream(json.length + missing.length() + 8);
        wrapped.write("{\"".getBytes(StandardCharsets.UTF_8));
        wrapped.write(JsonStringEncoder.getInstance().quoteAsUTF8(missing));
        wrapped.write((single ? "\":[" : "\":").getBytes(StandardCharsets.UTF_8));
        wrapped.write(json);
        wrapped.write((single ? "]}" : "}").getBytes(StandardCharsets.UTF_8));
        return wrapped.toByteArray();
    }

    private static boolean hasKey(JsonParser parser, String root, String batchRoot) throws IOException {
        boolean found = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            boolean structured = parser.nextToken().isStructStart();
            found |= structured && (field.equals(root) || field.equals(batchRoot));
            parser.skipChildren();
        }
        return found;
    }

    /**
     * Takes the root key off and reads the object behind it. An object without the root key is read whole if it has Lago's id.
     *
     * @return null for an empty answer
     * @throws IOException if the answer is not Lago's
     */
    public static Object unwrap(LagoResponse response, String root, Binding binding) throws IOException {
        return unwrap(response, root, null, binding);
    }

    /** Like {@link #unwrap(LagoResponse, String, Binding)}, where the answer to a list of bodies has a root key of its own. */
    public static Object unwrap(LagoResponse response, String root, String batchRoot, Binding binding) throws IOException {
        if (response.isEmpty()) {
            return null;
        }
        byte[] json = response.body();
        Object[] found = new Object[1];
        boolean wrapped = false;
        try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT && root != null) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    if (name.equals(root) || name.equals(batchRoot)) {
                        wrapped = true;
                        found[0] = binding.read(parser, json);
                    } else {
                        parser.skipChildren();
                    }
                }
            }
        }
        if (wrapped) {
            return found[0];
        }
        // Lago answers a few objects without their root key, as its contract says. All of them have an id
        if (!tree(response).has("lago_id") && root != null) {
            throw new IOException("it holds no \"" + root + "\"");
        }
        try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
            parser.nextToken();
            Object whole = binding.read(parser, json);
            parser.nextToken();
            return whole;
        }
    }

    /** Refuses what is not a JSON object, an empty one, and an error in the guise of a success. */
    static void requireObject(LagoResponse response) throws IOException {
        JsonNode answer = tree(response);
        if (!answer.isObject() || answer.isEmpty()) {
            throw new IOException("it is no JSON object with content");
        }
    }

    /** The JSON of an answer. Refuses an error in the guise of a success. */
    private static JsonNode tree(LagoResponse response) throws IOException {
        JsonNode answer = Json.mapper().readTree(response.body());
        if (answer.path("status").asInt() >= 400) {
            throw new IOException("it reports an error");
        }
        return answer;
    }

    /** Whether an answer of which nothing is known is a list: an object with {@code meta}, or with nothing but one array. */
    public static boolean isList(LagoResponse response) throws IOException {
        Map<?, ?> object = object(response);
        return object.containsKey("meta") || object.size() == 1 && object.values().iterator().next() instanceof List;
    }

    /**
     * The JSON object of an answer; without fields for an empty answer.
     *
     * @throws IOException if it is something else
     */
    public static Map<?, ?> object(LagoResponse response) throws IOException {
        Map<?, ?> object = response.isEmpty() ? Map.of() : Json.mapper().readValue(response.body(), Map.class);
        if (object == null) {
            throw new IOException("it is null instead of a JSON object");
        }
        return object;
    }

    /** A scalar field of the object behind the root key, as text, or null. */
    public static String field(LagoResponse response, String root, String field) throws IOException {
        if (field == null || response.isEmpty()) {
            return null;
        }
        byte[] json = response.body();
        try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT && root != null) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    boolean mine = parser.currentName().equals(root);
                    if (parser.nextToken() == JsonToken.START_OBJECT && mine) {
                        return scalars(parser, Set.of(field)).get(field);
                    }
                    parser.skipChildren();
                }
            }
        }
        return fields(null, json, 0, json.length, Set.of(field)).get(field);
    }

    /**
     * Reads a list's page.
     *
     * @param root   the key of the array; null if it is not known: the first array is used
     * @param fields the records' own fields to read out
     */
    public static Page page(LagoResponse response, String root, Binding binding, Set<String> fields) throws IOException {
        byte[] json = response.body();
        List<LagoRecord> records = null;
        Integer next = null;
        Integer pages = null;
        Integer count = null;
        try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is " + name(parser.currentToken()) + " instead of a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_ARRAY && (field.equals(root) || root == null && records == null)) {
                    records = records(parser, json, binding, fields);
                } else if (field.equals("meta") && value == JsonToken.START_OBJECT) {
                    Map<?, ?> meta = Json.mapper().readValue(parser, Map.class);
                    next = integer(meta.get("next_page"));
                    pages = integer(meta.get("total_pages"));
                    count = integer(meta.get("total_count"));
                } else {
                    parser.skipChildren();
                }
            }
        }
        if (records == null) {
            throw new IOException("it holds no " + (root == null ? "list" : "\"" + root + "\""));
        }
        return new Page(records, next, pages, count, response);
    }

    /**
     * Like {@link #page(LagoResponse, String, Binding, Set)}, with records without bodies where they are known.
     *
     * @param known whether a record is known by its fields; null if none is
     */
    public static Page page(LagoResponse response, String root, Binding binding, Set<String> fields,
            Predicate<LagoRecord> known) throws IOException {
        return known == null
                ? page(response, root, binding, fields)
                : RecordScan.page(response, root, binding, fields, known);
    }

    private static List<LagoRecord> records(JsonParser parser, byte[] json, Binding binding, Set<String> fields)
            throws IOException {
        List<LagoRecord> records = new ArrayList<>();
        MapReader maps = new MapReader();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            if (binding.isText() && parser.currentToken() == JsonToken.START_OBJECT) {
                Map<String, String> found = scalars(parser, fields);
                int to = (int) parser.currentLocation().getByteOffset();
                records.add(new LagoRecord(new String(json, from, to - from, StandardCharsets.UTF_8), found, json, from, to));
            } else {
                Object body = binding.read(parser, json, maps);
                int to = (int) parser.currentLocation().getByteOffset();
                records.add(new LagoRecord(body, fields(body, json, from, to, fields), json, from, to));
            }
        }
        return records;
    }

    /** Goes through the object at which the parser stands, to its end. Returns those of its scalar fields that are wanted. */
    public static Map<String, String> scalars(JsonParser parser, Set<String> wanted) throws IOException {
        Map<String, String> found = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value.isScalarValue() && value != JsonToken.VALUE_NULL && wanted.contains(field)) {
                found.put(field, parser.getText());
            }
            parser.skipChildren();
        }
        return found;
    }

    private static Map<String, String> fields(Object body, byte[] json, int from, int to, Set<String> wanted)
            throws IOException {
        if (wanted.isEmpty()) {
            return Map.of();
        }
        if (body instanceof Map<?, ?> map) {
            Map<String, String> fields = new HashMap<>();
            for (String field : wanted) {
                Object value = map.get(field);
                if (value != null) {
                    fields.put(field, value.toString());
                }
            }
            return fields;
        }
        try (JsonParser parser = Json.mapper().getFactory().createParser(json, from, to - from)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? scalars(parser, wanted) : Map.of();
        }
    }

    /** The fields at an object's top that have a value. */
    public static Set<String> keys(byte[] json, String root) throws IOException {
        Map<?, ?> object = Json.mapper().readValue(json, Map.class);
        Object inner = root == null ? object : object.get(root);
        Set<String> keys = new HashSet<>();
        if (inner instanceof Map<?, ?> map) {
            map.forEach((k, v) -> {
                if (v != null && !v.toString().isBlank()) {
                    keys.add(String.valueOf(k));
                }
            });
        }
        return keys;
    }

    private static Integer integer(Object value) {
        return value instanceof Number number ? number.intValue() : null;
    }

    private static String name(JsonToken token) {
        if (token == null) {
            return "empty";
        }
        return switch (token) {
            case START_ARRAY -> "a JSON array";
            case VALUE_STRING -> "a JSON string";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "a JSON boolean";
            default -> "a JSON number";
        };
    }
}
