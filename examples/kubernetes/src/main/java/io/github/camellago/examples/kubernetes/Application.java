package io.github.camellago.examples.kubernetes;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.camellago.api.JdbcRecordRepository;
import org.apache.camel.cluster.CamelClusterService;
import org.apache.camel.component.file.cluster.FileLockClusterService;
import org.apache.camel.component.kubernetes.cluster.KubernetesClusterService;
import org.apache.camel.component.kubernetes.cluster.LeaseResourceType;
import org.apache.camel.main.Main;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;
import org.postgresql.ds.PGSimpleDataSource;

/** One replica. */
public final class Application {

    private Application() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> environment = System.getenv();
        DataSource database = database(environment);
        Main main = new Main();
        main.bind("database", database);
        main.bind("webhooks", new JdbcMessageIdRepository(database, "webhooks"));
        main.bind("records", new JdbcRecordRepository(database));
        main.bind("cluster", cluster(environment));
        main.configure().addRoutesBuilder(new UsageRoute());
        main.configure().addRoutesBuilder(new BillingRoutes());
        main.run();
    }

    private static DataSource database(Map<String, String> environment) throws SQLException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(environment.get("DATABASE_URL"));
        database.setUser(environment.get("DATABASE_USER"));
        database.setPassword(environment.get("DATABASE_PASSWORD"));
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
            // the replicas start at the same time: one after the other creates the tables
            connection.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(81273)");
            statement.execute("create table if not exists webhooks (unique_key text primary key, type text, object_id text)");
            statement.execute("create table if not exists invoices (lago_id text primary key, invoice text)");
            statement.execute("create table if not exists camel_messageprocessed (processorname varchar(255), "
                    + "messageid varchar(100), createdat timestamp, primary key (processorname, messageid))");
            connection.commit();
        }
        return database;
    }

    /** Who reads the invoices: the holder of a lease in Kubernetes, or of a file lock on one machine. */
    static CamelClusterService cluster(Map<String, String> environment) {
        String folder = environment.get("CLUSTER_FOLDER");
        if (folder != null) {
            FileLockClusterService cluster = new FileLockClusterService();
            cluster.setId(environment.get("POD_NAME"));
            cluster.setRoot(Path.of(folder).toString());
            cluster.setAcquireLockDelay(500, TimeUnit.MILLISECONDS);
            cluster.setAcquireLockInterval(500, TimeUnit.MILLISECONDS);
            return cluster;
        }
        KubernetesClusterService cluster = new KubernetesClusterService();
        cluster.setPodName(environment.get("POD_NAME"));
        cluster.setKubernetesResourcesNamespace(environment.get("POD_NAMESPACE"));
        cluster.setClusterLabels(Map.of("app", "lago-billing"));
        cluster.setLeaseResourceType(LeaseResourceType.Lease);
        return cluster;
    }
}
