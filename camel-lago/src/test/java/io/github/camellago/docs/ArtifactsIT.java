package io.github.camellago.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The README and each recipe name the artifacts that their routes need. */
class ArtifactsIT extends SnippetSupport {

    private static final Pattern NAMED = Pattern.compile("`(camel-[a-z0-9-]+)`|<artifactId>(camel-[a-z0-9-]+)</artifactId>");

    static List<Snippet> recipes() {
        return Snippet.all("yaml", "java").stream().filter(s -> s.page().equals("recipes.md")).toList();
    }

    static List<Snippet> readme() {
        return Snippet.of(Path.of("../README.md")).stream()
                .filter(s -> s.text().contains("lago:") && s.text().contains("file:"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void aRecipeStartsWithTheArtifactsThatItNames(Snippet recipe) throws Exception {
        if (recipe.text().contains("from usage")) {
            tables();
        }
        Set<String> artifacts = named(recipe.before());
        for (String scheme : STUBS) {
            if (recipe.text().contains(scheme + ":")) {
                assertThat(artifacts).contains(scheme.equals("smtp") ? "camel-mail" : "camel-" + scheme);
            }
        }
        artifacts.addAll(named(Snippet.section("recipes.md", "# Recipes")));
        artifacts(artifacts);

        load(recipe);

        assertThat(context.getRoutes()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("readme")
    void theReadmeNamesTheArtifactsOfItsRoutes(Snippet routes) throws Exception {
        artifacts(named(Snippet.section("README.md", "### In a project of your own")));

        load(routes);

        assertThat(context.getRoutes()).hasSize(2);
    }

    @Test
    void aRouteDoesNotStartWithoutAnArtifact() {
        artifacts(Set.of("camel-lago", "camel-main", "camel-yaml-dsl"));

        assertThatThrownBy(() -> load(Snippet.recipe("sql-to-lago")))
                .hasStackTraceContaining("No endpoint could be found for: sql:");
    }

    private static Set<String> named(String text) {
        Set<String> names = new TreeSet<>();
        Matcher name = NAMED.matcher(text);
        while (name.find()) {
            names.add(name.group(1) == null ? name.group(2) : name.group(1));
        }
        return names;
    }
}
