package io.github.camellago.poll;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.camellago.test.LagoSandbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A reader in a JVM of its own, killed without warning and started again: nothing is lost, and with each kill no more comes twice
 * than was in flight; with the record repository, which is written once per page, no more than a page. More kills: {@code -Dlago.kills=20}.
 */
class KillIT {

    private static final int KILLS = Integer.getInteger("lago.kills", 1);
    private static final int RECORDS = 150 * (KILLS + 1);
    /** Camel writes a line and its end in two steps. After a kill between them, the next line is lost as well. */
    private static final int PER_KILL_IN_FILES = 2;

    private static EmbeddedPostgres postgres;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @ParameterizedTest
    @CsvSource({"changed,file", "new,file", "changed,jdbc", "new,jdbc", "changed,store"})
    void aKilledConsumerLosesNothing(String mode, String repositories) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path out = folder.resolve("out");
        boolean store = repositories.equals("store");
        boolean files = repositories.equals("file");
        Files.createFile(out);
        try (LagoSandbox sandbox = LagoSandbox.start()) {
            sandbox.addAll("customers", IntStream.range(0, RECORDS).mapToObj(i -> Map.of("external_id", "x" + i)).toList());
            String where = files ? folder.toString() : (store ? KilledReader.STORE : "") + database(mode + repositories);
            for (int kill = 0; kill < KILLS; kill++) {
                int enough = lines(out) + 1 + random.nextInt(149);
                Process reader = start(sandbox, mode, where, out);
                await().pollInterval(Duration.ofMillis(1)).atMost(Duration.ofMinutes(3)).until(() -> lines(out) >= enough);
                reader.destroyForcibly().waitFor();
            }
            Process reader = start(sandbox, mode, where, out);
            try {
                await().atMost(Duration.ofMinutes(3)).until(() -> new HashSet<>(Files.readAllLines(out)).size() == RECORDS);
                long requests = sandbox.requestCount();
                await().atMost(Duration.ofMinutes(3)).until(() -> sandbox.requestCount() > requests + 2L * RECORDS / 20);
            } finally {
                reader.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
        List<String> lines = Files.readAllLines(out);
        int twice = lines.size() - new HashSet<>(lines).size();
        System.out.println(mode + ", " + repositories + ": " + KILLS + " kills, " + RECORDS + " records, " + twice + " twice");
        assertThat(new HashSet<>(lines)).hasSize(RECORDS);
        assertThat(twice).isLessThanOrEqualTo(KILLS * (store ? KilledReader.PER_PAGE : files ? PER_KILL_IN_FILES : 1));
    }

    private static String database(String name) throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            connection.createStatement().execute("CREATE DATABASE " + name);
        }
        return postgres.getJdbcUrl("postgres", name);
    }

    private Process start(LagoSandbox sandbox, String mode, String where, Path out) throws Exception {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), KilledReader.class.getName(), sandbox.baseUrl(), sandbox.apiKey(),
                mode, where, out.toString()).redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
    }

    private static int lines(Path file) throws Exception {
        return Files.readAllLines(file).size();
    }
}
