package io.github.camellago.webhook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds the types of webhooks, and the form that is read, against Lago's published contract. */
@EnabledIfSystemProperty(named = "lago.openapi", matches = ".+", disabledReason = "needs -Dlago.openapi=<Lago's openapi.yaml>")
class WebhookTypesContractTest {

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

    /** Lago's server does not accept two of the contract's types, and has types that the contract lacks. */
    @Test
    void knowsTheTypesOfTheContractThatTheServerAccepts() throws Exception {
        TreeSet<String> types = new TreeSet<>();
        webhooks().forEach(w -> types.add(properties(w).at("/webhook_type/enum/0").asText()));
        assertThat(types).hasSizeGreaterThan(50);
        types.removeAll(List.of("invoice.add_on_added", "credit_note.refund_failure"));
        assertThat(WebhookTypes.known()).containsAll(types);
    }

    @Test
    @EnabledIfSystemProperty(named = "lago.webhookTypes", matches = ".+", disabledReason = "needs -Dlago.webhookTypes=<file>")
    void knowsTheTypesThatTheServerAccepts() throws Exception {
        List<String> types = Files.readAllLines(Path.of(System.getProperty("lago.webhookTypes"))).stream()
                .filter(line -> !line.isBlank()).map(line -> line.split("\t")[0]).sorted().toList();
        System.out.println(
                "webhook types: " + types.stream().filter(WebhookTypes.known()::contains).count() + " of " + types.size());
        assertThat(WebhookTypes.known()).containsExactlyElementsOf(types);
    }

    @Test
    void eachObjectStandsUnderItsType() throws Exception {
        for (JsonNode webhook : webhooks()) {
            String objectType = properties(webhook).at("/object_type/enum/0").asText();
            assertThat(properties(webhook).fieldNames()).toIterable().as(objectType)
                    .contains("webhook_type", "object_type", objectType)
                    .isSubsetOf("webhook_type", "object_type", "organization_id", objectType);
        }
    }
}
