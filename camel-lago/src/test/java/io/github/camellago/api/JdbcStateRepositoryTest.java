package io.github.camellago.api;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What {@link JdbcStateRepository} stores when instances share its table. */
class JdbcStateRepositoryTest {

    private static int databases;

    private final JdbcDataSource h2 = new JdbcDataSource();
    private String beforeInsert;
    private boolean autoCommit = true;

    @BeforeEach
    void open() {
        h2.setUrl("jdbc:h2:mem:states" + ++databases + ";DB_CLOSE_DELAY=-1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void storesOnePositionForEachList(boolean auto) {
        autoCommit = auto;
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
        autoCommit = auto;
        beforeInsert = "INSERT INTO CAMEL_LAGO_OFFSET (name, position) VALUES ('a', '" + others + "')";
        offsets.setState("a", "2");

        assertThat(repository().getState("a")).isEqualTo("2");
    }

    @Test
    void saysWhichPositionCannotBeStoredOrRead() throws SQLException {
        JdbcStateRepository offsets = new JdbcStateRepository(source());
        offsets.setCreateStatement("CREATE TABLE CAMEL_LAGO_OFFSET (name VARCHAR(9) PRIMARY KEY, position VARCHAR(3))");
        offsets.init();
        assertThatThrownBy(() -> offsets.setState("a", "1234"))
                .hasMessageStartingWith("Cannot store the offset of a in CAMEL_LAGO_OFFSET");
        offsets.setState("a", "123");
        try (Connection connection = h2.getConnection()) {
            connection.createStatement().execute("DROP TABLE CAMEL_LAGO_OFFSET");
        }
        assertThatThrownBy(() -> offsets.setState("a", "1"))
                .hasMessageStartingWith("Cannot store the offset of a in CAMEL_LAGO_OFFSET");
        assertThatThrownBy(() -> offsets.getState("a"))
                .hasMessageStartingWith("Cannot read the offset of a from CAMEL_LAGO_OFFSET");
    }

    @Test
    void createsItsTableByTheGivenStatement() {
        JdbcStateRepository offsets = new JdbcStateRepository();
        assertThatThrownBy(offsets::init).hasMessageContaining("dataSource");
        JdbcStateRepository named = new JdbcStateRepository(source());
        named.setTableName("positions; DROP TABLE x");
        assertThatThrownBy(named::init).hasStackTraceContaining("is not a table's name");
        named = new JdbcStateRepository(source());
        named.setTableName("positions");
        named.setCreateStatement("CREATE TABLE positions (name VARCHAR(99) NOT NULL PRIMARY KEY, position CLOB NOT NULL)");
        named.init();
        named.setState("a", "1");

        assertThat(named.getState("a")).isEqualTo("1");
    }

    private JdbcStateRepository repository() {
        JdbcStateRepository repository = new JdbcStateRepository(source());
        repository.init();
        return repository;
    }

    private DataSource source() {
        return proxy(DataSource.class, h2);
    }

    private <T> T proxy(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, args) -> {
            if (beforeInsert != null && args != null && args[0].toString().startsWith("INSERT")) {
                try (Connection other = h2.getConnection()) {
                    other.createStatement().execute(beforeInsert);
                }
                beforeInsert = null;
            }
            try {
                Object result = method.invoke(target, args);
                if (!(result instanceof Connection connection)) {
                    return result;
                }
                connection.setAutoCommit(autoCommit);
                return proxy(Connection.class, connection);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
