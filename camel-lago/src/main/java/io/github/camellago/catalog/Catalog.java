package io.github.camellago.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * All of Lago's API that is known by name: the one place that says which resources and operations there are. It is data, read
 * once from {@code lago-catalog.json} beside this class; both sides of the component, the docs and the tests read it.
 *
 * @param entries all resources, in alphabetical order of their paths
 */
public record Catalog(List<CatalogEntry> entries) {

    private static final String FILE = "lago-catalog.json";
    private static final Catalog INSTANCE = load();

    public static Catalog get() {
        return INSTANCE;
    }

    /**
     * The operations reachable from a path, or null where it leads to none. A path's literal segment stands for one of Lago's
     * own words before it stands for an id: {@code events/batch} is the batch, not the event named batch.
     */
    public Resource find(PathTemplate path) {
        TreeMap<String, List<BoundOperation>> matches = new TreeMap<>();
        for (CatalogEntry entry : entries) {
            // all paths of an entry have the same first segment
            if (path.size() == 0 || !entry.path().segments().get(0).equals(path.segments().get(0))) {
                continue;
            }
            for (Operation operation : entry.operations()) {
                String match = operation.match(path);
                if (match != null) {
                    PathTemplate full = operation.path().prefixed(path);
                    BoundOperation bound = new BoundOperation(operation, full, full.placeholderAt(operation.keyIndex()), entry);
                    matches.computeIfAbsent(match, unused -> new ArrayList<>()).add(bound);
                }
            }
        }
        if (matches.isEmpty()) {
            return null;
        }
        List<BoundOperation> best = matches.firstEntry().getValue();
        best.sort(Comparator.comparing(bound -> bound.path().size()));
        return new Resource(path, List.copyOf(best));
    }

    /**
     * A path that is not in the catalog, called with a method of the caller's choice.
     *
     * @param path   the path of the endpoint
     * @param called the same path, or that path with the placeholder of an id after it
     */
    public static Resource unlisted(PathTemplate path, PathTemplate called, String method) {
        boolean hasId = called != path || called.equals(withId(path));
        String idName = hasId ? PathTemplate.name(called.last()) : null;
        Operation operation = Operation.unlisted(method, called);
        CatalogEntry entry = new CatalogEntry(path, path.segments().get(0), RecordType.UNKNOWN, CatalogEntry.NO_LOOKUP,
                List.of(operation));
        return new Resource(path, List.of(new BoundOperation(operation, called, idName, entry)));
    }

    /** A path that is not in the catalog with the placeholder of an id at its end, for the option {@code id}. */
    public static PathTemplate withId(PathTemplate path) {
        if (path.last().equals("{id}")) {
            return path;
        }
        return path.with(path.placeholders().contains("id") ? "object_id" : "id");
    }

    /** The known paths that are spelt most like the given one, nearest first. */
    public List<String> nearest(PathTemplate path, int count) {
        return entries.stream().flatMap(e -> e.operations().stream().map(Operation::path)).distinct()
                .sorted(Comparator.comparingInt((PathTemplate p) -> p.distance(path)).thenComparing(PathTemplate::toString))
                .limit(count).map(PathTemplate::toString).toList();
    }

    private static Catalog load() {
        try (InputStream in = Catalog.class.getResourceAsStream(FILE)) {
            List<CatalogEntry> entries = new ArrayList<>();
            JsonNode catalog = new ObjectMapper().readTree(in);
            Map<String, ValueType> types = types(catalog.get("values"));
            for (JsonNode node : catalog.get("resources")) {
                List<Operation> operations = new ArrayList<>();
                node.get("operations").forEach(o -> operations.add(operation(o, types)));
                entries.add(new CatalogEntry(PathTemplate.of(node.get("path").asText()), node.get("permission").asText(),
                        records(node.path("record")), text(node.path("record"), "lookup"), List.copyOf(operations)));
            }
            return new Catalog(List.copyOf(entries));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + FILE, e);
        }
    }

    private static RecordType records(JsonNode node) {
        return new RecordType(text(node, "id"), text(node, "key"), texts(node.path("order")),
                node.path("updated_at").asBoolean(),
                text(node, "since"));
    }

    /** The types of query parameters by their names: those that Lago's parameters share, and the lists of values. */
    private static Map<String, ValueType> types(JsonNode values) {
        Map<String, ValueType> types = new HashMap<>();
        for (ValueType.Form form : ValueType.Form.values()) {
            types.put(form.name().toLowerCase(Locale.ROOT), new ValueType(form, List.of()));
        }
        values.properties()
                .forEach(v -> types.put(v.getKey(), new ValueType(ValueType.Form.CHOICE, texts(v.getValue()))));
        return types;
    }

    private static Operation operation(JsonNode node, Map<String, ValueType> types) {
        String[] call = node.get("call").asText().split(" ", 2);
        String in = text(node, "in");
        String out = text(node, "out");
        Operation.Body body = in == null
                ? Operation.Body.NONE
                : "optional".equals(text(node, "body")) ? Operation.Body.OPTIONAL : Operation.Body.REQUIRED;
        Operation.Answer answer = out == null
                ? Operation.Answer.EMPTY
                : out.equals("text/plain")
                        ? Operation.Answer.TEXT
                        : out.endsWith("[]") ? Operation.Answer.LIST : Operation.Answer.OBJECT;
        String answerRoot = answer == Operation.Answer.TEXT || out == null ? null : out.replace("[]", "");
        return new Operation(true, node.get("name").asText(), call[0], PathTemplate.of(call[1]), text(node, "id"), body,
                in == null || in.equals("*") || in.endsWith("[]") ? null : in,
                in != null && in.endsWith("[]") ? in.replace("[]", "") : text(node, "batch"), answer, answerRoot,
                node.path("paged").asBoolean(),
                texts(node.path("query")).stream().map(q -> QueryParameter.of(q, types)).toList(),
                Repeat.of(text(node, "repeat"), call[0]),
                text(node, "permission"), text(node, "condition"), text(node, "note"));
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null ? null : value.asText();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(t -> texts.add(t.asText()));
        return List.copyOf(texts);
    }
}
