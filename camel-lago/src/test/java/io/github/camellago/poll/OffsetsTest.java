package io.github.camellago.poll;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

import io.github.camellago.LogCapture;
import io.github.camellago.api.JdbcStateRepository;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.apache.logging.log4j.Level;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The stores of the offsets of {@code readMode=new}. */
class OffsetsTest extends PollingTestSupport {

    private static final String BY_CUSTOMER = "lago:customers/{external_customer_id}/invoices?path.external_customer_id=*";

    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<String> statements = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"H2", "MySQL", "MariaDB"})
    void aTableStoresTheOffsetOfEachList(String product) throws Exception {
        DataSource database = database(product);
        JdbcStateRepository offsets = new JdbcStateRepository(database);
        customer("acme");
        customer("ACME");
        read(BY_CUSTOMER, offsets);
        await().until(() -> got.size() == 2);
        await().until(() -> offsets.getState("customers/acme/invoices") != null
                && offsets.getState("customers/ACME/invoices") != null);

        context.getRouteController().stopRoute("reading");
        context.removeRoute("reading");
        invoice("acme");
        read(BY_CUSTOMER + "&perPage=50", new JdbcStateRepository(database));
        await().until(() -> got.size() == 3);
        polls(3);
        assertThat(got).hasSize(3);
        assertThat(statements).singleElement().isEqualTo("CREATE TABLE CAMEL_LAGO_OFFSET (name VARCHAR(255) "
                + (product.equals("H2")
                        ? "NOT NULL PRIMARY KEY, position TEXT NOT NULL)"
                        : "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY, position LONGTEXT NOT NULL)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "MySQL"})
    void aTableStoresALongOffsetHoweverOften(String product) throws Exception {
        JdbcStateRepository offsets = new JdbcStateRepository(database(product));
        offsets.start();
        String position = "x".repeat(400_000);

        offsets.setState("invoices", "x");
        offsets.setState("invoices", position);
        offsets.setState("invoices", position);
        assertThat(offsets.getState("invoices")).isEqualTo(position);
    }

    @Test
    void refusesATableThatTakesTwoListsForOne() throws Exception {
        JdbcStateRepository offsets = new JdbcStateRepository(database("H2"));
        offsets.setTableName("positions");
        offsets.setCreateStatement(
                "CREATE TABLE positions (name VARCHAR_IGNORECASE(255) NOT NULL PRIMARY KEY, position CLOB NOT NULL)");
        customer("acme");
        read(BY_CUSTOMER, offsets);
        await().until(() -> got.size() == 1);
        await().until(() -> offsets.getState("customers/acme/invoices") != null);

        customer("ACME");
        await().until(
                () -> failures.stream()
                        .anyMatch(("The column name of positions does not distinguish customers/ACME/invoices from"
                                + " customers/acme/invoices: it needs a collation that goes by each character, and by its case")::equals));
    }

    @Test
    void warnsOnceOfAnUnreadableOffsetAndReadsTheListAgain() throws Exception {
        String cutOff = "1;1767225600000;17672";
        MemoryStateRepository offsets = new MemoryStateRepository() {
            @Override
            public void setState(String key, String value) {
                super.setState(key, value.substring(0, Math.min(value.length(), cutOff.length())));
            }
        };
        offsets.start();
        offsets.setState("customers", cutOff);
        add(3);
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            read("lago:customers?perPage=50", offsets);
            await().until(() -> got.size() >= 3);
            polls(3);

            Collection<String> warnings = log.lines().stream().filter(line -> line.contains("offsetRepository")).toList();
            assertThat(warnings).singleElement().asString().contains("WARN", "The offset of customers ").doesNotContain(cutOff);
        }
        assertThat(got).contains("x0", "x1", "x2");
    }

    @ParameterizedTest
    @CsvSource({"new, false, true", "new, true, false", "changed, false, false"})
    void warnsOfARepositoryWithoutOffsets(String mode, boolean withOffsets, boolean warned) throws Exception {
        context.getRegistry().bind("records", new MemoryIdempotentRepository());
        context.getRegistry().bind("offsets", new MemoryStateRepository());
        try (LogCapture log = LogCapture.from(Level.WARN)) {
            from("lago:customers?startScheduler=false&idempotentRepository=#records&readMode=" + mode
                    + (withOffsets ? "&offsetRepository=#offsets" : ""), exchange -> {});

            assertThat(log.lines().stream().filter(line -> line.contains("without an offsetRepository")))
                    .hasSize(warned ? 1 : 0);
        }
    }

    private void read(String uri, Object offsets) throws Exception {
        context.getRegistry().bind("offsets", offsets);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class).handled(true).process(
                        exchange -> failures
                                .add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class).getMessage()));
                from(uri + "&readMode=new&offsetRepository=#offsets&bridgeErrorHandler=true&delay=20&initialDelay=0")
                        .routeId("reading").process(exchange -> got.add(String.valueOf(name(exchange))));
            }
        });
    }

    private void customer(String externalId) {
        sandbox.add("customers", Map.of("external_id", externalId));
        invoice(externalId);
    }

    private void invoice(String customer) {
        sandbox.add("invoices", Map.of("customer", Map.of("external_id", customer)));
    }

    /** H2, in the dialect of a database, under its name, and counting rows as its driver may: only those that are no longer as they were. */
    private DataSource database(String product) {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + (product.equals("H2") ? "" : ";MODE=" + product));
        return before(DataSource.class, h2, Map.of("getConnection", (connection, args) -> connection(product, connection)));
    }

    private Object connection(String product, Object connection) {
        return before(Connection.class, connection, Map.of(
                "getMetaData",
                (metadata, args) -> before(DatabaseMetaData.class, metadata,
                        Map.of("getDatabaseProductName", (name, none) -> product)),
                "createStatement", (statement, args) -> before(Statement.class, statement, Map.of("execute", (result, sql) -> {
                    statements.add((String) sql[0]);
                    return result;
                })),
                "prepareStatement", (statement, args) -> product.equals("H2") || !args[0].toString().startsWith("UPDATE")
                        ? statement
                        : changing((Connection) connection, args[0] + " AND position <> ?")));
    }

    private static Object changing(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        return before(PreparedStatement.class, statement, Map.of("setString", (result, args) -> {
            if (args[0].equals(1)) {
                statement.setString(3, (String) args[1]);
            }
            return result;
        }));
    }

    private interface After {

        Object result(Object result, Object[] args) throws SQLException;
    }

    /** Something that stands before a target, and makes something else of the results of some of its methods. */
    private static <T> T before(Class<T> type, Object target, Map<String, After> methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, args) -> {
            try {
                return methods.getOrDefault(method.getName(), (result, same) -> result).result(method.invoke(target, args),
                        args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
