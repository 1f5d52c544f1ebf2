package io.github.camellago.examples.metering;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.TimeoutException;

import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;

/**
 * Sends a usage file to Lago as events, writes invoices to files, and prints the usage of each customer. Prints a table at the end, and
 * fails if the numbers do not match.
 */
public final class UsageMetering {

    private static final int LINES = 40_000;
    private static final Duration LOST = Duration.ofDays(1);

    private UsageMetering() {}

    public static void main(String[] args) throws Exception {
        Path work = Path.of("").toAbsolutePath()
                .relativize(Path.of(System.getProperty("example.work", "target/work")).toAbsolutePath())
                .resolve(LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS")));
        try (LagoServer lago = LagoServer.of(System.getenv(), Clock.systemUTC())) {
            if (System.getProperty("reconcile") == null) {
                run(lago, work, LINES);
            } else {
                reconcile(lago, work, LINES);
            }
        }
    }

    /**
     * Runs the whole example once.
     *
     * @param  work                  the folder for input and output
     * @param  lines                 the number of lines of the usage file
     * @throws IllegalStateException if the usage in Lago differs from the file
     */
    static Progress run(LagoServer lago, Path work, int lines) throws Exception {
        Folders folders = new Folders(work);
        Progress progress = deliver(lago, folders, lines, (routes, unused) -> {});
        Report report = new Report(progress, folders);
        System.out.println(report.toTable());
        List<String> differences = report.differences();
        if (!differences.isEmpty()) {
            throw new IllegalStateException("The numbers do not match: " + String.join("; ", differences));
        }
        System.out.println("All numbers match.");
        return progress;
    }

    /**
     * Delivers the file, restores a backup of the sandbox in which the last day is missing, compares the file with Lago, and repairs it.
     *
     * @throws IllegalStateException if the usage in Lago differs from the file after the repair
     */
    static Reconciliation reconcile(LagoServer lago, Path work, int lines) throws Exception {
        Reconciliation[] result = new Reconciliation[1];
        deliver(lago, new Folders(work), lines, (routes, progress) -> {
            Reconciliation reconciliation = new Reconciliation(progress);
            result[0] = reconciliation;
            routes.getCamelContext().addRoutes(new ReconcileRoutes(new Folders(work).delivered(lago.now()), reconciliation));
            // the file is moved when its exchange is done
            routes.getCamelContext().getRouteController().stopRoute("metering");
            lago.restoreBackup(lago.now().minus(LOST));
            progress.usageChanged();
            routes.sendBody("direct:usage", null);
            reconciliation.usageBefore();
            routes.sendBody("direct:reconcile", null);
            progress.usageChanged();
            routes.sendBody("direct:usage", null);
        });
        System.out.println(result[0].toTable());
        if (!result[0].differences().isEmpty()) {
            throw new IllegalStateException("The numbers do not match: " + result[0].differences());
        }
        System.out.println("All sums match.");
        return result[0];
    }

    /** The step after the file is delivered. */
    private interface Next {
        void run(ProducerTemplate routes, Progress progress) throws Exception;
    }

    private static Progress deliver(LagoServer lago, Folders folders, int lines, Next next) throws Exception {
        Files.createDirectories(folders.in());
        UsageFile usage = UsageFile.write(folders.in(), lago.now(), lines);
        Progress progress = new Progress(FileContent.of(usage), lago.sandbox() ? 1 : 60);

        Main main = new Main();
        lago.configure(main);
        main.configure().addRoutesBuilder(new SeedRoutes(usage, progress, lago.sandbox()));
        main.configure().addRoutesBuilder(new MeteringRoutes(folders, progress));
        main.configure().addRoutesBuilder(new InvoiceRoutes(folders, progress));
        main.configure().addRoutesBuilder(new UsageRoutes(usage, progress));
        main.start();
        try {
            ProducerTemplate routes = main.getCamelTemplate();
            System.out.printf("Lago: %s%nUsage: %s, %,d lines%n%n", lago.name(), usage.path(), lines);
            routes.sendBody("direct:seed", null);
            main.getCamelContext().getRouteController().startRoute("metering");
            main.getCamelContext().getRouteController().startRoute("invoices");
            if (!progress.awaitDelivery()) {
                throw new TimeoutException("The file was not delivered. See the log above");
            }
            routes.sendBody("direct:usage", null);
            if (!progress.awaitInvoices()) {
                throw new TimeoutException("Not all invoices were read. See the log above");
            }
            next.run(routes, progress);
        } finally {
            main.stop();
        }
        return progress;
    }
}
