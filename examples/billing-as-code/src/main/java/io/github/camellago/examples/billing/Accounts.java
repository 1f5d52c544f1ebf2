package io.github.camellago.examples.billing;

import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.LagoRegion;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.main.Main;

/**
 * The two Lagos: {@code lago}, which is changed, and {@code lagoFrom}, which is only read. Each is a real one if its API key is set, otherwise
 * a sandbox in this JVM.
 */
final class Accounts implements AutoCloseable {

    private static final String TO = "LAGO_";
    private static final String FROM = "LAGO_FROM_";

    private final Map<String, String> environment;
    private final LagoSandbox to;
    private final LagoSandbox from;

    private Accounts(Map<String, String> environment, LagoSandbox to, LagoSandbox from) {
        this.environment = environment;
        this.to = to;
        this.from = from;
    }

    /** @throws IllegalArgumentException if one of two accounts is real and the other is not */
    static Accounts of(Map<String, String> environment, boolean two) {
        boolean real = isSet(environment, TO + "API_KEY");
        if (two && real != isSet(environment, FROM + "API_KEY")) {
            throw new IllegalArgumentException(
                    "Set both LAGO_API_KEY and LAGO_FROM_API_KEY, or none of them. A sandbox is never copied to a real Lago");
        }
        return new Accounts(environment, real ? null : LagoSandbox.start(), real || !two ? null : LagoSandbox.start());
    }

    static Accounts of(LagoSandbox to, LagoSandbox from) {
        return new Accounts(Map.of(), to, from);
    }

    /** Binds a component per account. Its name is the scheme of its URIs. */
    void configure(Main main) {
        main.bind("lago", component(TO, to));
        main.bind("lagoFrom", component(FROM, from));
    }

    private LagoComponent component(String prefix, LagoSandbox sandbox) {
        LagoComponent component = new LagoComponent();
        LagoConfiguration configuration = component.getConfiguration();
        if (sandbox != null) {
            configuration.setApiKey(sandbox.apiKey());
            configuration.setBaseUrl(sandbox.baseUrl());
            return component;
        }
        configuration.setApiKey(environment.get(prefix + "API_KEY"));
        if (isSet(environment, prefix + "BASE_URL")) {
            configuration.setBaseUrl(environment.get(prefix + "BASE_URL"));
        }
        if (isSet(environment, prefix + "REGION")) {
            configuration.setRegion(LagoRegion.valueOf(environment.get(prefix + "REGION")));
        }
        return component;
    }

    /** The sandbox that is changed, or null if it is a real Lago. */
    LagoSandbox to() {
        return to;
    }

    /** The sandbox that is read, or null if it is a real Lago. */
    LagoSandbox from() {
        return from;
    }

    String name() {
        return name(TO, to);
    }

    String fromName() {
        return name(FROM, from);
    }

    private String name(String prefix, LagoSandbox sandbox) {
        if (sandbox != null) {
            return "a sandbox at " + sandbox.baseUrl() + " (" + prefix + "API_KEY is not set)";
        }
        return isSet(environment, prefix + "BASE_URL")
                ? environment.get(prefix + "BASE_URL")
                : "Lago Cloud, region " + environment.getOrDefault(prefix + "REGION", "US");
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value != null && !value.isBlank();
    }

    @Override
    public void close() {
        if (to != null) {
            to.close();
        }
        if (from != null) {
            from.close();
        }
    }
}
