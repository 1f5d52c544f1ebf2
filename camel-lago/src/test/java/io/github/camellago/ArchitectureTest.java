package io.github.camellago;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The arrows between packages, as CONTRIBUTING.md draws them. The component's own package is {@code ""}. */
class ArchitectureTest {

    private static final Path ROOT = Path.of("src/main/java/io/github/camellago");
    private static final Pattern IMPORT = Pattern
            .compile("(?m)^import (?:static )?io\\.github\\.camellago\\.(?:([a-z]+)\\.)?[A-Z]");

    private static final Set<String> WORKERS = Set.of("", "operation", "http", "client", "catalog", "api");
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("",
                    Set.of("events", "poll", "webhook", "health", "observe", "operation", "http", "client", "catalog", "api")),
            Map.entry("transform", Set.of("", "client", "api")),
            Map.entry("events", WORKERS), Map.entry("poll", WORKERS), Map.entry("webhook", WORKERS),
            Map.entry("health", WORKERS),
            Map.entry("observe", Set.of("api")),
            Map.entry("operation", Set.of("", "http", "client", "catalog", "api")),
            Map.entry("http", Set.of("client", "catalog", "api")),
            Map.entry("client", Set.of("", "http", "catalog", "api")),
            Map.entry("catalog", Set.of()),
            Map.entry("api", Set.of("events")));

    @Test
    void arrowsGoOneWay() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String from = ROOT.relativize(file.getParent()).toString();
                assertThat(MAY_USE).as("package of " + file).containsKey(from);
                Matcher imported = IMPORT.matcher(Files.readString(file));
                while (imported.find()) {
                    String to = imported.group(1) == null ? "" : imported.group(1);
                    if (!to.equals(from) && !MAY_USE.get(from).contains(to)) {
                        wrong.add(file.getFileName() + " uses " + (to.isEmpty() ? "the component" : to));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
