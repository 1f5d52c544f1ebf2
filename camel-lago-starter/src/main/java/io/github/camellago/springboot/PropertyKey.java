package io.github.camellago.springboot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

import org.apache.camel.CamelContext;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Supplies an API key from a property. The property is read at each call, so that a rotated key is found after Lago rejects the old one.
 * Files of a config tree are read again, which Spring Boot itself does not do.
 */
final class PropertyKey implements Supplier<String> {

    private final CamelContext context;
    private final ConfigurableEnvironment environment;
    private final String property;

    PropertyKey(CamelContext context, ConfigurableEnvironment environment, String property) {
        this.context = context;
        this.environment = environment;
        this.property = property;
    }

    @Override
    public String get() {
        String value = lookup();
        return value == null ? null : context.resolvePropertyPlaceholders(value);
    }

    private String lookup() {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found != null) {
                if (found.getValue() instanceof ConfigTreePropertySource.Value
                        && Origin.from(found.getValue()) instanceof TextResourceOrigin file) {
                    return read(file);
                }
                return environment.resolvePlaceholders(String.valueOf(found.getValue()));
            }
        }
        return null;
    }

    private static String read(TextResourceOrigin file) {
        try {
            return file.getResource().getContentAsString(StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "PropertyKey[" + property + "]";
    }
}
