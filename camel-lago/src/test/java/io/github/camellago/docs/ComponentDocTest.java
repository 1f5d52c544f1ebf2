package io.github.camellago.docs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The tables of lago-component.adoc are made from lago.json; {@code -Dlago.docs.update} updates them. */
class ComponentDocTest {

    private static final Path FILE = Path.of("src/main/docs/lago-component.adoc");

    @Test
    void theTablesAreTheComponents() throws Exception {
        ComponentModel model;
        try (var in = getClass().getResourceAsStream("/META-INF/io/github/camellago/lago.json")) {
            model = JsonMapper.generateComponentModel(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        String doc = Files.readString(FILE);
        doc = filled(doc, "component options", table(model.getComponentOptions()));
        doc = filled(doc, "endpoint options",
                "==== Path parameters\n\n" + table(model.getEndpointPathOptions()) + "\n==== Query parameters\n\n"
                        + table(model.getEndpointParameterOptions()));
        doc = filled(doc, "headers", table(model.getEndpointHeaders()));
        if (System.getProperty("lago.docs.update") != null) {
            Files.writeString(FILE, doc);
        }

        assertThat(FILE).as("made by ./mvnw -pl camel-lago -am test -Dtest=ComponentDocTest -Dlago.docs.update"
                + " -Dsurefire.failIfNoSpecifiedTests=false").hasContent(doc);
    }

    private static String filled(String doc, String name, String content) {
        String start = "// " + name + ": START\n";
        int from = doc.indexOf(start) + start.length();
        int to = doc.indexOf("// " + name + ": END");
        assertThat(to).as("the end of " + name).isGreaterThanOrEqualTo(from);
        return doc.substring(0, from) + content + doc.substring(to);
    }

    private static String table(List<? extends BaseOptionModel> options) {
        StringBuilder table = new StringBuilder(
                "[cols=\"3,6,2,2\",options=\"header\"]\n|===\n| Name | Description | Default | Type\n");
        for (BaseOptionModel option : options) {
            Object byDefault = option.getDefaultValue();
            table.append("\n| *").append(option.getName()).append("* (").append(option.getGroup()).append(')')
                    .append(option.isRequired() ? " _required_" : "")
                    .append("\n| ").append(cell(option.getDescription())).append(enums(option))
                    .append(("\n| " + (byDefault == null ? "" : "`+" + byDefault + "+`")).stripTrailing())
                    .append("\n| ").append(option.getShortJavaType()).append('\n');
        }
        return table.append("|===\n").toString();
    }

    private static String enums(BaseOptionModel option) {
        List<String> values = option.getEnums();
        return values == null || values.isEmpty() ? "" : " One of: `" + String.join("`, `", values) + "`.";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("{", "\\{");
    }
}
