package io.github.camellago.docs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.camellago.api.LagoOptionException;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The properties in the docs, as the {@code application.properties} of an application with Camel Main. */
class PropertiesTest {

    private static final Pattern ENVIRONMENT = Pattern.compile("\\{\\{env:LAGO_[A-Z_]*:\\}\\}");

    /** The component that a line configures. */
    private static final Pattern COMPONENT = Pattern.compile("(?m)^camel\\.(?:component|beans)\\.(lago[a-zA-Z-]*)");

    private static LagoSandbox sandbox;

    @TempDir
    Path work;

    @BeforeAll
    static void startSandbox() {
        sandbox = LagoSandbox.start();
    }

    @AfterAll
    static void stopSandbox() {
        sandbox.close();
    }

    static Stream<Snippet> properties() {
        return Stream.concat(Snippet.of(Path.of("../README.md")).stream(), Snippet.all("properties").stream())
                .filter(s -> s.language().equals("properties") && !components(s).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("properties")
    void configuresTheComponent(Snippet snippet) throws Exception {
        String text = ENVIRONMENT.matcher(snippet.text()).replaceAll(sandbox.apiKey());
        for (String component : components(snippet)) {
            sandbox.reset();

            start(text, component, Map.of("base-url", sandbox.baseUrl(), "api-key", sandbox.apiKey()));

            assertThat(sandbox.eventCount()).isEqualTo(1);
        }
    }

    /** Camel's own message would name the variable only, not the option. */
    @ParameterizedTest
    @MethodSource("properties")
    void saysWhichOptionIsMissingWithoutTheEnvironmentVariable(Snippet snippet) {
        for (String component : components(snippet)) {
            assertThatThrownBy(() -> start(snippet.text(), component, Map.of())).rootCause()
                    .isInstanceOf(LagoOptionException.class).hasMessageContaining("The option apiKey is required")
                    .hasMessageContaining(component);
        }
    }

    /** By TLS to the proxy itself, the call would hang or fail. */
    @Test
    void callsTheUsualProxyWithoutTls() throws Exception {
        Snippet snippet = Snippet.all("properties").stream().filter(s -> s.text().contains("proxy-auth-scheme")).findFirst()
                .orElseThrow();
        try (ServerSocket proxy = new ServerSocket(0)) {
            CompletableFuture<String> request = CompletableFuture.supplyAsync(() -> refuse(proxy));
            String text = snippet.text().replace("proxy.example.com", "localhost").replace("3128", "" + proxy.getLocalPort());

            assertThatThrownBy(
                    () -> start(text, "lago", Map.of("api-key", "k", "base-url", "https://lago.invalid", "max-retries",
                            "0")))
                    .hasStackTraceContaining("The HTTP proxy answered 407 to POST events");

            assertThat(request.get(1, TimeUnit.MINUTES)).startsWith("CONNECT lago.invalid:443");
        }
    }

    /** Answers 407 to a request, and returns its first line. */
    private static String refuse(ServerSocket proxy) {
        try (Socket socket = proxy.accept()) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String first = in.readLine();
            for (String line = first; line != null && !line.isEmpty(); line = in.readLine()) {
            }
            socket.getOutputStream().write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            return first;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> components(Snippet snippet) {
        return new TreeSet<>(COMPONENT.matcher(snippet.text()).results().map(r -> r.group(1)).toList());
    }

    /** Starts the application, and sends an event. */
    private void start(String text, String component, Map<String, String> overrides) throws Exception {
        Path file = Files.writeString(work.resolve("application.properties"), text);
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:" + file);
        String prefix = component.equals("lago") ? "camel.component.lago." : "camel.beans." + component + ".";
        overrides.forEach((option, value) -> main.addOverrideProperty(prefix + option, value));
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:usage").to(component + ":events");
            }
        });
        try {
            main.start();
            main.getCamelTemplate().sendBody("direct:usage",
                    Map.of("transaction_id", "t-1", "external_subscription_id", "s", "code", "c"));
        } finally {
            main.stop();
        }
    }
}
