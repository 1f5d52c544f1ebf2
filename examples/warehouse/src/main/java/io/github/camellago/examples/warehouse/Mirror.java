package io.github.camellago.examples.warehouse;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.camellago.api.JdbcRecordRepository;
import io.github.camellago.api.JdbcStateRepository;
import org.apache.camel.component.file.cluster.FileLockClusterService;
import org.apache.camel.main.Main;

/** One instance of the application, in a JVM of its own. */
public final class Mirror {

    private Mirror() {}

    /** Arguments: the instance's name, the database's JDBC URL, the folder of the cluster's file lock. */
    public static void main(String[] args) throws Exception {
        try (Database database = new Database(args[1])) {
            Access access = access(System.getenv());
            database.install(access.readable());
            prepare(args[0], database, args[2], access, System.getenv()).run();
        }
    }

    /** The lists that the key of the environment may read. */
    static Access access(Map<String, String> environment) throws Exception {
        Main lago = new Main();
        LagoServer.options(environment).forEach((option, value) -> lago.addInitialProperty((String) option, (String) value));
        lago.start();
        try {
            return Access.of(lago.getCamelTemplate(), MirroredList.all());
        } finally {
            lago.stop();
        }
    }

    /** A program that is ready to start. */
    static Main prepare(String name, Database database, String lock, Access access, Map<String, String> environment) {
        FileLockClusterService cluster = new FileLockClusterService();
        cluster.setId(name);
        cluster.setRoot(lock);
        cluster.setAcquireLockDelay(500, TimeUnit.MILLISECONDS);
        cluster.setAcquireLockInterval(500, TimeUnit.MILLISECONDS);

        Main main = new Main();
        main.bind("dataSource", database.dataSource());
        main.bind("processed", new JdbcRecordRepository(database.dataSource()));
        main.bind("offsets", new JdbcStateRepository(database.dataSource()));
        main.bind("cluster", cluster);
        LagoServer.options(environment).forEach((option, value) -> main.addInitialProperty((String) option, (String) value));
        main.addInitialProperty("mirror.page", environment.getOrDefault("MIRROR_PAGE", "100"));
        main.addInitialProperty("mirror.delay", environment.getOrDefault("MIRROR_DELAY", "60000"));
        main.configure().addRoutesBuilder(new MirrorRoutes(access.lists()));
        String folder = environment.getOrDefault("MIRROR_CSV", "");
        main.addInitialProperty("mirror.folder", folder);
        main.configure().addRoutesBuilder(folder.isEmpty() ? new PostgresSink() : new CsvSink());
        return main;
    }
}
