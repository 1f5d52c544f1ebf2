package io.github.camellago.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The sources and documents of all modules, without generated files. */
final class ProjectFiles {

    private static final Pattern TEXT = Pattern.compile(".+\\.(java|md|adoc|html|yaml|yml|xml|sql|mjs|properties|sh)");
    private static final Set<String> SKIPPED = Set.of("target", "generated", "node_modules", ".git", ".mvn");

    private ProjectFiles() {}

    /** The texts of the files by their paths in the project. */
    static Map<String, String> texts() throws IOException {
        Path root = Path.of("..").toRealPath();
        Map<String, String> texts = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return SKIPPED.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (TEXT.matcher(file.getFileName().toString()).matches()) {
                    texts.put(root.relativize(file).toString(), Files.readString(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return texts;
    }
}
