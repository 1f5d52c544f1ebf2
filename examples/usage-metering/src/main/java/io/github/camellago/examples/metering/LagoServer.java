package io.github.camellago.examples.metering;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;

import io.github.camellago.test.LagoSandbox;
import org.apache.camel.main.Main;

/** The Lago server: a real one if {@code LAGO_API_KEY} is set, otherwise a sandbox in this JVM. */
final class LagoServer implements AutoCloseable {

    private final LagoSandbox sandbox;
    private final Map<String, String> environment;
    private final Clock clock;

    private LagoServer(LagoSandbox sandbox, Map<String, String> environment, Clock clock) {
        this.sandbox = sandbox;
        this.environment = environment;
        this.clock = clock;
    }

    static LagoServer of(Map<String, String> environment, Clock clock) {
        return set(environment, "LAGO_API_KEY")
                ? new LagoServer(null, environment, clock)
                : of(LagoSandbox.builder().journal(0).start());
    }

    static LagoServer of(LagoSandbox sandbox) {
        return new LagoServer(sandbox, Map.of(), null);
    }

    /** Sets the component's URL or region, and its key. */
    void configure(Main main) {
        if (sandbox != null) {
            main.addInitialProperty("camel.component.lago.api-key", sandbox.apiKey());
            main.addInitialProperty("camel.component.lago.base-url", sandbox.baseUrl());
            return;
        }
        main.addInitialProperty("camel.component.lago.api-key", environment.get("LAGO_API_KEY"));
        if (set(environment, "LAGO_BASE_URL")) {
            main.addInitialProperty("camel.component.lago.base-url", environment.get("LAGO_BASE_URL"));
        }
        if (set(environment, "LAGO_REGION")) {
            main.addInitialProperty("camel.component.lago.region", environment.get("LAGO_REGION"));
        }
    }

    boolean sandbox() {
        return sandbox != null;
    }

    String name() {
        if (sandbox != null) {
            return "a sandbox at " + sandbox.baseUrl()
                    + " (set LAGO_API_KEY, and LAGO_BASE_URL or LAGO_REGION, for a real one)";
        }
        return set(environment, "LAGO_BASE_URL")
                ? environment.get("LAGO_BASE_URL")
                : "Lago Cloud, region " + environment.getOrDefault("LAGO_REGION", "US");
    }

    Instant now() {
        return sandbox == null ? clock.instant() : sandbox.now();
    }

    /** Removes the events since a time from the sandbox, as if it were restored from a backup of that time. A real Lago keeps its events. */
    void restoreBackup(Instant time) {
        if (sandbox == null) {
            return;
        }
        sandbox.events().stream().filter(event -> !Instant.parse(event.get("timestamp").toString()).isBefore(time))
                .forEach(event -> sandbox.remove("events", event.get("lago_id").toString()));
    }

    private static boolean set(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value != null && !value.isBlank();
    }

    @Override
    public void close() {
        if (sandbox != null) {
            sandbox.close();
        }
    }
}
