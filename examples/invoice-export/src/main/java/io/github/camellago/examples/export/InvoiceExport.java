package io.github.camellago.examples.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.camel.main.Main;

/**
 * Exports invoices with two instances, kills the one that reads, and compares the table and the folder with Lago at the end. Fails if an
 * invoice is missing, duplicated, or out of date.
 */
public final class InvoiceExport {

    private static final long PATIENCE = 120_000;

    private InvoiceExport() {}

    public static void main(String[] args) throws Exception {
        Path work = Path.of(System.getProperty("example.work", "target/work")).toAbsolutePath()
                .resolve(LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS")));
        try (LagoServer lago = LagoServer.of(System.getenv())) {
            Result result = run(lago, work, 300);
            System.out.println(result.toTable());
            if (!result.isRight()) {
                throw new IllegalStateException("The export differs from Lago's invoices");
            }
            System.out.println("Every invoice was exported once and is up to date.");
        }
    }

    /**
     * Runs the whole example once.
     *
     * @param work     the folder for the results
     * @param invoices the number of invoices in the sandbox at the start
     */
    static Result run(LagoServer lago, Path work, int invoices) throws Exception {
        Files.createDirectories(work.resolve("pdf"));
        Files.createDirectories(work.resolve("cluster"));
        Billing billing = lago.sandbox() == null ? null : new Billing(lago.sandbox());
        if (billing != null) {
            billing.issue(invoices);
        }
        System.out.printf("Lago: %s%nPDFs: %s%n%n", lago.name(), work.resolve("pdf"));
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
                Lago list = new Lago(lago)) {
            Warehouse warehouse = new Warehouse(postgres.getPostgresDatabase());
            String database = postgres.getJdbcUrl("postgres", "postgres");
            int before = list.invoices().size();
            try (Instance first = new Instance("first", database, work, lago.variables())) {
                await(() -> warehouse.rows() > 0 || before == 0 || first.isDead(), "the first instance to export");
                try (Instance second = new Instance("second", database, work, lago.variables())) {
                    await(() -> warehouse.rows() >= before / 3 || first.isDead(), "the first instance to export a third");
                    System.out.printf("%,d of %,d invoices exported; killing the first instance%n", warehouse.rows(), before);
                    first.kill();
                    for (int i = 0; billing != null && i < 5; i++) {
                        billing.issue(10);
                        billing.pay(20);
                        Thread.sleep(300);
                    }
                    await(() -> warehouse.invoices().equals(list.invoices()) || second.isDead(), "all invoices to be exported");
                }
            }
            return new Result(list.invoices(), warehouse.invoices(), pdfs(work), warehouse.deliveries(), warehouse.repeated());
        }
    }

    private static long pdfs(Path work) throws Exception {
        try (Stream<Path> files = Files.list(work.resolve("pdf"))) {
            return files.filter(f -> !f.getFileName().toString().startsWith(".")).count();
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition, String what) throws Exception {
        long end = System.currentTimeMillis() + PATIENCE;
        while (!condition.holds()) {
            if (System.currentTimeMillis() > end) {
                throw new TimeoutException("Timed out waiting for " + what);
            }
            Thread.sleep(200);
        }
    }

    /** Lists all invoices of Lago for the comparison. */
    private static final class Lago implements AutoCloseable {

        private final Main main = new Main();

        private Lago(LagoServer lago) {
            LagoServer.options(lago.variables())
                    .forEach((name, value) -> main.addInitialProperty((String) name, (String) value));
            main.start();
        }

        /** The time of the last change of each invoice, by id. */
        private Map<String, Instant> invoices() throws Exception {
            Map<String, Instant> invoices = new HashMap<>();
            Iterator<?> all = main.getCamelTemplate().requestBody(
                    "lago:invoices?operation=list&filter.statuses=finalized&streaming=true", null, Iterator.class);
            while (all.hasNext()) {
                Map<?, ?> invoice = (Map<?, ?>) all.next();
                invoices.put((String) invoice.get("lago_id"), Instant.parse((String) invoice.get("updated_at")));
            }
            return invoices;
        }

        @Override
        public void close() {
            main.stop();
        }
    }
}
