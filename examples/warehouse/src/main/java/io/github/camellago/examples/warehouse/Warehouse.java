package io.github.camellago.examples.warehouse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.camel.main.Main;

/**
 * Mirrors Lago into a database with two instances, and shows the views on a page. With the sandbox, kills the instance that reads, changes
 * and deletes records, and compares all rows with Lago. Runs until it is stopped, or for {@code example.seconds}.
 */
public final class Warehouse {

    private static final int INVOICES = Integer.getInteger("example.invoices", 2_000);
    private static final Duration PATIENCE = Duration.ofMinutes(10).plusMillis(6L * INVOICES);

    private Warehouse() {}

    public static void main(String[] args) throws Exception {
        Path work = Path.of(System.getProperty("example.work", "target/work")).toAbsolutePath()
                .resolve(LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS")));
        String url = System.getenv("DATABASE_URL");
        try (LagoServer lago = LagoServer.of(System.getenv())) {
            if (url != null) {
                run(lago, url, work);
            } else {
                try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start()) {
                    run(lago, postgres.getJdbcUrl("postgres", "postgres"), work);
                }
            }
        }
    }

    private static void run(LagoServer lago, String url, Path work) throws Exception {
        Files.createDirectories(work.resolve("cluster"));
        Demo demo = lago.sandbox() == null ? null : new Demo(lago.sandbox(), 7);
        if (demo != null) {
            demo.fill(40, INVOICES);
        }
        int port = Integer.getInteger("example.port", 8080);
        System.out.printf("Lago: %s%nDatabase: %s%nPage: http://localhost:%d/%n%n", lago.name(), url.replaceAll("[?].*", ""),
                port);
        Access access = Mirror.access(lago.variables());
        System.out.println(access.toText());
        try (Database database = new Database(url)) {
            database.install(access.readable());
            Main page = page(database, port);
            page.start();
            try (Instance first = new Instance("first", url, work, lago.variables());
                    Instance second = new Instance("second", url, work, lago.variables())) {
                Progress progress = new Progress(database);
                if (demo != null) {
                    await(() -> database.number("select written from mirrored_lists where name = 'invoices'") > 0, first);
                    System.out.println(progress.line() + "; killing the first instance");
                    first.kill();
                }
                for (long at = 0; !progress.isLoaded(); at++) {
                    if (at % 20 == 0) {
                        System.out.println(progress.line());
                    }
                    pause(second);
                }
                System.out.println(progress.line());
                if (demo != null) {
                    System.out.println("Adding, changing and deleting records");
                    demo.change(200);
                    await(() -> Comparison.compare(database, access.lists(), lago.variables()).stream()
                            .allMatch(Comparison.Difference::isNone), second);
                    System.out.printf("All rows are equal to Lago's records.%n%n");
                }
                System.out.println(progress.summary());
                System.out.printf("Open http://localhost:%d/. Stop with Ctrl-C.%n", port);
                TimeUnit.SECONDS.sleep(Long.getLong("example.seconds", Integer.MAX_VALUE));
            } finally {
                page.stop();
            }
        }
    }

    /** A program that serves the page. */
    static Main page(Database database, int port) {
        Main page = new Main();
        page.addInitialProperty("camel.server.enabled", "true");
        page.addInitialProperty("camel.server.port", String.valueOf(port));
        page.bind("dataSource", database.dataSource());
        page.configure().addRoutesBuilder(new PageRoutes());
        return page;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition, Instance instance) throws Exception {
        long end = System.currentTimeMillis() + PATIENCE.toMillis();
        while (!condition.holds()) {
            if (System.currentTimeMillis() > end) {
                throw new TimeoutException("Timed out waiting for the instances");
            }
            pause(instance);
        }
    }

    private static void pause(Instance instance) throws InterruptedException {
        if (instance.isDead()) {
            throw new IllegalStateException("An instance has ended");
        }
        Thread.sleep(100);
    }
}
