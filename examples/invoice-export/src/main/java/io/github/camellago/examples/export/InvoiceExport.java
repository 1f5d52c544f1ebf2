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
 * Exports invoices with two instances, kills the one that reads, and holds the table and the folder against Lago in the end. Fails
 * when an invoice is missing, twice, or not up to date.
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
                throw new IllegalStateException("The export is not what Lago has");
            }
            System.out.println("Every invoice is there once, and up to date.");
        }
    }

    /**
     * Does the whole job once.
     *
     * @param work     a folder for what comes out
     * @param invoices how many invoices a sandbox has at the beginning
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
                throw new TimeoutException("Waited in vain for " + what);
            }
            Thread.sleep(200);
        }
    }

    /** Asks Lago for all invoices, to compare. */
    private static final class Lago implements AutoCloseable {

        private final Main main = new Main();

        private Lago(LagoServer lago) {
            LagoServer.options(lago.variables())
                    .forEach((name, value) -> main.addInitialProperty((String) name, (String) value));
            main.start();
        }

        /** When each invoice was last changed, by its id. */
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
