package io.github.camellago.api;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;

import io.github.camellago.api.RecordRepository.Row;

/** The table of a {@link JdbcRecordRepository}: creates it, and knows how its database replaces rows. */
final class JdbcRecordTable {

    /** The maximum number of rows of one statement. */
    static final int ROWS = 500;

    private static final String COLUMNS = "list_name, record_key, record_id, version, missed, seen_at";
    private static final String VALUES = "(?, ?, ?, ?, ?, ?)";
    private static final int LONGEST_ID = 1000;

    /** How rows are replaced. */
    private enum Dialect {
        POSTGRESQL, MYSQL, H2, STANDARD;

        private static Dialect of(Connection connection) throws SQLException {
            return switch (connection.getMetaData().getDatabaseProductName()) {
                case "PostgreSQL" -> POSTGRESQL;
                case "MySQL", "MariaDB" -> MYSQL;
                case "H2" -> H2;
                default -> STANDARD;
            };
        }
    }

    private final String name;
    private final Dialect dialect;

    private JdbcRecordTable(String name, Dialect dialect) {
        this.name = name;
        this.dialect = dialect;
    }

    /**
     * Opens the table; creates it unless it exists.
     *
     * @param  create                the statement that creates it; null for the database's own
     * @throws IllegalStateException if the table can neither be used nor be created
     */
    static JdbcRecordTable open(Connection connection, String name, String create) throws SQLException {
        JdbcRecordTable table = new JdbcRecordTable(name, Dialect.of(connection));
        JdbcTables.create(connection, name, create == null ? table.createStatement() : create);
        SQLException failure = JdbcTables.failure(connection, name, COLUMNS);
        if (failure != null) {
            throw new IllegalStateException("The table " + name + " does not have the columns that it needs: " + COLUMNS
                    + ". Set another tableName, or drop the table: " + failure.getMessage(), failure);
        }
        return table;
    }

    private String createStatement() {
        boolean mysql = dialect == Dialect.MYSQL;
        String exact = mysql ? " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" : "";
        return "CREATE TABLE " + name + " (list_name VARCHAR(255)" + exact + " NOT NULL, record_key VARCHAR(255)" + exact
                + " NOT NULL, record_id VARCHAR(" + LONGEST_ID + ")" + exact + ", version BIGINT NOT NULL,"
                + " missed SMALLINT NOT NULL, seen_at " + (mysql ? "DATETIME" : "TIMESTAMP") + " NOT NULL,"
                + " PRIMARY KEY (list_name, record_key))";
    }

    /** The clause for the first rows only. Without it, PostgreSQL sorts all rows, as it does not know how many are wanted. */
    String limit(int rows) {
        return dialect == Dialect.STANDARD ? "" : " LIMIT " + rows;
    }

    /** Whether so many rows are stored by one statement. */
    boolean takesAtOnce(int rows) {
        return rows <= ROWS && dialect != Dialect.STANDARD;
    }

    /** Stores rows in place of those with the same list and key, in few round trips. */
    void save(Connection connection, List<Row> rows, Timestamp now) throws SQLException {
        if (dialect == Dialect.STANDARD) {
            updateOrInsert(connection, rows, now);
            return;
        }
        String all = VALUES + (", " + VALUES).repeat(rows.size() - 1);
        String sql = switch (dialect) {
            case MYSQL -> "INSERT INTO " + name + " (" + COLUMNS + ") VALUES " + all
                    + " ON DUPLICATE KEY UPDATE record_id = VALUES(record_id), version = VALUES(version),"
                    + " missed = VALUES(missed), seen_at = VALUES(seen_at)";
            case H2 -> "MERGE INTO " + name + " (" + COLUMNS + ") KEY (list_name, record_key) VALUES " + all;
            default -> "INSERT INTO " + name + " (" + COLUMNS + ") VALUES " + all
                    + " ON CONFLICT (list_name, record_key) DO UPDATE SET record_id = EXCLUDED.record_id,"
                    + " version = EXCLUDED.version, missed = EXCLUDED.missed, seen_at = EXCLUDED.seen_at";
        };
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = 1;
            for (Row row : rows) {
                statement.setString(at++, row.list());
                statement.setString(at++, row.key());
                at = setValues(statement, at, row, now);
            }
            statement.executeUpdate();
        }
    }

    private static int setValues(PreparedStatement statement, int from, Row row, Timestamp now) throws SQLException {
        int at = from;
        statement.setString(at++, row.id() != null && row.id().length() > LONGEST_ID ? null : row.id());
        statement.setLong(at++, row.version());
        statement.setInt(at++, row.missed());
        statement.setTimestamp(at++, now);
        return at;
    }

    private void updateOrInsert(Connection connection, List<Row> rows, Timestamp now) throws SQLException {
        List<Row> missing = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("UPDATE " + name
                + " SET record_id = ?, version = ?, missed = ?, seen_at = ? WHERE list_name = ? AND record_key = ?")) {
            for (Row row : rows) {
                int at = setValues(statement, 1, row, now);
                statement.setString(at, row.list());
                statement.setString(at + 1, row.key());
                statement.addBatch();
            }
            int[] updated = statement.executeBatch();
            for (int i = 0; i < rows.size(); i++) {
                if (updated[i] == 0) {
                    missing.add(rows.get(i));
                }
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection
                .prepareStatement("INSERT INTO " + name + " (" + COLUMNS + ") VALUES " + VALUES)) {
            for (Row row : missing) {
                statement.setString(1, row.list());
                statement.setString(2, row.key());
                setValues(statement, 3, row, now);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
