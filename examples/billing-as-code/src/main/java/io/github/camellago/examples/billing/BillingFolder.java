package io.github.camellago.examples.billing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/**
 * A folder of YAML files with the billing configuration. The objects of a resource are in {@code plans.yaml} or in files below {@code plans/}.
 * A file contains one object or a list of them.
 */
public class BillingFolder {

    /** The resources in the order of their dependencies: a plan refers to taxes, metrics, add-ons and features, a coupon to plans. */
    static final List<String> RESOURCES = List.of("taxes", "billable_metrics", "add_ons", "features", "plans", "coupons");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private final Path folder;

    BillingFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * All objects, those that others refer to first.
     *
     * @throws IllegalArgumentException if a file is not usable. Nothing is ever left out silently
     */
    public List<Definition> read() throws IOException {
        Map<String, List<Definition>> all = new LinkedHashMap<>();
        RESOURCES.forEach(resource -> all.put(resource, new ArrayList<>()));
        for (Path file : files()) {
            String resource = folder.relativize(file).getName(0).toString().replaceFirst("\\.ya?ml$", "");
            if (!all.containsKey(resource)) {
                throw new IllegalArgumentException(file + " is of none of the known resources: " + RESOURCES);
            }
            add(file, resource, all.get(resource));
        }
        return all.values().stream().flatMap(List::stream).toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml")).sorted().toList();
        }
    }

    private static void add(Path file, String resource, List<Definition> definitions) throws IOException {
        Set<String> codes = new HashSet<>();
        definitions.forEach(known -> codes.add((String) known.body().get("code")));
        JsonNode content = YAML.readTree(Files.readString(file));
        for (JsonNode object : content.isArray() ? content : List.of(content)) {
            String code = object.path("code").asText();
            if (code.isBlank()) {
                throw new IllegalArgumentException(file + " has an object without a code: " + object);
            }
            if (!codes.add(code)) {
                throw new IllegalArgumentException(file + " defines " + code + " of " + resource + " again");
            }
            definitions.add(new Definition(resource, map(object)));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(JsonNode object) {
        return YAML.convertValue(object, Map.class);
    }
}
