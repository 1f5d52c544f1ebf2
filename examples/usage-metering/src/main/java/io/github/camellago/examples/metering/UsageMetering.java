package io.github.camellago.examples.metering;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.TimeoutException;

import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;

/**
 * The main job: a file of usage goes to Lago as events, invoices come out as files, usage per customer is printed. Ends with a
 * table, and fails when its numbers do not add up.
 */
public final class UsageMetering {

    private static final int LINES = 40_000;

    private UsageMetering() {}

    public static void main(String[] args) throws Exception {
        Path work = Path.of("").toAbsolutePath()
                .relativize(Path.of(System.getProperty("example.work", "target/work")).toAbsolutePath())
                .resolve(LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS")));
        try (LagoServer lago = LagoServer.of(System.getenv(), Clock.systemUTC())) {
            run(lago, work, LINES);
        }
    }

    /**
     * Does the whole job once.
     *
     * @param  work                  a folder for what comes in and out
     * @param  lines                 how many lines the usage file is to have
     * @throws IllegalStateException when what Lago has differs from what the file says
     */
    static Books run(LagoServer lago, Path work, int lines) throws Exception {
        Files.createDirectories(work.resolve("in"));
        UsageFile usage = UsageFile.write(work.resolve("in"), lago.now(), lines);
        Folders folders = new Folders(work);
        Books books = new Books(FileContent.of(usage), lago.sandbox() ? 1 : 60);

        Main main = new Main();
        lago.configure(main);
        main.configure().addRoutesBuilder(new SeedRoutes(usage, books, lago.sandbox()));
        main.configure().addRoutesBuilder(new MeteringRoutes(folders, books));
        main.configure().addRoutesBuilder(new InvoiceRoutes(folders, books));
        main.configure().addRoutesBuilder(new UsageRoutes(usage, books));
        main.start();
        try {
            ProducerTemplate routes = main.getCamelTemplate();
            System.out.printf("Lago: %s%nUsage: %s, %,d lines%n%n", lago.name(), usage.path(), lines);
            routes.sendBody("direct:seed", null);
            main.getCamelContext().getRouteController().startRoute("metering");
            main.getCamelContext().getRouteController().startRoute("invoices");
            if (!books.awaitDelivery()) {
                throw new TimeoutException("The file was not delivered; see the log above");
            }
            routes.sendBody("direct:usage", null);
            if (!books.awaitInvoices()) {
                throw new TimeoutException("The invoices were not all read; see the log above");
            }
        } finally {
            main.stop();
        }
        Statement statement = new Statement(books, folders);
        System.out.println(statement.toTable());
        List<String> differences = statement.differences();
        if (!differences.isEmpty()) {
            throw new IllegalStateException("The numbers do not add up: " + String.join("; ", differences));
        }
        System.out.println("All numbers add up.");
        return books;
    }
}
