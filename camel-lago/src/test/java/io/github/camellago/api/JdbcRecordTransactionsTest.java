package io.github.camellago.api;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.github.camellago.api.RecordRepository.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The transactions of {@link JdbcRecordRepository}, and what it does about conflicts with other instances. */
class JdbcRecordTransactionsTest {

    private final WatchedDatabase database = new WatchedDatabase(this::watch);
    private final List<String> calls = new ArrayList<>();
    private final List<SQLException> failures = new ArrayList<>();
    private JdbcRecordRepository repository;

    @BeforeEach
    void open() {
        repository = new JdbcRecordRepository(database.source());
        repository.init();
        calls.clear();
    }

    @ParameterizedTest
    @CsvSource({"true, 500, ''", "true, 501, 'setAutoCommit false,commit,setAutoCommit true'", "false, 1, commit",
            "false, 501, commit"})
    void severalStatementsAreOneTransaction(boolean auto, int rows, String expected) {
        database.autoCommit = auto;
        repository.save(rows(rows));

        assertThat(String.join(",", calls)).isEqualTo(expected);
        assertThat(repository.next("list", null, 1000)).hasSize(rows);
    }

    @ParameterizedTest
    @CsvSource({"true, 1, ''", "true, 501, 'setAutoCommit false,rollback,setAutoCommit true'", "false, 1, rollback"})
    void aFailureRollsBack(boolean auto, int rows, String expected) {
        database.autoCommit = auto;
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

    private void watch(String call) throws SQLException {
        if (List.of("commit", "rollback").contains(call) || call.startsWith("setAutoCommit")) {
            calls.add(call);
        }
        if (call.startsWith("prepareStatement MERGE") && !failures.isEmpty()) {
            throw failures.remove(0);
        }
    }
}
