package io.github.camellago.examples.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import javax.sql.DataSource;

/** The database that receives the invoices. */
final class Warehouse {

    private final DataSource database;

    Warehouse(DataSource database) throws SQLException, IOException {
        this.database = database;
        try (InputStream schema = Warehouse.class.getResourceAsStream("/sql/schema.sql");
                Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    long rows() throws SQLException {
        return number("select count(*) from invoices");
    }

    /** The number of exports that repeat the same version of an invoice. */
    long repeated() throws SQLException {
        return number("select count(*) - count(distinct (lago_id, updated_at)) from deliveries");
    }

    /** The time of the last change of each exported invoice, by id. */
    Map<String, Instant> invoices() throws SQLException {
        Map<String, Instant> invoices = new HashMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select lago_id, updated_at from invoices")) {
            while (rows.next()) {
                invoices.put(rows.getString(1), rows.getTimestamp(2).toInstant());
            }
        }
        return invoices;
    }

    /** The number of exports by instance. */
    Map<String, Long> deliveries() throws SQLException {
        Map<String, Long> deliveries = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select instance, count(*) from deliveries group by instance")) {
            while (rows.next()) {
                deliveries.put(rows.getString(1), rows.getLong(2));
            }
        }
        return deliveries;
    }

    private long number(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
