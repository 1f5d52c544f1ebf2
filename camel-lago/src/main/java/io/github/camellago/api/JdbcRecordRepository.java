package io.github.camellago.api;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.ObjectHelper;

/**
 * Stores which version of each record a consumer has processed, in a table with one row for each record. Set it as
 * {@code idempotentRepository}: a consumer with {@code readMode=changed} reads and writes it once per page. It is an ordinary
 * idempotent repository for everything else.
 *
 * <p>The table is created at the start unless it exists. PostgreSQL, MySQL, MariaDB and H2 have statements of their own; other
 * databases are updated with standard SQL. Thread-safe; several instances may share the table.
 */
@Metadata(label = "bean", description = "Stores in a database table which versions of Lago's records have been processed, for large lists", annotations = {
        "interfaceName=org.apache.camel.spi.IdempotentRepository"})
public class JdbcRecordRepository extends ServiceSupport implements RecordRepository, IdempotentRepository {

    private static final String COLUMNS = "list_name, record_key, record_id, version, missed";
    private static final String LEFT_THE_LIST = "2";
    /** The list of the keys that are added as to any idempotent repository. */
    private static final String KEYS = "idempotent";

    private DataSource dataSource;
    private String tableName = "CAMEL_LAGO_RECORD";
    private String createStatement;
    private JdbcRecordTable table;

    public JdbcRecordRepository() {}

    public JdbcRecordRepository(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    protected void doInit() throws Exception {
        ObjectHelper.notNull(dataSource, "dataSource", this);
        JdbcTables.requireName(tableName);
        try (Connection connection = dataSource.getConnection()) {
            table = JdbcRecordTable.open(connection, tableName, createStatement);
        }
    }

    @Override
    public Map<String, Row> find(String list, Collection<String> keys) {
        Map<String, Row> found = new HashMap<>();
        Set<String> asked = Set.copyOf(keys);
        List<String> distinct = List.copyOf(asked);
        run("read", false, connection -> {
            for (int i = 0; i < distinct.size(); i += JdbcRecordTable.ROWS) {
                find(connection, list, distinct.subList(i, Math.min(distinct.size(), i + JdbcRecordTable.ROWS)), found);
            }
        });
        if (!asked.containsAll(found.keySet()) || found.values().stream().anyMatch(row -> !row.list().equals(list))) {
            // a record would go by what was stored for another one, and be left out
            throw new RuntimeCamelException("The columns list_name and record_key of " + tableName
                    + " do not distinguish texts that differ in case: they need a collation that goes by each character");
        }
        return found;
    }

    private void find(Connection connection, String list, List<String> keys, Map<String, Row> found) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM " + tableName + " WHERE list_name = ? AND record_key IN (?"
                + ", ?".repeat(keys.size() - 1) + ")";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, list);
            for (int i = 0; i < keys.size(); i++) {
                statement.setString(i + 2, keys.get(i));
            }
            for (Row row : rows(statement)) {
                found.put(row.key(), row);
            }
        }
    }

    private static List<Row> rows(PreparedStatement statement) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(new Row(result.getString(1), result.getString(2), result.getString(3), result.getLong(4),
                        result.getInt(5)));
            }
        }
        return rows;
    }

    @Override
    public void save(Collection<Row> rows) {
        List<Row> ordered = new ArrayList<>(rows);
        // in the same order everywhere, so that two instances do not block each other
        ordered.sort(Comparator.comparing(Row::list).thenComparing(Row::key));
        try {
            run("write", !table.takesAtOnce(ordered.size()), connection -> save(connection, ordered));
        } catch (RuntimeCamelException e) {
            if (!isConflict(e.getCause())) {
                throw e;
            }
            // another instance wrote the same rows at the same moment
            run("write", !table.takesAtOnce(ordered.size()), connection -> save(connection, ordered));
        }
    }

    private void save(Connection connection, List<Row> rows) throws SQLException {
        Timestamp now = new Timestamp(System.currentTimeMillis());
        for (int i = 0; i < rows.size(); i += JdbcRecordTable.ROWS) {
            table.save(connection, rows.subList(i, Math.min(rows.size(), i + JdbcRecordTable.ROWS)), now);
        }
    }

    /** A duplicate key, or a transaction that the database has rolled back for another one. */
    private static boolean isConflict(Throwable e) {
        return e instanceof SQLException failure && failure.getSQLState() != null
                && (failure.getSQLState().startsWith("23") || failure.getSQLState().startsWith("40"));
    }

    @Override
    public void delete(String list, String key) {
        run("write", false, connection -> {
            try (PreparedStatement statement = connection
                    .prepareStatement("DELETE FROM " + tableName + " WHERE list_name = ? AND record_key = ?")) {
                statement.setString(1, list);
                statement.setString(2, key);
                statement.executeUpdate();
            }
        });
    }

    @Override
    public List<Row> next(String list, String after, int count) {
        List<Row> rows = new ArrayList<>();
        String sql = "SELECT " + COLUMNS + " FROM " + tableName + " WHERE list_name = ? AND record_key > ? AND missed < "
                + LEFT_THE_LIST + " ORDER BY record_key" + table.limit(count);
        run("read", false, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setMaxRows(count);
                statement.setString(1, list);
                statement.setString(2, after == null ? "" : after);
                rows.addAll(rows(statement));
            }
        });
        return rows;
    }

    @Override
    public boolean add(String key) {
        if (contains(key)) {
            return false;
        }
        save(List.of(new Row(KEYS, key, null, 0, 0)));
        return true;
    }

    @Override
    public boolean contains(String key) {
        return !find(KEYS, List.of(key)).isEmpty();
    }

    @Override
    public boolean remove(String key) {
        boolean was = contains(key);
        delete(KEYS, key);
        return was;
    }

    @Override
    public boolean confirm(String key) {
        return true;
    }

    /** Removes all rows. */
    @Override
    public void clear() {
        run("write", false, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM " + tableName);
            }
        });
    }

    @FunctionalInterface
    private interface Work {
        void run(Connection connection) throws SQLException;
    }

    /** @param many whether the work takes several statements, which become one transaction */
    private void run(String what, boolean many, Work work) {
        try (Connection connection = dataSource.getConnection()) {
            boolean auto = connection.getAutoCommit();
            if (auto && many) {
                connection.setAutoCommit(false);
            }
            boolean done = false;
            try {
                work.run(connection);
                if (!auto || many) {
                    connection.commit();
                }
                done = true;
            } finally {
                if (!done && (!auto || many)) {
                    connection.rollback();
                }
                if (auto && many) {
                    connection.setAutoCommit(true);
                }
            }
        } catch (SQLException e) {
            throw new RuntimeCamelException("Cannot " + what + " the processed records in the table " + tableName + ": "
                    + e.getMessage(), e);
        }
    }

    public DataSource getDataSource() {
        return dataSource;
    }

    /** The database. */
    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    public String getTableName() {
        return tableName;
    }

    /** The table's name. */
    public void setTableName(String tableName) {
        this.tableName = tableName;
    }

    public String getCreateStatement() {
        return createStatement;
    }

    /**
     * The statement that creates the table, if the database does not know the types VARCHAR, BIGINT, SMALLINT and TIMESTAMP, or does
     * not distinguish upper and lower case by itself. The columns: list_name and record_key, texts of 255 characters, together the
     * primary key; record_id, a text of 1,000 characters or null; version, a 64-bit integer; missed, an integer; seen_at, a time.
     */
    public void setCreateStatement(String createStatement) {
        this.createStatement = createStatement;
    }
}
