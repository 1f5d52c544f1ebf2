package io.github.camellago;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.camellago.api.JsonBody;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The configuration for native images names what the component finds by name or by reflection. No image is built here: that takes GraalVM. */
class NativeImageTest {

    private static final Path CLASSES = Path.of("target/classes");
    private static final Path CONFIGURATION = CLASSES.resolve("META-INF/native-image/io.github.camellago/camel-lago");

    private final JavaClasses classes = new ClassFileImporter().importPath(CLASSES);

    @Test
    void eachClassThatIsNamedExists() throws Exception {
        for (String name : named()) {
            assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull();
        }
    }

    @Test
    void namesThePublicTypes() throws IOException {
        assertThat(named()).as("classes in reflect-config.json")
                .containsAll(names(type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                        && List.of("io.github.camellago", "io.github.camellago.api").contains(type.getPackageName())));
    }

    @Test
    void namesTheClassesThatCamelLooksUp() throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path service : files("META-INF/services")) {
            for (String line : Files.readAllLines(service)) {
                String name = line.replaceFirst("^class=", "");
                if (name.startsWith("io.github.camellago") && !name.contains("=")) {
                    found.add(name);
                }
            }
        }

        assertThat(found).hasSizeGreaterThan(8);
        assertThat(named()).as("classes in reflect-config.json").containsAll(found);
    }

    @Test
    void namesTheTypesThatJacksonReadsAndWrites() throws IOException {
        Set<String> mapped = names(type -> type.isAssignableTo(JsonBody.class) || isAnnotated(type));
        // Jackson is given the class of each type that it reads
        classes.stream().flatMap(type -> type.getCodeUnits().stream())
                .flatMap(method -> method.getReferencedClassObjects().stream())
                .map(reference -> reference.getRawType())
                .filter(type -> type.isRecord() && type.getPackageName().startsWith("io.github.camellago"))
                .forEach(type -> mapped.add(type.getName()));

        // annotations name the serializer
        mapped.add("io.github.camellago.api.JsonBodySerializer");

        assertThat(mapped).contains("io.github.camellago.events.KeptEvent", "io.github.camellago.api.ReconciledEvent",
                "io.github.camellago.events.UndeliveredEvent", "io.github.camellago.api.LagoEvent");
        assertThat(named()).as("classes in reflect-config.json").containsAll(mapped);
    }

    @Test
    void includesEachResource() throws IOException {
        List<Pattern> included = new ArrayList<>();
        for (JsonNode include : read("resource-config.json").at("/resources/includes")) {
            included.add(Pattern.compile(include.get("pattern").asText()));
        }
        Set<String> resources = new TreeSet<>();
        for (String folder : List.of("META-INF/services", "META-INF/io", "io", "kamelets")) {
            files(folder).stream().map(file -> CLASSES.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> !file.endsWith(".class")).forEach(resources::add);
        }

        assertThat(resources).contains("io/github/camellago/catalog/lago-catalog.json", "kamelets/lago-sink.kamelet.yaml")
                .allSatisfy(resource -> assertThat(included).anyMatch(pattern -> pattern.matcher(resource).matches()));
        assertThat(included)
                .allSatisfy(pattern -> assertThat(resources).anyMatch(resource -> pattern.matcher(resource).matches()));
    }

    private static boolean isAnnotated(JavaClass type) {
        return Stream
                .concat(Stream.of(type.getAnnotations()), type.getMembers().stream().map(member -> member.getAnnotations()))
                .flatMap(Set::stream)
                .anyMatch(annotation -> annotation.getRawType().getPackageName().startsWith("com.fasterxml.jackson"));
    }

    private Set<String> names(Predicate<JavaClass> wanted) {
        Set<String> names = new TreeSet<>();
        classes.stream().filter(wanted).forEach(type -> names.add(type.getName()));
        return names;
    }

    private static Set<String> named() throws IOException {
        return new TreeSet<>(read("reflect-config.json").findValuesAsText("name"));
    }

    private static JsonNode read(String file) throws IOException {
        return new ObjectMapper().readTree(CONFIGURATION.resolve(file).toFile());
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES.resolve(folder))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
