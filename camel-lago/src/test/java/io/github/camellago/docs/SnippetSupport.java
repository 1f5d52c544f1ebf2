package io.github.camellago.docs;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.sql.DataSource;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import io.github.camellago.LagoComponent;
import io.github.camellago.test.LagoSandbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.component.stub.StubComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A context in which what stands in the docs runs: Lago is a sandbox, PostgreSQL a real one, and queues, S3 and mail are stubs. */
abstract class SnippetSupport extends CamelTestSupport {

    static final List<String> STUBS = List.of("jms", "kafka", "aws2-sqs", "aws2-s3", "smtp");
    private static final Pattern CLASS = Pattern.compile("public class (\\w+)");

    static {
    }

    /** Routes load classes while they run. */
    private static final List<URLClassLoader> LOADERS = new ArrayList<>();

    protected static LagoSandbox sandbox;
    private static EmbeddedPostgres postgres;

    @TempDir
    Path work;

    protected String server;
    private final OnlyArtifacts classes = new OnlyArtifacts();

    @BeforeAll
    static void startSandbox() {
        sandbox = LagoSandbox.start();
    }

    @AfterAll
    static void stopSandbox() throws Exception {
        sandbox.close();
        for (URLClassLoader loader : LOADERS) {
            loader.close();
        }
        LOADERS.clear();
        if (postgres != null) {
            postgres.close();
            postgres = null;
        }
    }

    @BeforeEach
    void reset() {
        sandbox.reset();
    }

    private void startServer() throws Exception {
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindPort(0);
        VertxPlatformHttpServer http = new VertxPlatformHttpServer(configuration);
        context.addService(http);
        server = "http://localhost:" + http.getPort();
        context.getPropertiesComponent().addOverrideProperty("hooks.url", server);
    }

    /** A database that is there from when it is first asked for. */
    static DataSource database() throws IOException {
        if (postgres == null) {
            postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
        }
        return postgres.getPostgresDatabase();
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        DefaultCamelContext context = new DefaultCamelContext(false);
        classes.setCamelContext(context);
        context.setClassResolver(classes);
        context.build();
        context.addComponent("lago", lago(context));
        context.addComponent("lagoEu", lago(context));
        context.addComponent("lagoFrom", lago(context));
        STUBS.forEach(scheme -> context.addComponent(scheme, new StubComponent()));
        context.getRegistry().bind("dataSource", DataSource.class, (java.util.function.Supplier<Object>) () -> {
            try {
                return database();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        context.getPropertiesComponent().addInitialProperty("kafka.brokers", "localhost:9092");
        return context;
    }

    /** From now on, only the components, languages and loaders of these artifacts are found. */
    void artifacts(Set<String> names) {
        classes.only(names);
    }

    static void tables() throws Exception {
        try (Connection connection = database().getConnection()) {
            connection.createStatement().execute("create table if not exists usage (id text primary key, subscription text,"
                    + " metric text, used_at timestamptz, gb numeric, region text, sent boolean)");
        }
    }

    private static LagoComponent lago(CamelContext context) {
        LagoComponent lago = new LagoComponent(context);
        lago.getConfiguration().setApiKey(sandbox.apiKey());
        lago.getConfiguration().setBaseUrl(sandbox.baseUrl());
        lago.getConfiguration().setRetryDelay(1);
        return lago;
    }

    /** Loads a snippet's routes into the running context; files go below the test's own folder. */
    protected void load(Snippet snippet) throws Exception {
        if (server == null && snippet.text().contains("platform-http")) {
            startServer();
        }
        String text = snippet.text().replaceAll("\\bfile:", "file:" + work + "/");
        if (snippet.language().equals("java")) {
            load(CLASS.matcher(text).find() ? text : inRouteBuilder(text));
        } else {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(
                            ResourceHelper.fromBytes("snippet." + snippet.language(), text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static String inRouteBuilder(String routes) {
        return """
                import io.github.camellago.api.*;
                import org.apache.camel.builder.RouteBuilder;
                import org.apache.camel.spi.DataType;

                public class Routes extends RouteBuilder {
                    @Override
                    public void configure() {
                        %s
                    }
                }
                """.formatted(routes);
    }

    private void load(String source) throws Exception {
        Matcher name = CLASS.matcher(source);
        assertThatFound(name, source);
        Path file = Files.writeString(work.resolve(name.group(1) + ".java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter words = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", work.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
            if (!compiler.getTask(words, files, null, options, null, files.getJavaFileObjects(file)).call()) {
                throw new AssertionError(words.toString());
            }
        }
        URLClassLoader loader = new URLClassLoader(new URL[]{work.toUri().toURL()}, getClass().getClassLoader());
        LOADERS.add(loader);
        Object routes = loader.loadClass(name.group(1)).getDeclaredConstructor().newInstance();
        PluginHelper.getBeanPostProcessor(context).postProcessBeforeInitialization(routes, name.group(1));
        context.addRoutes((RoutesBuilder) routes);
    }

    private static void assertThatFound(Matcher name, String source) {
        if (!name.find()) {
            throw new AssertionError("No class in: " + source);
        }
    }
}
