package io.github.camellago.kafka.connect;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** The answers of {@code PUT /connector-plugins/…/config/validate}. */
class ConnectorConfigTest {

    static Stream<Arguments> invalid() {
        LagoEventsSinkConnector sink = new LagoEventsSinkConnector();
        LagoSourceConnector source = new LagoSourceConnector();
        return Stream.of(
                arguments(sink, Map.of("lago.api.key", " "), "lago.api.key", "API key"),
                arguments(sink, Map.of("lago.region", "MOON"), "lago.region", "MOON"),
                arguments(sink, Map.of("lago.base.url", "ftp://lago"), "lago.base.url", "http"),
                arguments(sink, Map.of("lago.base.url", "http://user:secret@lago"), "lago.base.url", "user name"),
                arguments(sink, Map.of("lago.ingest.url", "lago.example.com"), "lago.ingest.url", "http"),
                arguments(sink, Map.of("lago.batch.sizes", "10"), "lago.batch.sizes", "lago.batch.size"),
                arguments(sink, Map.of("event.field.subscription", "id"), "event.field.subscription",
                        "event.field.external_subscription_id"),
                arguments(sink, Map.of("event.field.properties", "a.gb,b.gb"), "event.field.properties", "a.gb and b.gb"),
                arguments(source, Map.of("resources", "invoice"), "resources", "invoices"),
                arguments(source, Map.of("resources", "invoices,invoices"), "resources", "twice"),
                arguments(source, Map.of("read.mode", "new", "deletions", "true"), "deletions", "read.mode=changed"),
                arguments(source, Map.of("resources", "events", "deletions", "true"), "resources", "events"),
                arguments(source, Map.of("resources", "invoices,security_logs"), "resources", "to_date"),
                arguments(source, Map.of("topic.prefix", "lago topics/"), "topic.prefix", "letters"),
                arguments(source, Map.of("filter.invoices.status_of_payment", "failed"), "resources", "payment_status"),
                arguments(source, Map.of("filter.invoices.payment_status", ""), "resources", "payment_status"),
                arguments(source, Map.of("filter.customers.search", "x"), "filter.customers.search", "resources"),
                arguments(source, Map.of("lago.base.url", "lago"), "lago.base.url", "http"),
                arguments(source, Map.of("lago.apikey", "x"), "lago.apikey", "lago.api.key"));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void namesTheSettingThatIsInvalid(Connector connector, Map<String, String> more, String setting, String reason) {
        Map<String, String> errors = errors(connector, more);

        assertThat(errors).containsOnlyKeys(setting);
        assertThat(errors.get(setting)).contains(reason).doesNotContain("secret");
    }

    @Test
    void acceptsValidSettingsAndHidesTheKey() {
        Map<String, String> nothing = new HashMap<>();
        nothing.put("errors.tolerance", null);

        assertThat(errors(new LagoEventsSinkConnector(), nothing)).isEmpty();
        assertThat(errors(new LagoSourceConnector(), nothing)).isEmpty();
        assertThat(errors(new LagoSourceConnector(), Map.of("filter.invoices.payment_status", "failed", "deletions", "true")))
                .isEmpty();
        Config config = new LagoEventsSinkConnector().validate(settings(Map.of()));
        assertThat(config.configValues().toString()).doesNotContain("secret-key");
        assertThat(new SinkConfig(settings(Map.of())).values().toString()).doesNotContain("secret-key");
    }

    @Test
    void startsWithSettingsThatHaveNoValue() {
        Map<String, String> settings = settings(Map.of("resources", "invoices,customers,fees"));
        settings.put("errors.tolerance", null);
        LagoSourceConnector source = new LagoSourceConnector();
        source.start(settings);
        LagoEventsSinkConnector sink = new LagoEventsSinkConnector();
        sink.start(settings);

        assertThat(source.taskConfigs(2)).extracting(config -> config.get("resources"))
                .containsExactly("invoices,customers", "fees");
        assertThat(source.taskConfigs(9)).hasSize(3);
        assertThat(sink.taskConfigs(3)).hasSize(3);
    }

    @Test
    void offsetsCanBeResetAndReadingChangesIsExactlyOnce() {
        LagoSourceConnector source = new LagoSourceConnector();

        assertThat(source.alterOffsets(settings(Map.of()), Map.of())).isTrue();
        assertThat(new LagoEventsSinkConnector().alterOffsets(settings(Map.of()), Map.of())).isTrue();
        assertThat(source.exactlyOnceSupport(settings(Map.of()))).isEqualTo(ExactlyOnceSupport.SUPPORTED);
        assertThat(source.exactlyOnceSupport(settings(Map.of("read.mode", "new")))).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
    }

    private static Map<String, String> errors(Connector connector, Map<String, String> more) {
        Map<String, String> errors = new TreeMap<>();
        for (ConfigValue value : connector.validate(settings(more)).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), String.join("; ", value.errorMessages()));
            }
        }
        return errors;
    }

    private static Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of("lago.api.key", "secret-key", "resources", "invoices"));
        settings.putAll(more);
        return settings;
    }
}
