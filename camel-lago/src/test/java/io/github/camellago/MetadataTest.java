package io.github.camellago;

import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.catalog.Catalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.RuntimeCamelCatalog;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The metadata for Camel's tooling: lago.json, and the tooling's use of it. */
class MetadataTest extends RouteTestSupport {

    private static final String FILE = "/META-INF/io/github/camellago/lago.json";

    @Test
    void eachOptionHasADescription() throws Exception {
        List<String> without = new ArrayList<>();
        for (String part : List.of("properties", "componentProperties", "headers")) {
            json().get(part).properties().forEach(option -> {
                String description = option.getValue().path("description").asText();
                if (description.length() < 10) {
                    without.add(part + " " + option.getKey() + ": " + description);
                }
            });
        }

        assertThat(without).isEmpty();
    }

    @Test
    void eachOptionOfTheConfigurationIsThere() throws Exception {
        List<String> options = Arrays.stream(LagoConfiguration.class.getDeclaredFields())
                .filter(f -> f.isAnnotationPresent(UriParam.class)).map(Field::getName).toList();

        assertThat(options).isNotEmpty();
        assertThat(names("properties")).containsAll(options).contains("resource", "filter", "path", "delay", "greedy");
        assertThat(names("componentProperties")).containsAll(options).contains("configuration", "httpComponent");
    }

    @Test
    void eachFieldOfTheConfigurationIsAnOption() {
        assertThat(LagoConfiguration.class.getDeclaredFields()).filteredOn(f -> !Modifier.isStatic(f.getModifiers()))
                .allMatch(f -> f.isAnnotationPresent(UriParam.class));
    }

    @Test
    void eachHeaderIsThere() throws Exception {
        List<String> headers = new ArrayList<>();
        for (Field field : LagoConstants.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                headers.add((String) field.get(null));
            }
        }

        assertThat(names("headers")).containsExactlyInAnyOrderElementsOf(headers);
    }

    @Test
    void operationsAreThoseOfTheCatalog() throws Exception {
        TreeSet<String> known = Catalog.get().entries().stream().flatMap(e -> e.operations().stream()).map(o -> o.name())
                .collect(Collectors.toCollection(TreeSet::new));
        // checks a webhook's signature; no call
        known.add("verify");
        // made of get, create and update
        known.add("upsert");
        // compares events; made of other calls
        known.add("reconcile");

        List<String> offered = new ArrayList<>();
        json().at("/properties/operation/enum").forEach(o -> offered.add(o.asText()));
        assertThat(offered).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void choicesAreOffered() throws Exception {
        assertThat(json().at("/properties/region/enum").toString()).isEqualTo("[\"US\",\"EU\"]");
        assertThat(json().at("/properties/bodyType/enum").toString()).isEqualTo("[\"MAP\",\"JSON\",\"JSON_NODE\"]");
        assertThat(json().at("/properties/readMode/enum").toString()).isEqualTo("[\"changed\",\"new\",\"all\"]");
        assertThat(json().at("/properties/onRejected/enum").toString()).isEqualTo("[\"fail\",\"report\"]");
        assertThat(json().at("/properties/httpMethod/enum").toString())
                .isEqualTo("[\"GET\",\"POST\",\"PUT\",\"PATCH\",\"DELETE\"]");
    }

    @Test
    void secretsAreMarked() throws Exception {
        for (String secret : List.of("apiKey", "hmacKey")) {
            assertThat(json().at("/properties/" + secret + "/secret").asBoolean()).as(secret).isTrue();
            assertThat(json().at("/componentProperties/" + secret + "/secret").asBoolean()).as(secret).isTrue();
        }
    }

    @Test
    void manyValuedOptionsSayTheirPrefix() throws Exception {
        for (String option : List.of("filter", "path")) {
            assertThat(json().at("/properties/" + option + "/multiValue").asBoolean()).isTrue();
            assertThat(json().at("/properties/" + option + "/prefix").asText()).isEqualTo(option + ".");
        }
    }

    @Test
    void camelReadsIt() throws Exception {
        ComponentModel model = JsonMapper.generateComponentModel(text());

        assertThat(model.getScheme()).isEqualTo("lago");
        assertThat(model.getSyntax()).isEqualTo("lago:resource");
        assertThat(model.isRemote()).isTrue();
        assertThat(model.isProducerOnly()).isFalse();
        assertThat(model.getEndpointHeaders()).isNotEmpty();
    }

    @Test
    void camelBuildsUris() throws Exception {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("resource", "customers/{external_customer_id}/wallets");
        options.put("operation", "list");
        options.put("path.external_customer_id", "a b");
        options.put("filter.billing_entity_codes", "eu,us");

        String uri = context.getCamelContextExtension().getEndpointUriFactory("lago").buildUri("lago", options);

        assertThat(context.getEndpoint(uri, LagoEndpoint.class)).satisfies(e -> {
            assertThat(e.getResource()).isEqualTo("customers/{external_customer_id}/wallets");
            assertThat(e.getPath()).containsEntry("external_customer_id", "a b");
            assertThat(e.getFilter()).containsEntry("billing_entity_codes", "eu,us");
        });
    }

    @Test
    void camelValidatesUris() throws Exception {
        RuntimeCamelCatalog catalog = PluginHelper.getRuntimeCamelCatalog(context);

        EndpointValidationResult good = catalog.validateProperties("lago", Map.of("resource", "invoices", "operation", "list",
                "perPage", "10", "readMode", "new", "filter.statuses", "draft", "path.code", "x", "apiKey", "{{key}}"));
        assertThat(good.isSuccess()).as("%s", good).isTrue();

        EndpointValidationResult bad = catalog.validateProperties("lago",
                Map.of("resource", "invoices", "operation", "lst", "perPage", "ten", "pageSize", "1"));
        assertThat(bad.isSuccess()).isFalse();
        assertThat(bad.getInvalidEnum()).containsOnlyKeys("operation");
        assertThat(bad.getInvalidInteger()).containsOnlyKeys("perPage");
        assertThat(bad.getUnknown()).containsExactly("pageSize");

        assertThat(catalog.endpointProperties("lago:invoices?operation=get&id=1")).containsEntry("resource", "invoices")
                .containsEntry("id", "1");
        assertThat(catalog.asEndpointUri("lago", Map.of("resource", "plans/{code}/charges", "id", "x"), false))
                .isEqualTo("lago:plans/{code}/charges?id=x");
    }

    private static List<String> names(String part) throws Exception {
        List<String> names = new ArrayList<>();
        json().get(part).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode json() throws Exception {
        return new ObjectMapper().readTree(text());
    }

    private static String text() throws Exception {
        try (InputStream in = MetadataTest.class.getResourceAsStream(FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
