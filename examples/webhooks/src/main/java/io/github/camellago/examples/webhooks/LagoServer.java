package io.github.camellago.examples.webhooks;

import java.util.Map;

import io.github.camellago.test.LagoSandbox;
import org.apache.camel.main.Main;

/** The Lago server: a real one if {@code LAGO_API_KEY} is set, otherwise a sandbox in this JVM. */
final class LagoServer implements AutoCloseable {

    private final LagoSandbox sandbox;
    private final Map<String, String> environment;

    private LagoServer(LagoSandbox sandbox, Map<String, String> environment) {
        this.sandbox = sandbox;
        this.environment = environment;
    }

    static LagoServer of(Map<String, String> environment) {
        return environment.getOrDefault("LAGO_API_KEY", "").isBlank()
                ? of(LagoSandbox.start())
                : new LagoServer(null, environment);
    }

    static LagoServer of(LagoSandbox sandbox) {
        return new LagoServer(sandbox, Map.of());
    }

    /** Sets the component's URL or region, its key, and the signature algorithm. */
    void configure(Main main) {
        main.addInitialProperty("camel.component.lago.signature-algo", "hmac");
        if (sandbox != null) {
            main.addInitialProperty("camel.component.lago.api-key", sandbox.apiKey());
            main.addInitialProperty("camel.component.lago.base-url", sandbox.baseUrl());
            main.addInitialProperty("camel.component.lago.hmac-key", sandbox.hmacKey());
            return;
        }
        main.addInitialProperty("camel.component.lago.api-key", environment.get("LAGO_API_KEY"));
        main.addInitialProperty("camel.component.lago.hmac-key", required("LAGO_HMAC_KEY", "the organization's HMAC key"));
        if (environment.containsKey("LAGO_BASE_URL")) {
            main.addInitialProperty("camel.component.lago.base-url", environment.get("LAGO_BASE_URL"));
        }
        if (environment.containsKey("LAGO_REGION")) {
            main.addInitialProperty("camel.component.lago.region", environment.get("LAGO_REGION"));
        }
    }

    /** The URL at which Lago reaches this program. */
    String externalUrl(int port) {
        return sandbox != null ? "http://localhost:" + port : required("LAGO_WEBHOOK_URL", "the public URL of this program");
    }

    boolean sandbox() {
        return sandbox != null;
    }

    String name() {
        return sandbox != null
                ? "a sandbox at " + sandbox.baseUrl()
                : environment.getOrDefault("LAGO_BASE_URL",
                        "Lago Cloud, region " + environment.getOrDefault("LAGO_REGION", "US"));
    }

    private String required(String variable, String what) {
        String value = environment.getOrDefault(variable, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException("LAGO_API_KEY also requires " + variable + ": " + what);
        }
        return value;
    }

    @Override
    public void close() {
        if (sandbox != null) {
            sandbox.close();
        }
    }
}
