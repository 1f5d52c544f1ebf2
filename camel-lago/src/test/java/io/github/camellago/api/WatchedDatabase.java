package io.github.camellago.api;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.h2.jdbcx.JdbcDataSource;

/** An empty H2 database. A test sees each call to it, and to its connections, before the call is made. */
final class WatchedDatabase {

    /** Gets the name of the method and its first argument. May make the call fail. */
    @FunctionalInterface
    interface Watcher {

        void before(String call) throws SQLException;
    }

    private static int databases;

    private final JdbcDataSource h2 = new JdbcDataSource();
    private final Watcher watcher;
    /** The mode of new connections. */
    boolean autoCommit = true;

    WatchedDatabase(Watcher watcher) {
        this.watcher = watcher;
        h2.setUrl("jdbc:h2:mem:watched" + ++databases + ";DB_CLOSE_DELAY=-1");
    }

    DataSource source() {
        return proxy(DataSource.class, h2);
    }

    /** Executes a statement that the test does not see. */
    void execute(String sql) throws SQLException {
        try (Connection connection = h2.getConnection()) {
            connection.createStatement().execute(sql);
        }
    }

    private <T> T proxy(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, args) -> {
            watcher.before(method.getName() + (args == null ? "" : " " + args[0]));
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
