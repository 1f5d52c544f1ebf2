package io.github.camellago.springboot;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.api.LagoObserver;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** The starter has every option of {@code lago.json}: as a property, in the metadata, and set on the component. */
class LagoOptionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode METADATA = read("/META-INF/spring-configuration-metadata.json");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(CamelAutoConfiguration.class, LagoComponentAutoConfiguration.class))
            .withBean("someKey", Supplier.class, () -> () -> "key")
            .withBean("someConfiguration", LagoConfiguration.class)
            .withBean("someHttpComponent", HttpComponent.class)
            .withBean("someIdempotentRepository", MemoryIdempotentRepository.class)
            .withBean("someOffsetRepository", MemoryStateRepository.class)
            .withBean("someObserver", LagoObserver.class, () -> new LagoObserver() {
            });

    @ParameterizedTest
    @MethodSource("options")
    void eachOptionHasMetadata(String name, JsonNode option) {
        JsonNode property = property(name);

        assertThat(property.path("description").asText()).startsWith(option.get("description").asText());
        assertThat(property.get("defaultValue")).isEqualTo(option.get("defaultValue"));
        assertThat(property.get("type").asText()).isEqualTo(switch (option.get("type").asText()) {
            case "boolean" -> "java.lang.Boolean";
            case "integer" -> option.get("javaType").asText().equals("long") ? "java.lang.Long" : "java.lang.Integer";
            case "duration" -> "java.time.Duration";
            case "object" -> "java.lang.String";
            default -> option.get("javaType").asText().replace("<java.lang.Object>", "<?>");
        });
        if (option.has("enum")) {
            assertThat(hints(name).findValuesAsText("value")).containsExactlyElementsOf(texts(option.get("enum")));
        }
        if (option.get("type").asText().equals("object")) {
            assertThat(hints(name).at("/providers/0/name").asText()).isEqualTo("spring-bean-reference");
            assertThat(hints(name).at("/providers/0/parameters/target").asText()).satisfies(Class::forName);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void eachOptionReachesTheComponent(String name, JsonNode option) {
        String value = sample(name, option);

        runner.withPropertyValues("camel.component.lago." + StringHelper.camelCaseToDash(name) + "=" + value).run(context -> {
            CamelContext camel = context.getBean(CamelContext.class);
            LagoComponent component = camel.getComponent("lago", LagoComponent.class);
            Object set = ((PropertyConfigurerGetter) component.getComponentPropertyConfigurer()).getOptionValue(component, name,
                    true);
            if (name.equals("apiKey")) {
                set = component.getConfiguration().getCredentials().get();
            }
            assertThat(set).isEqualTo(expected(value, option, set == null ? null : set.getClass(), context::getBean));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"credentials=someKey", "offset-repository=someOffsetRepository",
            "accounts.lago-eu.offset-repository=someOffsetRepository"})
    void findsABeanByItsNameAlone(String property) {
        runner.withPropertyValues("camel.component.lago." + property).run(context -> {
            CamelContext camel = context.getBean(CamelContext.class);
            LagoConfiguration set = camel.getComponent(property.contains("lago-eu") ? "lago-eu" : "lago", LagoComponent.class)
                    .getConfiguration();
            assertThat(List.of(context.getBean("someKey"), context.getBean("someOffsetRepository")))
                    .contains(property.startsWith("credentials") ? set.getCredentials() : set.getOffsetRepository());
        });
    }

    @Test
    void metadataHasNoUnknownOptions() {
        assertThat(METADATA.get("properties").findValuesAsText("name")).hasSize((int) options().count() + 3)
                .contains("camel.component.lago.enabled", "camel.component.lago.customizer.enabled",
                        "camel.component.lago.accounts");
    }

    private static Object expected(String value, JsonNode option, Class<?> type,
            Function<String, Object> bean) {
        return switch (option.get("type").asText()) {
            case "boolean" -> Boolean.valueOf(value);
            case "duration" -> Duration.ofSeconds(7).toMillis();
            case "integer" -> type == Long.class ? (Object) 7L : 7;
            case "object" -> bean.apply(value.substring("#bean:".length()));
            case "enum" -> type == String.class
                    ? value
                    : Stream.of(type.getEnumConstants()).filter(c -> c.toString().equalsIgnoreCase(value)).findFirst()
                            .orElseThrow();
            default -> type == Class.class ? TreeMap.class : value;
        };
    }

    private static String sample(String name, JsonNode option) {
        return switch (option.get("type").asText()) {
            // differs from the default, otherwise the test could not fail
            case "boolean" -> String.valueOf(!option.path("defaultValue").asBoolean());
            case "duration" -> "7s";
            case "integer" -> "7";
            case "object" -> "#bean:" + (name.equals("credentials") ? "someKey" : "some" + StringHelper.capitalize(name));
            case "enum" -> option.get("enum").get(option.get("enum").size() - 1).asText();
            default -> name.endsWith("Url")
                    ? "https://lago.example.com"
                    : name.equals("outputClass") ? "java.util.TreeMap" : "some-value";
        };
    }

    static Stream<Arguments> options() {
        Map<String, JsonNode> options = new TreeMap<>();
        read("/META-INF/io/github/camellago/lago.json").get("componentProperties").properties()
                .forEach(option -> options.put(option.getKey(), option.getValue()));
        return options.entrySet().stream().map(o -> Arguments.of(o.getKey(), o.getValue()));
    }

    private static JsonNode property(String option) {
        return named(METADATA.get("properties"), option);
    }

    private static JsonNode hints(String option) {
        return named(METADATA.get("hints"), option);
    }

    private static JsonNode named(JsonNode list, String option) {
        String name = "camel.component.lago." + StringHelper.camelCaseToDash(option);
        for (JsonNode candidate : list) {
            if (candidate.get("name").asText().equals(name)) {
                return candidate;
            }
        }
        throw new AssertionError(name + " is not in the metadata");
    }

    private static Iterable<String> texts(JsonNode array) {
        return () -> Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(i -> array.get(i).asText()).iterator();
    }

    private static JsonNode read(String resource) {
        try (InputStream in = LagoOptionsTest.class.getResourceAsStream(resource)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
