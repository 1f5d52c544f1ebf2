package io.github.camellago.api;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.github.camellago.api.RecordRepository.Row;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The transactions of {@link JdbcRecordRepository}, and what it does about conflicts with other instances. */
class JdbcRecordTransactionsTest {

    private static int databases;

    private final JdbcDataSource h2 = new JdbcDataSource();
    private final List<String> calls = new ArrayList<>();
    private final List<SQLException> failures = new ArrayList<>();
    private boolean autoCommit = true;
    private JdbcRecordRepository repository;

    @BeforeEach
    void open() {
        h2.setUrl("jdbc:h2:mem:transactions" + ++databases + ";DB_CLOSE_DELAY=-1");
        repository = new JdbcRecordRepository(proxy(DataSource.class, h2));
        repository.init();
        calls.clear();
    }

    @ParameterizedTest
    @CsvSource({"true, 500, ''", "true, 501, 'setAutoCommit false,commit,setAutoCommit true'", "false, 1, commit",
            "false, 501, commit"})
    void severalStatementsAreOneTransaction(boolean auto, int rows, String expected) {
        autoCommit = auto;
        repository.save(rows(rows));

        assertThat(String.join(",", calls)).isEqualTo(expected);
        assertThat(repository.next("list", null, 1000)).hasSize(rows);
    }

    @ParameterizedTest
    @CsvSource({"true, 1, ''", "true, 501, 'setAutoCommit false,rollback,setAutoCommit true'", "false, 1, rollback"})
    void aFailureRollsBack(boolean auto, int rows, String expected) {
        autoCommit = auto;
        failures.add(new SQLException("no space", "53100"));

        assertThatThrownBy(() -> repository.save(rows(rows)))
                .hasMessageContaining("Cannot write the processed records in the table CAMEL_LAGO_RECORD: no space");
        assertThat(String.join(",", calls)).isEqualTo(expected);
        assertThat(repository.next("list", null, 1000)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"23505, 1, true", "40001, 1, true", "40001, 2, false", "42000, 1, false", ", 1, false"})
    void aConflictWithAnotherInstanceIsRepeatedOnce(String state, int times, boolean stored) {
        failures.addAll(IntStream.range(0, times).mapToObj(i -> new SQLException("conflict", state)).toList());
        if (stored) {
            repository.save(rows(3));
        } else {
            assertThatThrownBy(() -> repository.save(rows(3))).hasMessageContaining("conflict");
        }

        assertThat(failures).isEmpty();
        assertThat(repository.next("list", null, 1000)).hasSize(stored ? 3 : 0);
    }

    @Test
    void aConflictInATransactionRepeatsAllOfIt() {
        failures.add(new SQLException("deadlock", "40P01"));
        repository.save(rows(501));

        assertThat(calls).containsExactly("setAutoCommit false", "rollback", "setAutoCommit true", "setAutoCommit false",
                "commit", "setAutoCommit true");
        assertThat(repository.next("list", null, 1000)).hasSize(501);
    }

    private static List<Row> rows(int count) {
        return IntStream.range(0, count).mapToObj(i -> new Row("list", "k" + i, null, 1, 0)).toList();
    }

    private <T> T proxy(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, args) -> {
            String call = method.getName() + (args == null ? "" : " " + args[0]);
            if (List.of("commit", "rollback").contains(call) || call.startsWith("setAutoCommit")) {
                calls.add(call);
            }
            if (call.startsWith("prepareStatement MERGE") && !failures.isEmpty()) {
                throw failures.remove(0);
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
