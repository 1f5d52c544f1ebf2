package io.github.camellago.springboot;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.github.camellago.LagoComponent;
import io.github.camellago.api.LagoOptionException;
import io.github.camellago.client.BaseUrl;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.util.CamelPropertiesHelper;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.ConfigurableEnvironment;

/** Turns properties into configured components. */
class LagoConfigurer {

    private static final String API_KEY = "apiKey";
    private static final String CREDENTIALS = "credentials";
    private static final String BASE_URL = "baseUrl";
    private static final String INGEST_URL = "ingestUrl";
    private static final String REGION = "region";

    /**
     * Options that additional accounts do not inherit. A key must never go to another server, and a repository stores what was read from
     * one account.
     */
    private static final Set<String> ACCOUNT = Set.of(API_KEY, CREDENTIALS, BASE_URL, INGEST_URL, REGION, "configuration",
            "hmacKey", "issuer", "organizationId", "idempotentRepository", "offsetRepository");

    private final CamelContext context;
    private final ConfigurableEnvironment environment;
    private final LagoComponentConfiguration configuration;
    private final ObjectProvider<LagoConnectionDetails> connection;

    LagoConfigurer(CamelContext context, ConfigurableEnvironment environment, LagoComponentConfiguration configuration,
            ObjectProvider<LagoConnectionDetails> connection) {
        this.context = context;
        this.environment = environment;
        this.configuration = configuration;
        this.connection = connection;
    }

    /** Configures the component {@code lago}. Connection details take precedence over properties. */
    void configure(LagoComponent component) {
        Map<String, Object> options = options(configuration, LagoComponentConfiguration.PREFIX);
        connection.ifAvailable(details -> {
            options.keySet().removeAll(Set.of(REGION, INGEST_URL));
            options.put(BASE_URL, details.getBaseUrl());
            options.put(CREDENTIALS, (Supplier<String>) details::getApiKey);
        });
        CamelPropertiesHelper.copyProperties(context, options, component);
    }

    /** Adds a component for each additional account. */
    void addAccounts() {
        Set<String> names = configuration.getAccounts().keySet();
        configuration.getAccounts().forEach((name, account) -> {
            if (isEnvironmentSpelling(name, names)) {
                return;
            }
            if (!name.matches("[a-zA-Z][a-zA-Z0-9+.-]*") || name.equals(LagoComponentAutoConfiguration.NAME)) {
                throw new LagoOptionException("accounts." + name, "The account " + name + " is not a valid component name:"
                        + " routes write it before the colon, as in " + name
                        + ":invoices. It must begin with a letter, contain only"
                        + " letters, digits, +, . and -, and not be lago, which is the account of "
                        + LagoComponentConfiguration.PREFIX + ".* itself");
            }
            if (account.isEnabled() && context.hasComponent(name) == null) {
                context.addComponent(name, component(name, account));
            }
        });
    }

    /**
     * Whether the name is the environment-variable form of another account's name. The variable
     * {@code CAMEL_COMPONENT_LAGO_ACCOUNTS_LAGOEU_APIKEY} sets the key of the account {@code lago-eu}. Without this check it would also
     * create an account {@code lagoeu}.
     */
    private static boolean isEnvironmentSpelling(String name, Set<String> names) {
        return names.stream().anyMatch(other -> !other.equals(name)
                && other.replaceAll("[^a-zA-Z0-9]", "").toLowerCase(Locale.ROOT).equals(name));
    }

    private LagoComponent component(String name, LagoOptions account) {
        Map<String, Object> options = new LinkedHashMap<>(configuration.set());
        options.keySet().removeAll(ACCOUNT);
        try {
            options.putAll(options(account, LagoComponentConfiguration.PREFIX + ".accounts" + (name.matches("[a-zA-Z0-9-]+")
                    ? "." + name
                    : "[" + name + "]")));
        } catch (LagoOptionException e) {
            throw new LagoOptionException("accounts." + name + "." + e.getOption(), e.getMessage());
        }
        LagoComponent component = new LagoComponent(context);
        CamelPropertiesHelper.copyProperties(context, options, component);
        return component;
    }

    /** The options that are set and not blank. The key becomes a supplier that reads the property each time it is called. */
    private Map<String, Object> options(LagoOptions given, String prefix) {
        Map<String, Object> options = given.set();
        options.values().removeIf(value -> value instanceof String text && text.isBlank());
        if (options.containsKey(API_KEY) && options.containsKey(CREDENTIALS)) {
            throw new LagoOptionException(CREDENTIALS, "The options " + prefix + ".api-key and " + prefix
                    + ".credentials contradict each other: each gives a key. Set one of them");
        }
        for (String url : new String[]{BASE_URL, INGEST_URL}) {
            if (options.get(url) instanceof String text && !text.isBlank()) {
                BaseUrl.of(context.resolvePropertyPlaceholders(text), url);
            }
        }
        if (options.remove(API_KEY) instanceof String key && !key.isBlank()) {
            options.put(CREDENTIALS, new PropertyKey(context, environment, prefix + ".api-key"));
        }
        return options;
    }
}
