package io.github.camellago.examples.warehouse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.LagoSandbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class MirrorTest {

    private static EmbeddedPostgres postgres;

    @TempDir
    Path work;

    private final LagoSandbox sandbox = LagoSandbox.builder().journal(0).demo(true).start();
    private Database database;
    private Main main;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void open() {
        database = new Database(postgres.getJdbcUrl("postgres", "postgres"));
        database.rows("select 1");
    }

    @AfterEach
    void close() {
        if (main != null) {
            main.stop();
        }
        database.close();
        sandbox.close();
    }

    private Map<String, String> environment() {
        return Map.of("LAGO_API_KEY", sandbox.apiKey(), "LAGO_BASE_URL", sandbox.baseUrl(), "MIRROR_DELAY", "300");
    }

    @Test
    void mirrorsEachList() throws Exception {
        Access access = Mirror.access(environment());
        System.out.println(access.toText());
        database.install(access.readable());
        main = Mirror.prepare("one", database, work.toString(), access, environment());
        main.start();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> database.number("select count(*) from mirrored_lists where complete_at is null") == 0);
        System.out.println(database.rows("select * from mirrored_lists order by name").toString().replace("}, ","},\n"));
        List<Comparison.Difference> differences = Comparison.compare(database, access.lists(), environment());
        System.out.println(database.rows("select json_agg(v)::text from mrr v"));
        System.out.println(database.rows("select json_agg(v)::text from usage_by_metric v"));
        System.out.println(database.rows("select json_agg(v)::text from revenue_by_customer v"));
        System.out.println(database.rows("select json_agg(v)::text from unpaid_invoices v"));
        System.out.println(database.rows("select attname, format_type(atttypid, null) from pg_attribute where attrelid = 'invoices'::regclass and attnum > 0").toString().replace("}, ","},\n"));
        assertThat(differences).allMatch(Comparison.Difference::isNone);
    }
}
