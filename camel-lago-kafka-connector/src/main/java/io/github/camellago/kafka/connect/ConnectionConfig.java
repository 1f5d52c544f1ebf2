package io.github.camellago.kafka.connect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.LagoRegion;
import io.github.camellago.api.LagoOptionException;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigValue;

/** The settings that both connectors have: how to reach Lago. */
class ConnectionConfig extends AbstractConfig {

    static final String API_KEY = "lago.api.key";
    static final String REGION = "lago.region";
    static final String BASE_URL = "lago.base.url";
    static final String REQUEST_TIMEOUT = "lago.request.timeout.ms";
    static final String RETRIES = "lago.retries";

    private static final String GROUP = "Lago";
    /** The settings of the component's options that can be invalid together. */
    private static final Map<String, String> OPTIONS = Map.of("apiKey", API_KEY, "baseUrl", BASE_URL, "ingestUrl",
            SinkConfig.INGEST_URL);
    private static final List<Object> REGIONS = Arrays.stream(LagoRegion.values()).<Object>map(Enum::name).toList();

    ConnectionConfig(ConfigDef definition, Map<String, String> properties) {
        super(definition, properties, false);
    }

    static ConfigDef define() {
        return new ConfigDef()
                .define(API_KEY, Type.PASSWORD, ConfigDef.NO_DEFAULT_VALUE, Importance.HIGH,
                        "The API key of the Lago organization.", GROUP, 1, Width.LONG, "API key")
                .define(REGION, Type.STRING, LagoRegion.US.name(), ConfigDef.CaseInsensitiveValidString.in(regions()),
                        Importance.MEDIUM, "The region of Lago Cloud: US or EU.", GROUP, 2, Width.SHORT, "Region",
                        new Choices(REGIONS))
                .define(BASE_URL, Type.STRING, "", Importance.MEDIUM,
                        "The URL of a self-hosted Lago. It replaces the region.", GROUP, 3, Width.LONG, "Base URL")
                .define(REQUEST_TIMEOUT, Type.LONG, 30_000L, ConfigDef.Range.between(1, 120_000), Importance.LOW,
                        "Maximum time of one request to Lago, in milliseconds.", GROUP, 4, Width.SHORT, "Request timeout")
                .define(RETRIES, Type.INT, 1, ConfigDef.Range.between(0, 10), Importance.LOW,
                        "Retries of a request before Kafka Connect retries. Keep requests with their retries below "
                                + "max.poll.interval.ms.",
                        GROUP, 5, Width.SHORT, "Retries");
    }

    /**
     * The problems that the validators of single settings do not see, by setting.
     *
     * @param prefixes of the settings of the connector. Settings with these prefixes that do not exist are misspelled.
     */
    Map<String, String> problems(ConfigDef definition, String... prefixes) {
        Map<String, String> problems = new TreeMap<>();
        for (String name : originals().keySet()) {
            for (String prefix : prefixes) {
                if (name.startsWith(prefix) && !definition.names().contains(name)) {
                    problems.put(name, "There is no such setting. Settings are "
                            + String.join(", ", new TreeSet<>(definition.names()).tailSet(prefix).headSet(prefix + '~')));
                }
            }
        }
        CamelContext camel = camelContext();
        connect(camel, problems);
        camel.stop();
        return problems;
    }

    /** Makes the endpoints that the connector needs, without a connection to Lago. */
    void connect(CamelContext camel, Map<String, String> problems) {}

    /** Adds a problem with an endpoint. The component's options are named as the connector's settings. */
    static void endpointProblem(Map<String, String> problems, String setting, Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof LagoOptionException)) {
            cause = cause.getCause();
        }
        String option = cause instanceof LagoOptionException invalid ? OPTIONS.get(invalid.getOption()) : null;
        problems.put(option == null ? setting : option, cause.getMessage());
    }

    /** Validates settings: those that are valid one by one are checked together. */
    static Config validate(Config config, Supplier<Map<String, String>> problems) {
        if (config.configValues().stream().anyMatch(value -> !value.errorMessages().isEmpty())) {
            return config;
        }
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        config.configValues().forEach(value -> values.put(value.name(), value));
        problems.get().forEach((name, problem) -> values
                .computeIfAbsent(name, unknown -> new ConfigValue(unknown, null, new ArrayList<>(), new ArrayList<>()))
                .addErrorMessage(problem));
        return new Config(List.copyOf(values.values()));
    }

    private static String[] regions() {
        return REGIONS.stream().map(Object::toString).toArray(String[]::new);
    }

    /** A CamelContext that is not started, with the Lago component. One per task. */
    CamelContext camelContext() {
        DefaultCamelContext context = new DefaultCamelContext();
        context.disableJMX();
        LagoComponent lago = new LagoComponent(context);
        LagoConfiguration configuration = lago.getConfiguration();
        configuration.setApiKey(getPassword(API_KEY).value());
        configuration.setRegion(LagoRegion.valueOf(getString(REGION).toUpperCase(Locale.ROOT)));
        if (!getString(BASE_URL).isBlank()) {
            configuration.setBaseUrl(getString(BASE_URL));
        }
        configuration.setResponseTimeout(getLong(REQUEST_TIMEOUT));
        configuration.setCallTimeout(getLong(REQUEST_TIMEOUT));
        configuration.setMaxRetries(getInt(RETRIES));
        context.addComponent("lago", lago);
        return context;
    }

    /** Values that a user interface offers. */
    record Choices(List<Object> values) implements ConfigDef.Recommender {

        @Override
        public List<Object> validValues(String name, Map<String, Object> parsed) {
            return values;
        }

        @Override
        public boolean visible(String name, Map<String, Object> parsed) {
            return true;
        }
    }
}
