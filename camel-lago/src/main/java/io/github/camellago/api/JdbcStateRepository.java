package io.github.camellago.api;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.ObjectHelper;

/**
 * Stores the offsets of a consumer in a table, so that several instances share them. The table is created at the start unless it exists:
 * {@code CAMEL_LAGO_OFFSET (name VARCHAR(255) NOT NULL PRIMARY KEY, position TEXT NOT NULL)}, on MySQL and MariaDB with
 * {@code LONGTEXT}, as {@code TEXT} ends at 64 kB there, and case-sensitive names. Thread-safe.
 */
@Metadata(label = "bean", description = "Keeps a Lago consumer's offsets in a database table", annotations = {
        "interfaceName=org.apache.camel.spi.StateRepository"})
public class JdbcStateRepository extends ServiceSupport implements StateRepository<String, String> {

    private DataSource dataSource;
    private String tableName = "CAMEL_LAGO_OFFSET";
    private String createStatement;

    public JdbcStateRepository() {}

    public JdbcStateRepository(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    protected void doInit() throws Exception {
        ObjectHelper.notNull(dataSource, "dataSource", this);
        JdbcTables.requireName(tableName);
        try (Connection connection = dataSource.getConnection()) {
            JdbcTables.create(connection, tableName, createStatement(connection));
        }
    }

    private String createStatement(Connection connection) throws SQLException {
        if (createStatement != null) {
            return createStatement;
        }
        String product = connection.getMetaData().getDatabaseProductName();
        boolean mysql = List.of("MySQL", "MariaDB").contains(product);
        return "CREATE TABLE " + tableName + " (name VARCHAR(255) "
                + (mysql ? "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin " : "")
                + "NOT NULL PRIMARY KEY, position " + (mysql ? "LONGTEXT" : "TEXT") + " NOT NULL)";
    }

    @Override
    public void setState(String key, String value) {
        try (Connection connection = dataSource.getConnection()) {
            if (!execute(connection, "UPDATE " + tableName + " SET position = ? WHERE name = ?", value, key)) {
                insert(connection, key, value);
            }
        } catch (SQLException e) {
            throw new RuntimeCamelException("Cannot store the offset of " + key + " in " + tableName, e);
        }
    }

    private void insert(Connection connection, String key, String value) throws SQLException {
        try {
            execute(connection, "INSERT INTO " + tableName + " (position, name) VALUES (?, ?)", value, key);
        } catch (SQLException e) {
            // another instance may have been faster
            JdbcTables.rollback(connection);
            // or a driver counts the rows that it changed, and the value was there
            if (!value.equals(find(connection, key))
                    && !execute(connection, "UPDATE " + tableName + " SET position = ? WHERE name = ?", value, key)) {
                throw e;
            }
        }
    }

    private static boolean execute(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            boolean changed = statement.executeUpdate() > 0;
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return changed;
        }
    }

    @Override
    public String getState(String key) {
        try (Connection connection = dataSource.getConnection()) {
            return find(connection, key);
        } catch (SQLException e) {
            throw new RuntimeCamelException("Cannot read the offset of " + key + " from " + tableName, e);
        }
    }

    private String find(Connection connection, String key) throws SQLException {
        try (PreparedStatement statement = connection
                .prepareStatement("SELECT name, position FROM " + tableName + " WHERE name = ?")) {
            statement.setString(1, key);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                String name = rows.getString(1);
                if (!name.equals(key)) {
                    // the two lists would share an offset, and new records would be missed
                    throw new RuntimeCamelException(
                            "The column name of " + tableName + " does not distinguish " + key + " from " + name
                                    + ": it needs a collation that goes by each character, and by its case");
                }
                return rows.getString(2);
            }
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
     * The statement that creates the table, if the database does not have the types VARCHAR and TEXT, or ignores the case of letters. The table needs a
     * primary key called name, for texts of 255 characters, and a column called position, for texts of 400 kB and more. Derby and HSQLDB have CLOB for such
     * texts.
     */
    public void setCreateStatement(String createStatement) {
        this.createStatement = createStatement;
    }
}
