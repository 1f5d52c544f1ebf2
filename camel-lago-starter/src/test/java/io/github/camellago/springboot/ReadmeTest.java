package io.github.camellago.springboot;

import java.io.IOException;
import java.io.StringReader;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The properties in the README exist, and the targets of its links exist. */
class ReadmeTest {

    private static final Pattern BLOCK = Pattern.compile("(?m)^```properties\n(.*?)^```$", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\((\\.[^)#]+)\\)");

    private final String readme = read();

    @Test
    void eachPropertyExists() throws IOException {
        Set<String> known = new TreeSet<>();
        for (URL metadata : Collections
                .list(getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            known.addAll(new ObjectMapper().readTree(metadata).path("properties").findValuesAsText("name"));
        }
        Set<String> shown = new TreeSet<>();
        Matcher block = BLOCK.matcher(readme);
        while (block.find()) {
            Properties properties = new Properties();
            properties.load(new StringReader(block.group(1)));
            properties.stringPropertyNames().forEach(name -> shown.add(name.replaceFirst("\\.accounts\\.[^.]+", "")));
        }

        assertThat(shown).hasSizeGreaterThan(4);
        assertThat(known).containsAll(shown);
    }

    @Test
    void eachLinkHasATarget() {
        Matcher link = LINK.matcher(readme);
        while (link.find()) {
            assertThat(Path.of(link.group(1))).exists();
        }
    }

    private static String read() {
        try {
            return Files.readString(Path.of("README.md"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
