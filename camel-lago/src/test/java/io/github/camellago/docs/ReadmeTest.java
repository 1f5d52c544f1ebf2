package io.github.camellago.docs;

import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import io.github.camellago.RouteTestSupport;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The README's routes, word for word but for the folders, do what it says. */
class ReadmeTest extends RouteTestSupport {

    private static final Path README = Path.of("../README.md");

    @TempDir
    Path work;

    private Map<String, Object> invoice;

    @BeforeEach
    void seed() throws Exception {
        invoice = sandbox.add("invoices", Map.of("number", "ACM-1", "total_amount_cents", 1200));
        Files.createDirectories(work.resolve("usage"));
        Files.writeString(work.resolve("usage/events.json"), snippet("json"));
        Files.writeString(work.resolve("usage/notes.txt"), "no events");
    }

    @Test
    void java() throws Exception {
        String source = here(snippet("java"));
        Path file = Files.writeString(work.resolve("BillingRoutes.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter words = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", work.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
            assertThat(compiler.getTask(words, files, null, options, null, files.getJavaFileObjects(file)).call())
                    .as("%s", words).isTrue();
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[]{work.toUri().toURL()}, getClass().getClassLoader())) {
            route((RoutesBuilder) loader.loadClass("BillingRoutes").getDeclaredConstructor().newInstance());
            deliver();
        }
    }

    @Test
    void xml() throws Exception {
        load("routes.xml", here(snippet("xml")));
        deliver();
    }

    @Test
    void yaml() throws Exception {
        load("routes.yaml", here(snippet("yaml")));
        deliver();
    }

    private void load(String name, String text) throws Exception {
        Resource resource = ResourceHelper.fromBytes(name, text.getBytes(StandardCharsets.UTF_8));
        PluginHelper.getRoutesLoader(context).loadRoutes(resource);
    }

    private void deliver() {
        await().untilAsserted(() -> assertThat(sandbox.events()).extracting(e -> e.get("transaction_id"))
                .containsExactlyInAnyOrder("tx-1", "tx-2"));
        Path written = work.resolve("invoices/" + invoice.get("lago_id") + ".json");
        await().untilAsserted(() -> assertThat(written).content().contains("\"number\":\"ACM-1\""));
    }

    /** The first block of that language. */
    private static String snippet(String language) throws Exception {
        Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        assertThat(block.find()).as("a block of %s in %s", language, README).isTrue();
        return block.group(1);
    }

    private String here(String text) {
        String moved = text.replace("file:usage", "file:" + work.resolve("usage")).replace("file:invoices",
                "file:" + work.resolve("invoices"));
        assertThat(moved).isNotEqualTo(text);
        return moved;
    }
}
