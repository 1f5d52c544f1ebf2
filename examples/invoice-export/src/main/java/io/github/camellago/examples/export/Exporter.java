package io.github.camellago.examples.export;

import java.util.concurrent.TimeUnit;

import org.apache.camel.component.file.cluster.FileLockClusterService;
import org.apache.camel.main.Main;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;
import org.postgresql.ds.PGSimpleDataSource;

/** One instance of the application, in a JVM of its own. */
public final class Exporter {

    private Exporter() {}

    /** Arguments: the instance's name, the database's JDBC URL, the folder for PDFs, the folder of the cluster's file lock. */
    public static void main(String[] args) throws Exception {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(args[1]);

        FileLockClusterService cluster = new FileLockClusterService();
        cluster.setId(args[0]);
        cluster.setRoot(args[3]);
        cluster.setAcquireLockDelay(500, TimeUnit.MILLISECONDS);
        cluster.setAcquireLockInterval(500, TimeUnit.MILLISECONDS);

        Main main = new Main();
        main.bind("database", database);
        main.bind("exported", new JdbcMessageIdRepository(database, "invoice-export"));
        main.bind("cluster", cluster);
        LagoServer.options(System.getenv()).forEach((name, value) -> main.addInitialProperty((String) name, (String) value));
        main.addInitialProperty("export.instance", args[0]);
        main.addInitialProperty("export.folder", args[2]);
        main.configure().addRoutesBuilder(new ExportRoutes());
        main.run();
    }
}
