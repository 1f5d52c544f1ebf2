package io.github.camellago.poll;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;

import javax.sql.DataSource;

/** A database that goes by another product name. */
final class RenamedDatabase {

    private RenamedDatabase() {}

    static DataSource of(DataSource database, String product) {
        return proxy(DataSource.class, database, "getConnection",
                connection -> proxy(Connection.class, connection, "getMetaData",
                        metadata -> proxy(DatabaseMetaData.class, metadata, "getDatabaseProductName", name -> product)));
    }

    private interface Replacement {
        Object of(Object result);
    }

    private static <T> T proxy(Class<T> type, Object target, String method, Replacement replacement) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, called, args) -> {
            try {
                Object result = called.invoke(target, args);
                return called.getName().equals(method) ? replacement.of(result) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
