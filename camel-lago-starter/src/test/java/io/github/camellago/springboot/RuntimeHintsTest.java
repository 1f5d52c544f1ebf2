package io.github.camellago.springboot;

import io.github.camellago.LagoComponent;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.events.LagoEvent;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

import static org.assertj.core.api.Assertions.assertThat;

/** What a native image would keep. None is built here: there is no GraalVM. */
class RuntimeHintsTest {

    private final RuntimeHints hints = new RuntimeHints();

    RuntimeHintsTest() {
        new LagoRuntimeHints().registerHints(hints, getClass().getClassLoader());
    }

    @Test
    void theCatalogueIsKept() {
        String catalogue = "io/github/camellago/catalog/lago-catalog.json";

        assertThat(Catalog.class.getClassLoader().getResource(catalogue)).isNotNull();
        assertThat(RuntimeHintsPredicates.resource().forResource(catalogue)).accepts(hints);
    }

    @Test
    void whatCamelFindsByNameIsKept() throws Exception {
        for (String service : new String[]{"component/lago", "configurer/lago-component", "configurer/lago-endpoint",
                "urifactory/lago-endpoint"}) {
            String file = "META-INF/services/org/apache/camel/" + service;
            assertThat(RuntimeHintsPredicates.resource().forResource(file)).accepts(hints);
            String type = new String(getClass().getClassLoader().getResourceAsStream(file).readAllBytes(),
                    java.nio.charset.StandardCharsets.UTF_8).replaceAll("(?s).*class=(\\S+).*", "$1");
            assertThat(RuntimeHintsPredicates.reflection().onType(Class.forName(type))
                    .withMemberCategory(MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS)).accepts(hints);
        }
        assertThat(RuntimeHintsPredicates.reflection().onType(LagoComponent.class)
                .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(hints);
    }

    @Test
    void whatJacksonWritesIsKept() {
        assertThat(RuntimeHintsPredicates.reflection().onType(LagoEvent.class)
                .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(hints);
    }
}
