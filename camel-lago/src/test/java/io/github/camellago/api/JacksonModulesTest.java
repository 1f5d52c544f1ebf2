package io.github.camellago.api;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class JacksonModulesTest {

    @Test
    void skipsModulesThatBelongToAnotherJackson(@TempDir Path directory) throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(Module.class.getName()),
                "java.lang.String\nno.such.Module\n" + Jdk8Module.class.getName() + "\n");
        try (URLClassLoader loader = new URLClassLoader(new URL[]{directory.toUri().toURL()}, getClass().getClassLoader())) {
            assertThat(JacksonModules.find(loader)).hasAtLeastOneElementOfType(Jdk8Module.class);
        }
    }
}
