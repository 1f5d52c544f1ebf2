package io.github.camellago.examples.warehouse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The database that receives the records. */
final class Database implements AutoCloseable {

    private final HikariDataSource dataSource = new HikariDataSource();
    private final JdbcTemplate sql = new JdbcTemplate(dataSource);

    Database(String url) {
        dataSource.setJdbcUrl(url);
        dataSource.setMaximumPoolSize(8);
    }

    HikariDataSource dataSource() {
        return dataSource;
    }

    /** Creates the functions, the tables of the lists, and the views. Several instances may do so at the same time. */
    void install(Map<MirroredList, Integer> lists) throws SQLException, IOException {
        try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(1)");
            statement.execute(script("/sql/mirror.sql"));
            statement.execute(script("/sql/views.sql"));
            statement.execute("select create_views()");
            connection.commit();
        }
        lists.forEach((list, expected) -> sql.queryForList("select add_list(?, ?)", list.table(), expected));
    }

    private static String script(String name) throws IOException {
        try (InputStream script = Database.class.getResourceAsStream(name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Takes the key and the record of a row. */
    interface RowHandler {
        void handle(String key, String record) throws IOException;
    }

    /** Reads the rows of a table that are not marked as deleted. */
    void forEachRecord(String table, RowHandler handler) throws SQLException, IOException {
        try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(1000);
            ResultSet rows = statement
                    .executeQuery("select row_key, cast(record as text) from \"" + table + "\" where deleted_at is null");
            while (rows.next()) {
                handler.handle(rows.getString(1), rows.getString(2));
            }
            connection.commit();
        }
    }

    void execute(String statement) {
        sql.execute(statement);
    }

    long number(String query) {
        return sql.queryForObject(query, Long.class);
    }

    List<Map<String, Object>> rows(String query) {
        return sql.queryForList(query);
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
