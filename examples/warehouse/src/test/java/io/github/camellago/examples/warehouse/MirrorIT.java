package io.github.camellago.examples.warehouse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import io.github.camellago.test.LagoSandbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole mirror, on the sandbox and a real PostgreSQL. */
class MirrorIT {

    private static final int INVOICES = Integer.getInteger("mirror.invoices", 300);
    private static final boolean MANY = INVOICES > 10_000;
    /** How long to wait for a list to be read: longer for many invoices. */
    private static final Duration PATIENCE = Duration.ofMinutes(5 + INVOICES / 20_000);

    @TempDir
    Path work;

    private final LagoSandbox sandbox = LagoSandbox.builder().journal(0).demo(true).start();
    private String key = sandbox.apiKey();
    private EmbeddedPostgres postgres;
    private Database database;

    @BeforeEach
    void open() throws Exception {
        postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
        database = new Database(url());
    }

    @AfterEach
    void close() throws Exception {
        database.close();
        postgres.close();
        sandbox.close();
    }

    private String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    private Map<String, String> environment() {
        return new HashMap<>(Map.of("LAGO_API_KEY", key, "LAGO_BASE_URL", sandbox.baseUrl(), "MIRROR_DELAY",
                String.valueOf(3000 + INVOICES / 20), "MIRROR_PAGE", MANY ? "500" : "100"));
    }

    private void awaitEqualRows(Access access) {
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().pollDelay(Duration.ZERO).untilAsserted(() -> {
            awaitPolls();
            assertThat(Comparison.compare(database, access.lists(), environment()))
                    .filteredOn(difference -> !difference.isNone()).isEmpty();
        });
    }

    /** Waits until each list has been read to its end, so that the comparison does not read all lists in vain. */
    private void awaitPolls() {
        database.execute("update mirrored_lists set complete_at = null");
        Progress progress = new Progress(database);
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(MANY ? 10_000 : 100)).until(() -> {
            if (MANY) {
                System.out.println(progress.line());
            }
            return progress.isLoaded();
        });
    }

    @Test
    void rowsEqualLagosRecordsAfterKillsChangesAndDeletions() throws Exception {
        long seed = Long.getLong("mirror.seed", System.nanoTime());
        System.out.println("mirror.seed=" + seed);
        Demo demo = new Demo(sandbox, seed);
        demo.fill(6, INVOICES);
        Access access = Mirror.access(environment());
        database.install(access.readable());

        for (String name : List.of("first", "second")) {
            long written = database.number("select sum(written) from mirrored_lists") + 200
                    + new Random(seed + name.length()).nextInt(INVOICES / 3);
            try (Instance instance = new Instance(name, url(), work, environment())) {
                Awaitility.await().atMost(PATIENCE)
                        .until(() -> database.number("select sum(written) from mirrored_lists") > written);
                demo.change(50);
                instance.kill();
            }
        }
        try (Instance third = new Instance("third", url(), work, environment())) {
            String leaving = (String) sandbox.add("customers", Map.of("external_id", "leaving")).get("lago_id");
            awaitEqualRows(access);
            sandbox.remove("customers", leaving);
            demo.change(50);
            awaitEqualRows(access);
        }
        assertThat(database.number("select count(*) from customers where deleted_at is not null")).isPositive();
    }

    @Test
    void namesTheListsThatTheKeyMayNotRead() throws Exception {
        key = sandbox.createKey("customer:read", "plan:read");
        Access access = Mirror.access(environment());
        assertThat(access.lists()).extracting(MirroredList::table).contains("customers", "plans", "plans_charges")
                .doesNotContain("invoices", "wallets_wallet_transactions", "subscriptions_charges");
        assertThat(access.refused()).containsKeys("invoices", "subscriptions/{external_id}/charges");
        assertThat(access.toText()).contains("invoices", "read_action_not_allowed_for_invoice");

        database.install(access.readable());
        Main main = Mirror.prepare("one", database, work.toString(), access, environment());
        main.start();
        try {
            awaitEqualRows(access);
        } finally {
            main.stop();
        }
        assertThat(database.rows("select count(*) as rows from customers").toString()).isEqualTo("[{rows=3}]");
        assertThat(database.rows("select * from mrr")).isEmpty();
    }

    @Test
    void writesCsvFilesInPlaceOfTables() throws Exception {
        sandbox.add("customers", Map.of("external_id", "quoted", "name", "A \"B\", C"));
        Map<String, String> environment = environment();
        environment.put("MIRROR_CSV", work.resolve("csv").toString());
        Access access = Mirror.access(environment);
        Main main = Mirror.prepare("one", database, work.toString(), access, environment);
        main.start();
        try {
            Awaitility.await().atMost(Duration.ofMinutes(5)).ignoreExceptions().untilAsserted(() -> {
                assertThat(csv("customers")).contains("lago_id,").contains("\"A \"\"B\"\", C\"").contains("complete\n");
                assertThat(csv("plans_charges")).startsWith("path_code,").contains("\"startup\",");
            });
            sandbox.remove("customers", (String) sandbox.records("customers").get(0).get("lago_id"));
            Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> csv("customers").contains("deleted\n"));
        } finally {
            main.stop();
        }
    }

    /** The files of a list, one after the other. */
    private String csv(String table) throws Exception {
        try (Stream<Path> files = Files.list(work.resolve("csv").resolve(table))) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList()) {
                all.append(Files.readString(file));
            }
            return all.toString();
        }
    }
}
