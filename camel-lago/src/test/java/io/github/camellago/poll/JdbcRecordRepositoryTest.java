package io.github.camellago.poll;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.camellago.api.JdbcRecordRepository;
import io.github.camellago.api.RecordRepository.Row;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.camel.support.service.ServiceHelper;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What {@link JdbcRecordRepository} stores, on each kind of database. On a server too, with its driver in the class path:
 * {@code -Dlago.jdbc.url=jdbc:mariadb://localhost/test?user=…}.
 */
class JdbcRecordRepositoryTest {

    private static final String STATISTICS = " from pg_stat_user_tables where relname = '%s'";

    private static EmbeddedPostgres postgres;
    private static int databases;

    private static final String SERVER = System.getProperty("lago.jdbc.url");

    static Stream<Database> databases() {
        return Stream.of(Database.values()).filter(database -> database != Database.SERVER || SERVER != null);
    }

    /** A database, or one that takes only standard SQL. */
    enum Database {
        POSTGRESQL, H2, H2_AS_MYSQL, STANDARD_SQL, SERVER;

        private DataSource open() {
            if (this == POSTGRESQL) {
                return postgres.getPostgresDatabase();
            }
            if (this == SERVER) {
                return new DriverManagerDataSource(JdbcRecordRepositoryTest.SERVER);
            }
            DataSource h2 = h2(this == H2_AS_MYSQL ? ";MODE=MySQL" : "");
            return this == H2 ? h2 : RenamedDatabase.of(h2, this == H2_AS_MYSQL ? "MySQL" : "Other");
        }
    }

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void storesRowsInPlaceOfEarlierOnes(Database database) {
        JdbcRecordRepository repository = repository(database);
        List<Row> rows = IntStream.range(0, 1200).mapToObj(i -> new Row("list", "k" + i, "id" + i, i + 1, 0)).toList();
        repository.save(rows);
        repository.save(List.of(new Row("list", "k7", null, -7, 1), new Row("other", "k7", "o", 1, 0)));

        List<String> keys = rows.stream().map(Row::key).toList();
        Map<String, Row> found = repository.find("list", keys);
        assertThat(found).hasSize(1200).containsEntry("k7", new Row("list", "k7", null, -7, 1))
                .containsEntry("k8", rows.get(8));
        assertThat(repository.find("other", keys)).containsOnlyKeys("k7");
        repository.delete("list", "k7");
        assertThat(repository.find("list", List.of("k7", "k8"))).containsOnlyKeys("k8");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void listsTheRowsOfAListWithoutThoseThatHaveLeftIt(Database database) {
        JdbcRecordRepository repository = repository(database);
        repository.save(IntStream.range(0, 30).mapToObj(i -> new Row("list", "k" + (10 + i), "i", 1, i % 3)).toList());
        repository.save(List.of(new Row("a", "k1", "i", 1, 0), new Row("z", "k1", "i", 1, 0)));

        List<Row> first = repository.next("list", null, 12);
        List<Row> second = repository.next("list", first.get(11).key(), 12);
        assertThat(first).hasSize(12);
        assertThat(second).hasSize(8);
        assertThat(IntStream.concat(first.stream().mapToInt(Row::missed), second.stream().mapToInt(Row::missed)))
                .allMatch(missed -> missed < 2);
        assertThat(first).extracting(Row::key).isSorted().doesNotContainAnyElementsOf(second.stream().map(Row::key).toList());
    }

    @Test
    void doesNotReadAllRowsForTheNextFew() throws Exception {
        // as with a large table: it is cheaper to sort all rows than to read all of them by the index
        DataSource source = new DriverManagerDataSource(
                postgres.getJdbcUrl("postgres", "postgres") + "&options=-c%20random_page_cost=40");
        String table = "many_records";
        JdbcRecordRepository repository = repository(source, table);
        int rows = 50_000;
        execute("insert into " + table + " select 'list', md5(i::text), 'i', 1, 0, now() from generate_series(1, " + rows
                + ") i");
        execute("analyze " + table);
        int listed = 0;
        for (List<Row> next = repository.next("list", null, 1000); !next.isEmpty(); next = repository.next("list",
                next.get(next.size() - 1).key(), 1000)) {
            listed += next.size();
        }
        assertThat(listed).isEqualTo(rows);
        await().until(() -> query("select seq_tup_read + idx_tup_fetch" + STATISTICS.formatted(table)) >= rows);
        assertThat(query("select seq_tup_read" + STATISTICS.formatted(table))).isLessThan(10L * rows);
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            connection.createStatement().execute(sql);
        }
    }

    private static long query(String sql) throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void isAnOrdinaryIdempotentRepositoryToo(Database database) {
        JdbcRecordRepository repository = repository(database);
        assertThat(repository.add("a")).isTrue();
        assertThat(repository.add("a")).isFalse();
        assertThat(repository.contains("a")).isTrue();
        assertThat(repository.contains("A")).isFalse();
        assertThat(repository.confirm("a")).isTrue();
        assertThat(repository.remove("a")).isTrue();
        assertThat(repository.remove("a")).isFalse();
        repository.add("b");
        repository.clear();
        assertThat(repository.contains("b")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void severalInstancesWriteTheSameRowsAtTheSameTime(Database database) {
        JdbcRecordRepository repository = repository(database);
        List<CompletableFuture<Void>> writers = IntStream.range(1, 5).mapToObj(writer -> CompletableFuture.runAsync(() -> {
            for (int round = 0; round < 20; round++) {
                repository.save(IntStream.range(0, 50).mapToObj(i -> new Row("list", "k" + i, "i", writer, 0)).toList());
            }
        })).toList();
        writers.forEach(CompletableFuture::join);

        assertThat(repository.next("list", null, 100)).hasSize(50);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void twoInstancesShareATable(Database database) {
        DataSource source = database.open();
        String table = "shared_" + ++databases;
        repository(source, table).save(List.of(new Row("list", "a", "i", 5, 0)));
        assertThat(repository(source, table).find("list", List.of("a", "b"))).containsOnlyKeys("a");
    }

    @Test
    void createsItsTableInATransactionThatItCommits() {
        // PostgreSQL takes nothing more in a transaction in which a statement has failed
        DataSource source = new DelegatingDataSource(postgres.getPostgresDatabase()) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                connection.setAutoCommit(false);
                return connection;
            }
        };
        repository(source, "transactional").save(List.of(new Row("list", "a", "i", 5, 0)));

        assertThat(repository(source, "transactional").find("list", List.of("a", "b"))).containsOnlyKeys("a");
    }

    @Test
    void refusesATableOfAnotherKind() throws Exception {
        DataSource h2 = h2("");
        try (Connection connection = h2.getConnection()) {
            connection.createStatement().execute("CREATE TABLE CAMEL_LAGO_RECORD (name VARCHAR(10))");
        }
        assertThatThrownBy(() -> ServiceHelper.initService(new JdbcRecordRepository(h2)))
                .hasStackTraceContaining("The table CAMEL_LAGO_RECORD does not have the columns that it needs: list_name");
    }

    @Test
    void saysHowToCreateATableThatItMayNotCreate() {
        JdbcRecordRepository repository = new JdbcRecordRepository(h2(""));
        repository.setCreateStatement("CREATE THE TABLE");
        assertThatThrownBy(() -> ServiceHelper.initService(repository))
                .hasStackTraceContaining("Create it yourself, or set createStatement");
    }

    @Test
    void refusesANameThatIsNoTablesName() {
        JdbcRecordRepository repository = new JdbcRecordRepository(h2(""));
        repository.setTableName("a; DROP TABLE b");
        assertThatThrownBy(() -> ServiceHelper.initService(repository)).hasStackTraceContaining("is not a table's name");
    }

    @Test
    void refusesATableThatTakesTwoTextsForTheSame() {
        JdbcRecordRepository repository = repository(h2(";IGNORECASE=TRUE"), "caseless");
        repository.save(List.of(new Row("list", "a", "i", 1, 0)));
        assertThatThrownBy(() -> repository.find("list", List.of("A"))).hasMessageContaining("need a collation");
    }

    private static DataSource h2(String options) {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setUrl("jdbc:h2:mem:records" + ++databases + ";DB_CLOSE_DELAY=-1" + options);
        return h2;
    }

    private static JdbcRecordRepository repository(Database database) {
        return repository(database.open(), "records_" + ++databases);
    }

    private static JdbcRecordRepository repository(DataSource database, String table) {
        JdbcRecordRepository repository = new JdbcRecordRepository(database);
        repository.setTableName(table);
        ServiceHelper.initService(repository);
        return repository;
    }
}
