package io.github.camellago.docs;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The docs are correct: each route starts, each option exists, each link has a target. */
class DocsIT extends SnippetSupport {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+?)(#[^)]*)?\\)");

    static List<Snippet> routes() {
        return Snippet.all("java", "xml", "yaml").stream().filter(snippet -> !snippet.text().contains("CamelTestSupport"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void eachRouteStarts(Snippet snippet) throws Exception {
        if (snippet.text().contains("from usage")) {
            tables();
        }

        load(snippet);

        assertThat(context.getRoutes()).isNotEmpty();
        for (Route route : context.getRoutes()) {
            assertThat(context.getRouteController().getRouteStatus(route.getRouteId())).isEqualTo(ServiceStatus.Started);
        }
    }

    @Test
    void eachPropertyIsAnOption() throws Exception {
        JsonNode options = new ObjectMapper().readTree(getClass().getResource("/META-INF/io/github/camellago/lago.json"))
                .get("componentProperties");
        Set<String> unknown = new TreeSet<>();
        for (Snippet snippet : Snippet.all("properties")) {
            Properties properties = new Properties();
            properties.load(new StringReader(snippet.text()));
            for (String name : properties.stringPropertyNames()) {
                if (name.startsWith("camel.component.https.")) {
                    continue;
                }
                String option = name.replaceFirst("^camel\\.component\\.lago\\.|^camel\\.beans\\.[^.]+\\.?(configuration\\.)?",
                        "");
                if (!option.isEmpty() && !options.has(StringHelper.dashToCamelCase(option))) {
                    unknown.add(snippet + ": " + name);
                }
            }
        }
        assertThat(Snippet.all("properties")).isNotEmpty();
        assertThat(unknown).isEmpty();
    }

    @Test
    void eachLinkLeadsSomewhere() throws Exception {
        Set<String> broken = new TreeSet<>();
        List<Path> pages = Snippet.pages().stream().filter(p -> p.toString().endsWith(".md")).collect(Collectors.toList());
        pages.addAll(List.of(Path.of("../README.md"), Path.of("../CONTRIBUTING.md"), Path.of("../SECURITY.md"),
                Path.of("../camel-lago-test/README.md"), Path.of("../benchmarks/README.md"), Path.of("../examples/README.md")));
        try (var examples = Files.list(Path.of("../examples"))) {
            examples.map(e -> e.resolve("README.md")).filter(Files::exists).forEach(pages::add);
        }
        for (Path page : pages) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    broken.add(page + " → " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }
}
