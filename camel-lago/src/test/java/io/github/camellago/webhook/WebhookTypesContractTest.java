package io.github.camellago.webhook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the types of webhooks with those of Lago's server, and the form that is read with Lago's published contract. */
class WebhookTypesContractTest {

    /** Types of the contract that the server does not take. */
    private static final Set<String> CONTRACT_ONLY = Set.of("invoice.add_on_added");

    private static JsonNode webhooks() throws Exception {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(20_000_000);
        Object contract = new Yaml(new SafeConstructor(options))
                .load(Files.readString(Path.of(System.getProperty("lago.openapi"))));
        return new ObjectMapper().valueToTree(contract).get("webhooks");
    }

    private static JsonNode properties(JsonNode webhook) {
        return webhook.at("/post/requestBody/content/application~1json/schema/properties");
    }

    @Test
    @EnabledIfSystemProperty(named = "lago.webhookTypes", matches = ".+", disabledReason = "needs -Dlago.webhookTypes=<table of the server's types>")
    void theTypesAreThoseOfTheServer() throws Exception {
        List<WebhookTypes.Type> types = Files.readAllLines(Path.of(System.getProperty("lago.webhookTypes"))).stream()
                .map(line -> line.split("\t"))
                .map(c -> new WebhookTypes.Type(c[0], c[1].equals("-") ? c[0] : c[1], c[3])).toList();

        System.out.println("webhook types: " + types.stream().filter(WebhookTypes.types()::contains).count() + " of "
                + types.size());
        assertThat(WebhookTypes.types()).containsExactlyInAnyOrderElementsOf(types);
        assertThat(types).hasSizeGreaterThan(70);
    }

    @Test
    @EnabledIfSystemProperty(named = "lago.openapi", matches = ".+", disabledReason = "needs -Dlago.openapi=<Lago's openapi.yaml>")
    void theTypesOfTheContractAreKnown() throws Exception {
        TreeSet<String> types = new TreeSet<>();
        webhooks().forEach(w -> types.add(properties(w).at("/webhook_type/enum/0").asText()));
        types.removeAll(CONTRACT_ONLY);

        assertThat(types).hasSizeGreaterThan(50);
        assertThat(WebhookTypes.types().stream().map(WebhookTypes.Type::sentAs).collect(Collectors.toSet())).containsAll(types);
    }

    @Test
    @EnabledIfSystemProperty(named = "lago.openapi", matches = ".+", disabledReason = "needs -Dlago.openapi=<Lago's openapi.yaml>")
    void eachObjectStandsUnderItsType() throws Exception {
        for (JsonNode webhook : webhooks()) {
            String objectType = properties(webhook).at("/object_type/enum/0").asText();
            assertThat(properties(webhook).fieldNames()).toIterable().as(objectType)
                    .contains("webhook_type", "object_type", objectType)
                    .isSubsetOf("webhook_type", "object_type", "organization_id", objectType);
        }
    }
}
