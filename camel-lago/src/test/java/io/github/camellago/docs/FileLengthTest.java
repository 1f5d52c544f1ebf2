package io.github.camellago.docs;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Source files are short. Split a longer one by its responsibilities. */
class FileLengthTest {

    private static final long MAX_LINES = 400;
    /** Has one field, one getter and one setter for each option. */
    private static final String OPTIONS = "LagoConfiguration.java";

    @Test
    void sourceFilesHaveAtMost400Lines() throws IOException {
        Map<String, Long> lines = new TreeMap<>();
        ProjectFiles.texts().forEach((file, text) -> {
            if (file.endsWith(".java") && !file.endsWith(OPTIONS) || file.endsWith("pom.xml")) {
                lines.put(file, text.lines().count());
            }
        });
        assertThat(lines).hasSizeGreaterThan(400);
        lines.values().removeIf(count -> count <= MAX_LINES);
        assertThat(lines).isEmpty();
    }
}
