package io.github.camellago.examples.kubernetes;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camellago.test.LagoSandbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** Replaces both replicas one after the other, as Kubernetes does with the manifests, while usage and webhooks come in. */
public final class RollingUpdate {

    private static final int SENDERS = 4;

    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger webhooks = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final HttpClient http = HttpClient.newHttpClient();

    private RollingUpdate() {}

    /**
     * The result.
     *
     * @param sent     usage events that were sent
     * @param refused  requests that a caller had to repeat
     * @param billed   events that Lago has
     * @param webhooks webhooks that Lago has sent
     * @param stored   webhooks in the database
     * @param invoices invoices in the database
     * @param killed   replicas that did not end in time
     */
    record Result(int sent, int refused, long billed, int webhooks, int stored, int invoices, int killed) {}

    public static void main(String[] args) throws Exception {
        Result result = run();
        System.out.printf("%n%-40s %,7d%n%-40s %,7d%n%-40s %,7d%n%-40s %,7d%n%-40s %,7d%n%-40s %,7d%n%-40s %,7d%n",
                "usage events sent", result.sent(), "requests to repeat", result.refused(), "events at Lago", result.billed(),
                "webhooks sent", result.webhooks(), "webhooks in the database", result.stored(), "invoices in the database",
                result.invoices(), "replicas that had to be killed", result.killed());
        if (result.billed() != result.sent() || result.stored() != result.webhooks()) {
            throw new IllegalStateException("The numbers do not match");
        }
        System.out.printf("%nNothing is lost, nothing is billed twice.%n");
    }

    static Result run() throws Exception {
        return new RollingUpdate().roll();
    }

    private Result roll() throws Exception {
        Path folder = Files.createTempDirectory("lago-cluster");
        ExecutorService executor = Executors.newCachedThreadPool();
        List<Replica> all = new ArrayList<>();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
                LagoSandbox sandbox = LagoSandbox.start();
                Service service = new Service()) {
            Map<String, String> environment = new HashMap<>(Map.of("LAGO_API_KEY", sandbox.apiKey(), "LAGO_BASE_URL",
                    sandbox.baseUrl(), "WEBHOOK_URL", service.url(), "CLUSTER_FOLDER", folder.toString(), "POLL_DELAY", "500"));
            environment.putAll(Map.of("DATABASE_URL", postgres.getJdbcUrl("postgres", "postgres"), "DATABASE_USER", "postgres",
                    "DATABASE_PASSWORD", "postgres"));
            try {
                Replica first = start("pod-1", environment, all);
                Replica second = start("pod-2", environment, all);
                service.add(ready(first));
                service.add(ready(second));
                // so that requests are in flight whenever a replica ends
                sandbox.faults().on("POST", "/events").delay(Duration.ofMillis(100));
                List<Future<?>> traffic = new ArrayList<>();
                for (int i = 0; i < SENDERS; i++) {
                    traffic.add(executor.submit(() -> sendUsage(service.url() + "/usage")));
                }
                traffic.add(executor.submit(() -> sendWebhooks(sandbox)));
                int killed = 0;
                for (Replica old : List.of(first, second)) {
                    service.add(ready(start("pod-" + (all.size() + 1), environment, all)));
                    // Kubernetes does this while the old replica is in preStop
                    service.remove(old);
                    killed += old.terminate() ? 0 : 1;
                    System.out.println("Replaced a replica");
                }
                over.set(true);
                for (Future<?> each : traffic) {
                    each.get(1, TimeUnit.MINUTES);
                }
                awaitWebhooksAndInvoices(postgres);
                return new Result(sent.get(), refused.get(), sandbox.eventCount(), webhooks.get(), count(postgres, "webhooks"),
                        count(postgres, "invoices"), killed);
            } finally {
                over.set(true);
                all.forEach(Replica::close);
                executor.shutdownNow();
            }
        }
    }

    private static Replica start(String name, Map<String, String> environment, List<Replica> all) throws IOException {
        Replica replica = new Replica(name, environment);
        all.add(replica);
        return replica;
    }

    private static Replica ready(Replica replica) throws InterruptedException {
        replica.awaitReady();
        return replica;
    }

    /** Sends usage. A caller repeats what was not accepted, with the same transaction_id. */
    private void sendUsage(String url) {
        while (!over.get()) {
            String event = "{\"transaction_id\":\"u-%d\",\"external_subscription_id\":\"sub-1\",\"code\":\"api_calls\"}"
                    .formatted(sent.incrementAndGet());
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(event)).build();
            try {
                while (http.send(request, BodyHandlers.discarding()).statusCode() != 202) {
                    refused.incrementAndGet();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Makes Lago send webhooks. Each has an invoice that the readers find too. */
    private void sendWebhooks(LagoSandbox sandbox) {
        while (!over.get()) {
            Map<String, Object> invoice = sandbox.add("invoices", Map.of("number", "LAG-" + webhooks.incrementAndGet()));
            sandbox.sendWebhook("invoice.created", "invoice", invoice);
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void awaitWebhooksAndInvoices(EmbeddedPostgres postgres) throws SQLException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while ((count(postgres, "webhooks") < webhooks.get() || count(postgres, "invoices") < webhooks.get())
                && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static int count(EmbeddedPostgres postgres, String table) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                ResultSet rows = connection.createStatement().executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
