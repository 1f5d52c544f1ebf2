package io.github.camellago.springboot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.github.camellago.LagoComponent;
import io.github.camellago.api.LagoEvent;
import io.github.camellago.catalog.Catalog;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/** The hints for native images. No image is built here, since that takes GraalVM. */
class RuntimeHintsTest {

    private final RuntimeHints hints = new RuntimeHints();

    RuntimeHintsTest() {
        new LagoRuntimeHints().registerHints(hints, getClass().getClassLoader());
    }

    @Test
    void keepsTheCatalog() {
        String catalog = "io/github/camellago/catalog/lago-catalog.json";

        assertThat(Catalog.class.getClassLoader().getResource(catalog)).isNotNull();
        assertThat(RuntimeHintsPredicates.resource().forResource(catalog)).accepts(hints);
    }

    @Test
    void keepsClassesThatCamelLooksUpByName() throws Exception {
        List<String> types = new ArrayList<>();
        for (Resource file : new PathMatchingResourcePatternResolver().getResources(
                "classpath*:META-INF/services/org/apache/camel/*/lago*")) {
            String url = file.getURL().toString();
            String name = url.substring(url.indexOf("META-INF"));
            assertThat(RuntimeHintsPredicates.resource().forResource(name)).as(name).accepts(hints);
            String type = file.getContentAsString(StandardCharsets.UTF_8).replaceAll("(?s).*class=(\\S+).*", "$1");
            assertThat(RuntimeHintsPredicates.reflection().onType(Class.forName(type))
                    .withMemberCategory(MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS)).as(type).accepts(hints);
            types.add(type);
        }
        assertThat(types).contains(LagoComponent.class.getName()).hasSizeGreaterThan(5);
        assertThat(RuntimeHintsPredicates.reflection().onType(LagoComponent.class)
                .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(hints);
    }

    @Test
    void keepsKamelets() {
        String kamelet = "kamelets/lago-source.kamelet.yaml";

        assertThat(Catalog.class.getClassLoader().getResource(kamelet)).isNotNull();
        assertThat(RuntimeHintsPredicates.resource().forResource(kamelet)).accepts(hints);
    }

    @Test
    void keepsTypesThatJacksonWrites() {
        assertThat(RuntimeHintsPredicates.reflection().onType(LagoEvent.class)
                .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(hints);
    }
}
