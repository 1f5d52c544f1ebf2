package io.github.camellago.benchmarks.contract;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The calls of an OpenAPI document, with their parameters and bodies. */
final class Contract {

    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

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

    /**
     * A parameter of a call.
     *
     * @param in     {@code path} or {@code query}
     * @param sample a value that is valid for its schema
     */
    record Parameter(String name, String in, Object sample) {}

    /**
     * A call.
     *
     * @param body a body that is valid for its schema, or null if the call has no body
     */
    record Call(String method, String path, List<Parameter> parameters, Object body) {}

    /** All calls, in the order of the contract. */
    List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        Samples samples = new Samples(this);
        map(root.get("paths")).forEach((path, item) -> map(item).forEach((method, operation) -> {
            if (METHODS.contains(method)) {
                calls.add(call(samples, method.toUpperCase(Locale.ROOT), path.substring(1), map(item), map(operation)));
            }
        }));
        return calls;
    }

    private Call call(Samples samples, String method, String path, Map<String, Object> item, Map<String, Object> operation) {
        List<Parameter> parameters = new ArrayList<>();
        for (Map<String, Object> owner : List.of(item, operation)) {
            for (Object one : list(owner.get("parameters"))) {
                Map<String, Object> parameter = map(one);
                if (Boolean.TRUE.equals(parameter.get("deprecated"))) {
                    continue;
                }
                parameters.add(new Parameter((String) parameter.get("name"), (String) parameter.get("in"),
                        samples.parameter(parameter)));
            }
        }
        Map<String, Object> content = map(map(map(operation.get("requestBody")).get("content")).get("application/json"));
        return new Call(method, path, parameters, content.isEmpty() ? null : samples.body(content));
    }

    /** The map of that name, with references resolved. Empty if it is missing. */
    Map<String, Object> map(Object value) {
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

    static List<Object> list(Object value) {
        return value instanceof List<?> list ? new ArrayList<>(list) : List.of();
    }
}
