package io.github.camellago.examples.warehouse;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.camellago.api.JdbcStateRepository;
import org.apache.camel.component.file.cluster.FileLockClusterService;
import org.apache.camel.main.Main;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;

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
        JdbcMessageIdRepository processed = new JdbcMessageIdRepository(database.dataSource(), "warehouse");
        processed.setCreateString("create table if not exists camel_messageprocessed (processorName text, messageId text, createdAt timestamp, primary key (processorName, messageId))");
        main.bind("processed", processed);
        main.bind("offsets", new JdbcStateRepository(database.dataSource()));
        main.bind("cluster", cluster);
        LagoServer.options(environment).forEach((option, value) -> main.addInitialProperty((String) option, (String) value));
        main.addInitialProperty("mirror.page", environment.getOrDefault("MIRROR_PAGE", "100"));
        main.addInitialProperty("mirror.delay", environment.getOrDefault("MIRROR_DELAY", "60000"));
        main.configure().addRoutesBuilder(new MirrorRoutes(access.lists()));
        main.configure().addRoutesBuilder(new PostgresSink());
        return main;
    }
}
