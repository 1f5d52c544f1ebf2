package io.github.camellago.catalog;

import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Operations in the spellings that people use: Lago's own, camelCase and kebab-case. */
class SpellingsTest {

    static Stream<String> names() {
        return Catalog.get().entries().stream().flatMap(e -> e.operations().stream()).map(Operation::name).distinct();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everySpellingMeansTheOperation(String name) {
        Resource resource = Catalog.get().entries().stream()
                .filter(e -> e.operations().stream().anyMatch(o -> o.name().equals(name)))
                .map(e -> Catalog.get().find(e.path())).findFirst().orElseThrow();
        StringBuilder camel = new StringBuilder();
        for (String word : name.split("_")) {
            camel.append(camel.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }

        for (String spelling : new String[]{name, camel.toString(), name.replace('_', '-'), name.toUpperCase(Locale.ROOT),
                ' ' + name}) {
            assertThat(resource.operation(spelling)).as(spelling).isNotNull()
                    .satisfies(o -> assertThat(o.name()).isEqualTo(name));
        }
    }
}
