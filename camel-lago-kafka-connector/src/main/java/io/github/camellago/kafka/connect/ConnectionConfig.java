package io.github.camellago.kafka.connect;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.LagoRegion;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings that both connectors have: how to reach Lago. */
class ConnectionConfig extends AbstractConfig {

    static final String API_KEY = "lago.api.key";
    static final String REGION = "lago.region";
    static final String BASE_URL = "lago.base.url";
    static final String REQUEST_TIMEOUT = "lago.request.timeout.ms";
    static final String RETRIES = "lago.retries";

    private static final String GROUP = "Lago";
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
