package io.github.camellago.examples.warehouse;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

import io.github.camellago.test.LagoSandbox;

/** The Lago server: a real one if {@code LAGO_API_KEY} is set, otherwise a sandbox in this JVM. */
final class LagoServer implements AutoCloseable {

    private static final Map<String, String> OPTIONS = Map.of("LAGO_API_KEY", "api-key", "LAGO_BASE_URL", "base-url",
            "LAGO_REGION", "region");

    private final LagoSandbox sandbox;
    private final Map<String, String> environment;

    private LagoServer(LagoSandbox sandbox, Map<String, String> environment) {
        this.sandbox = sandbox;
        this.environment = environment;
    }

    static LagoServer of(Map<String, String> environment) {
        if (environment.getOrDefault("LAGO_API_KEY", "").isBlank()) {
            LagoSandbox sandbox = LagoSandbox.builder().journal(0).demo(true).start();
            return new LagoServer(sandbox,
                    Map.of("LAGO_API_KEY", sandbox.apiKey(), "LAGO_BASE_URL", sandbox.baseUrl(), "MIRROR_DELAY", "3000"));
        }
        return new LagoServer(null, environment);
    }

    /** The sandbox, or null for a real Lago. */
    LagoSandbox sandbox() {
        return sandbox;
    }

    /** The environment variables with which an instance finds Lago. */
    Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(environment);
        variables.keySet().removeIf(name -> !OPTIONS.containsKey(name) && !name.startsWith("MIRROR_"));
        return variables;
    }

    /** The component's options from environment variables. */
    static Properties options(Map<String, String> environment) {
        Properties options = new Properties();
        OPTIONS.forEach((variable, option) -> {
            String value = environment.getOrDefault(variable, "");
            if (!value.isBlank()) {
                options.setProperty("camel.component.lago." + option, value);
            }
        });
        return options;
    }

    String name() {
        if (sandbox != null) {
            return "a sandbox at " + sandbox.baseUrl()
                    + " (set LAGO_API_KEY, and LAGO_BASE_URL or LAGO_REGION, for a real one)";
        }
        return environment.getOrDefault("LAGO_BASE_URL", "Lago Cloud, region " + environment.getOrDefault("LAGO_REGION", "US"));
    }

    @Override
    public void close() {
        if (sandbox != null) {
            sandbox.close();
        }
    }
}
