package io.github.camellago.springboot;

import java.util.LinkedHashMap;
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
     * What makes an account: a key must never go to a server that it is not for, and what was read of one account says nothing of
     * another.
     */
    private static final Set<String> ACCOUNT = Set.of(API_KEY, CREDENTIALS, BASE_URL, INGEST_URL, REGION, "configuration",
            "hmacKey", "issuer", "idempotentRepository", "offsetRepository");

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

    /** Configures the component {@code lago}. Connection details go before properties. */
    void configure(LagoComponent component) {
        Map<String, Object> options = options(configuration, LagoComponentConfiguration.PREFIX);
        connection.ifAvailable(details -> {
            options.keySet().removeAll(Set.of(REGION, INGEST_URL));
            options.put(BASE_URL, details.getBaseUrl());
            options.put(CREDENTIALS, (Supplier<String>) details::getApiKey);
        });
        CamelPropertiesHelper.copyProperties(context, options, component);
    }

    /** Adds a component for each further account. */
    void addAccounts() {
        configuration.getAccounts().forEach((name, account) -> {
            if (!name.matches("[a-zA-Z][a-zA-Z0-9+.-]*") || name.equals(LagoComponentAutoConfiguration.NAME)) {
                throw new LagoOptionException("accounts." + name, "The account " + name + " cannot be a component's name:"
                        + " routes write it before the colon, as in " + name + ":invoices. It must begin with a letter, hold"
                        + " letters, digits, +, . and - only, and not be lago, which is the account of "
                        + LagoComponentConfiguration.PREFIX + ".* itself");
            }
            if (account.isEnabled() && context.hasComponent(name) == null) {
                Map<String, Object> options = new LinkedHashMap<>(configuration.set());
                options.keySet().removeAll(ACCOUNT);
                options.putAll(options(account, LagoComponentConfiguration.PREFIX + ".accounts." + name));
                LagoComponent component = new LagoComponent(context);
                CamelPropertiesHelper.copyProperties(context, options, component);
                context.addComponent(name, component);
            }
        });
    }

    /** The options that are set, checked where they can be by themselves; the key as something that can be asked again. */
    private Map<String, Object> options(LagoOptions given, String prefix) {
        Map<String, Object> options = given.set();
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
