package io.github.camellago.docs;

import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The descriptions of options and headers, as IDEs show them: short, whole sentences in plain English. */
class DescriptionsTest {

    private static final int MAX_LENGTH = 300;
    private static final Pattern CLAUSE = Pattern.compile("\\b(what is|what was)\\b", Pattern.CASE_INSENSITIVE);
    /** Camel's generator drops asterisks and empty brackets, which leaves gaps such as "path. options" or "name=...". */
    private static final Pattern GAP = Pattern.compile("\\b(filter|path)\\. |\\w=\\.\\.\\.|\\( ?\\)|  ");
    /** Camel writes these itself. */
    private static final Set<String> CAMELS_OWN = Set.of("healthCheckConsumerEnabled", "healthCheckProducerEnabled",
            "autowiredEnabled", "bridgeErrorHandler", "lazyStartProducer");

    @Test
    void describesEachOptionInPlainEnglish() throws Exception {
        Set<String> wrong = new TreeSet<>();
        descriptions().forEach((name, description) -> {
            if (!description.endsWith(".") && !description.contains("multi-value")) {
                wrong.add(name + " does not end with a full stop");
            }
            if (description.length() > MAX_LENGTH) {
                wrong.add(name + " has " + description.length() + " characters");
            }
            if (CLAUSE.matcher(description).find() || GAP.matcher(description).find()) {
                wrong.add(name + ": " + description);
            }
        });
        assertThat(wrong).isEmpty();
    }

    private static Map<String, String> descriptions() throws Exception {
        Map<String, String> descriptions = new TreeMap<>();
        try (InputStream json = DescriptionsTest.class.getResourceAsStream("/META-INF/io/github/camellago/lago.json")) {
            JsonNode catalog = new ObjectMapper().readTree(json);
            for (String part : new String[]{"componentProperties", "properties", "headers"}) {
                catalog.path(part).properties().forEach(option -> {
                    JsonNode of = option.getValue();
                    if (!CAMELS_OWN.contains(option.getKey()) && !of.path("label").asText().contains("scheduler")
                            && !of.path("label").asText().matches(".*\\(advanced\\)|filter|.*advanced.*")) {
                        descriptions.put(option.getKey(), of.path("description").asText());
                    }
                });
            }
        }
        return descriptions;
    }
}
