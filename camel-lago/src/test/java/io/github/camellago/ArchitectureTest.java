package io.github.camellago;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The dependencies between packages, read from the class files, as CONTRIBUTING.md draws them. The component's own package is {@code root}. */
class ArchitectureTest {

    private static final String BASE = "io.github.camellago";
    private static final String ROOT = "root";
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    /** The other packages that each package may use. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry(ROOT,
                    Set.of("poll", "events", "webhook", "upsert", "health", "observe", "operation", "http", "client", "catalog",
                            "api")),
            Map.entry("poll", Set.of("operation", "client", "catalog", "api")),
            Map.entry("events", Set.of("operation", "client", "catalog", "api")),
            Map.entry("webhook", Set.of("operation", "client", "catalog", "api")),
            Map.entry("upsert", Set.of("operation", "client", "catalog", "api")),
            Map.entry("health", Set.of("client", "catalog", "api")),
            Map.entry("operation", Set.of("client", "catalog", "api")),
            Map.entry("transform", Set.of("client")),
            Map.entry("observe", Set.of("api")),
            Map.entry("http", Set.of("client")),
            Map.entry("client", Set.of("catalog", "api")),
            Map.entry("catalog", Set.of()),
            Map.entry("api", Set.of()));

    /** The classes of the root package that every package may use: the options and the constants. The enums of options come with them. */
    private static final Set<String> OPTIONS = Set.of("LagoConfiguration", "LagoConstants");

    @Test
    void everyPackageIsKnown() {
        Set<String> rooms = CLASSES.stream().map(ArchitectureTest::room).collect(Collectors.toSet());
        assertThat(rooms).containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
    }

    @Test
    void dependenciesGoOneWay() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            from.getDirectDependenciesFromSelf().stream().map(d -> d.getTargetClass().getBaseComponentType())
                    .filter(to -> to.getPackageName().startsWith(BASE) && !isAllowed(from, to))
                    .forEach(to -> wrong.add(name(from) + " uses " + name(to)));
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean isAllowed(JavaClass from, JavaClass to) {
        String here = room(from);
        String there = room(to);
        return here.equals(there) || MAY_USE.get(here).contains(there)
                || there.equals(ROOT) && !here.equals("api") && (to.isEnum() || OPTIONS.contains(to.getSimpleName()));
    }

    @Test
    void thereIsNoCircle() {
        List<String> order = new ArrayList<>();
        MAY_USE.keySet().stream().sorted(Comparator.naturalOrder()).forEach(p -> visit(p, new HashSet<>(), order));
        assertThat(order).containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
    }

    private static void visit(String room, Set<String> path, List<String> order) {
        assertThat(path.add(room)).as("circle through " + room + ": " + path).isTrue();
        MAY_USE.get(room).forEach(used -> visit(used, path, order));
        path.remove(room);
        if (!order.contains(room)) {
            order.add(room);
        }
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(BASE) ? ROOT : name.substring(BASE.length() + 1);
    }

    private static String name(JavaClass type) {
        return type.getName().substring(BASE.length() + 1);
    }
}
