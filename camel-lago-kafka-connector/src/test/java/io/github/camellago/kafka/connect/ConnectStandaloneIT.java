package io.github.camellago.kafka.connect;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import io.github.camellago.test.LagoSandbox;
import org.apache.kafka.connect.cli.ConnectStandalone;
import org.apache.kafka.connect.util.clusters.EmbeddedKafkaCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The archive in a standalone worker: a process that has only Kafka on its class path. */
class ConnectStandaloneIT {

    /** The libraries of the archive that the worker does not have. */
    private static final List<String> OWN = List.of("camel", "httpc", "nimbus", "wiremock", File.separator + "classes",
            File.separator + "test-classes", "jackson-datatype-jsr310");

    @TempDir
    private Path directory;

    @Test
    void theArchiveRunsInAWorkerThatIsKilled() throws Exception {
        EmbeddedKafkaCluster kafka = new EmbeddedKafkaCluster(1, new Properties());
        kafka.start();
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            kafka.createTopic("usage", 1);
            kafka.createTopic("lago.plans", 1);
            kafka.createTopic("rejected", 1);
            sandbox.add("plans", Map.of("code", "plan-a", "name", "A"));
            kafka.produce("usage", event(0));
            kafka.produce("usage", "poison");
            kafka.produce("usage", "{\"code\":\"api_calls\"}");
            unzip(archive(), directory.resolve("plugins"));
            Map<String, String> settings = Map.of("bootstrap.servers", kafka.bootstrapServers(), "key.converter",
                    "org.apache.kafka.connect.storage.StringConverter", "value.converter",
                    "org.apache.kafka.connect.storage.StringConverter", "offset.storage.file.filename",
                    directory.resolve("offsets").toString(), "offset.flush.interval.ms", "500", "listeners",
                    "http://localhost:0",
                    // the broker soon gives the partitions of a killed worker to the next one
                    "consumer.session.timeout.ms", "6000", "consumer.heartbeat.interval.ms", "1000",
                    "plugin.path", directory.resolve("plugins").toString());
            Map<String, String> lago = Map.of("lago.api.key", sandbox.apiKey(), "lago.base.url", sandbox.baseUrl());
            Path sink = write("sink", lago, Map.of("name", "metering", "connector.class",
                    "io.github.camellago.kafka.connect.LagoEventsSinkConnector", "topics", "usage", "errors.tolerance", "all",
                    "errors.deadletterqueue.topic.name", "rejected", "errors.deadletterqueue.topic.replication.factor", "1",
                    "errors.deadletterqueue.context.headers.enable", "true"));
            Path source = write("source", lago, Map.of("name", "plans", "connector.class", "LagoSourceConnector", "resources",
                    "plans", "poll.interval.ms", "200"));

            Process first = start(write("worker", settings), sink, source);
            try {
                await().atMost(Duration.ofMinutes(2)).until(() -> sandbox.eventCount() == 1);
                assertThat(values(kafka, "rejected", 2)).contains("poison");
                assertThat(values(kafka, "lago.plans", 1)).hasSize(1);
                await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(directory.resolve("offsets")));
            } finally {
                first.destroyForcibly().waitFor();
            }
            kafka.produce("usage", event(1));
            sandbox.add("plans", Map.of("code", "plan-b", "name", "B"));
            // finds the connectors by META-INF/services only
            Path worker = write("worker", settings, Map.of("plugin.discovery", "service_load"));
            Process second = start(worker, sink, source);
            try {
                await().atMost(Duration.ofMinutes(2)).until(() -> sandbox.eventCount() == 2);
                assertThat(values(kafka, "lago.plans", 2)).anyMatch(value -> value.contains("plan-b"));
            } finally {
                second.destroyForcibly().waitFor();
            }
        } finally {
            kafka.stop();
        }
    }

    private static String event(int i) {
        return "{\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\",\"properties\":{\"n\":" + i + "}}";
    }

    private static List<String> values(EmbeddedKafkaCluster kafka, String topic, int count) {
        return StreamSupport.stream(kafka.consume(count, Duration.ofMinutes(2).toMillis(), topic).spliterator(), false)
                .map(record -> new String(record.value(), StandardCharsets.UTF_8)).toList();
    }

    private static Path archive() throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(Path.of("target"), "camel-lago-kafka-connector-*.zip")) {
            return archives.iterator().next();
        }
    }

    private static void unzip(Path archive, Path to) throws IOException {
        try (InputStream file = Files.newInputStream(archive); ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path path = to.resolve(entry.getName());
                Files.createDirectories(entry.isDirectory() ? path : path.getParent());
                if (!entry.isDirectory()) {
                    Files.copy(zip, path);
                }
            }
        }
    }

    @SafeVarargs
    private Path write(String name, Map<String, String>... settings) throws IOException {
        Properties properties = new Properties();
        Stream.of(settings).forEach(properties::putAll);
        Path file = directory.resolve(name + ".properties");
        try (var out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        return file;
    }

    private Process start(Path... properties) throws IOException {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> OWN.stream().noneMatch(own -> path.replaceFirst(".*(?=repository)", "").contains(own)))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath,
                ConnectStandalone.class.getName()));
        Stream.of(properties).forEach(file -> command.add(file.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(Path.of("target", "standalone.log").toFile()).start();
    }
}
