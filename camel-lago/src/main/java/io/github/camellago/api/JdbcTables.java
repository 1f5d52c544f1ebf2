package io.github.camellago.api;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Tables of the JDBC stores: checks their names, and creates them unless they exist. */
final class JdbcTables {

    private JdbcTables() {}

    static void requireName(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
            throw new IllegalArgumentException("The tableName " + name + " is not a table's name");
        }
    }

    /**
     * Creates a table unless it exists.
     *
     * @throws IllegalStateException if the table cannot be created
     */
    static void create(Connection connection, String name, String create) throws SQLException {
        if (failure(connection, name, "1") == null) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(create);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        } catch (SQLException e) {
            // another instance may have been faster
            rollback(connection);
            if (failure(connection, name, "1") != null) {
                throw new IllegalStateException("The table " + name + " does not exist and cannot be created: " + e.getMessage()
                        + ". Create it yourself, or set createStatement to what your database takes: " + create, e);
            }
        }
    }

    /** Why columns of a table cannot be read, or null if they can. */
    static SQLException failure(Connection connection, String name, String columns) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT " + columns + " FROM " + name + " WHERE 1 = 0").close();
            return null;
        } catch (SQLException e) {
            rollback(connection);
            return e;
        }
    }

    static void rollback(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }
}
