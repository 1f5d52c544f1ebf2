package io.github.camellago.api;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What {@link JdbcStateRepository} stores when instances share its table. */
class JdbcStateRepositoryTest {

    private final WatchedDatabase database = new WatchedDatabase(this::watch);
    private String beforeInsert;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void storesOnePositionForEachList(boolean auto) {
        database.autoCommit = auto;
        JdbcStateRepository offsets = repository();
        assertThat(offsets.getState("a")).isNull();
        offsets.setState("a", "1");
        offsets.setState("b", "2");
        offsets.setState("a", "3");

        assertThat(repository().getState("a")).isEqualTo("3");
        assertThat(repository().getState("b")).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "true, 2", "false, 1", "false, 2"})
    void theLastOneWinsIfAnotherInstanceStoresTheFirstPositionAtTheSameTime(boolean auto, String others) {
        JdbcStateRepository offsets = repository();
        database.autoCommit = auto;
        beforeInsert = "INSERT INTO CAMEL_LAGO_OFFSET (name, position) VALUES ('a', '" + others + "')";
        offsets.setState("a", "2");

        assertThat(repository().getState("a")).isEqualTo("2");
    }

    @Test
    void saysWhichPositionCannotBeStoredOrRead() throws SQLException {
        JdbcStateRepository offsets = new JdbcStateRepository(database.source());
        offsets.setCreateStatement("CREATE TABLE CAMEL_LAGO_OFFSET (name VARCHAR(9) PRIMARY KEY, position VARCHAR(3))");
        offsets.init();
        assertThatThrownBy(() -> offsets.setState("a", "1234"))
                .hasMessageStartingWith("Cannot store the offset of a in CAMEL_LAGO_OFFSET");
        offsets.setState("a", "123");
        database.execute("DROP TABLE CAMEL_LAGO_OFFSET");
        assertThatThrownBy(() -> offsets.setState("a", "1"))
                .hasMessageStartingWith("Cannot store the offset of a in CAMEL_LAGO_OFFSET");
        assertThatThrownBy(() -> offsets.getState("a"))
                .hasMessageStartingWith("Cannot read the offset of a from CAMEL_LAGO_OFFSET");
    }

    @Test
    void createsItsTableByTheGivenStatement() {
        JdbcStateRepository offsets = new JdbcStateRepository();
        assertThatThrownBy(offsets::init).hasMessageContaining("dataSource");
        JdbcStateRepository named = new JdbcStateRepository(database.source());
        named.setTableName("positions; DROP TABLE x");
        assertThatThrownBy(named::init).hasStackTraceContaining("is not a table's name");
        named = new JdbcStateRepository(database.source());
        named.setTableName("positions");
        named.setCreateStatement("CREATE TABLE positions (name VARCHAR(99) NOT NULL PRIMARY KEY, position CLOB NOT NULL)");
        named.init();
        named.setState("a", "1");

        assertThat(named.getState("a")).isEqualTo("1");
    }

    private JdbcStateRepository repository() {
        JdbcStateRepository repository = new JdbcStateRepository(database.source());
        repository.init();
        return repository;
    }

    private void watch(String call) throws SQLException {
        if (beforeInsert != null && call.startsWith("prepareStatement INSERT")) {
            database.execute(beforeInsert);
            beforeInsert = null;
        }
    }
}
