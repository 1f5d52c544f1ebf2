package io.github.camellago.poll;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConsumer;
import io.github.camellago.api.JdbcRecordRepository;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A list of very many invoices is read, read again, and read once more when ten have come, in a heap of 64 MB. A million of them:
 * {@code -Dlago.invoices=1000000}.
 */
class BigListIT {

    private static final int INVOICES = Integer.getInteger("lago.invoices", 60_000);
    private static final int PER_PAGE = 100;
    private static final int LATER = 10;

    private final AtomicInteger later = new AtomicInteger();
    private final AtomicLong pages = new AtomicLong();

    @TempDir
    private Path folder;

    private HttpServer server;
    private int invoices = INVOICES;
    private final Instant now = Instant.now().minusSeconds(60);
    /** How far apart they were created. */
    private Duration apart = Duration.ofHours(1);
    private long pagesBefore;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.createContext("/issue", exchange -> {
            pagesBefore = pages.get();
            later.set(LATER);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    /** An hour apart, or all of them made by one billing run. */
    @ParameterizedTest
    @CsvSource({"changed, PT1H", "new, PT1H", "new, PT0.01S"})
    void readsALongListInASmallHeap(String mode, Duration apart) throws Exception {
        this.apart = apart;

        assertThat(read(mode, "64m", false, "")).contains(
                INVOICES + " processed by the first poll, 0 by the second, " + LATER + " by the third");

        assertThat(pagesBefore).isLessThanOrEqualTo(2L * INVOICES / PER_PAGE + 10);
        long last = pages.get() - pagesBefore;
        System.out.println(mode + ": " + last + " pages for " + LATER + " new ones of " + (INVOICES + LATER));
        if (mode.equals("new")) {
            assertThat(last).isLessThanOrEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"changed", "new"})
    void warnsIfTheHeapIsTooSmallToRememberAll(String mode) throws Exception {
        invoices = 250_000;

        List<String> said = read(mode, "32m", true, "");

        assertThat(said)
                .filteredOn(line -> line.contains("WARN") && line.contains("there is no memory to remember more"))
                .singleElement().asString().contains("invoices")
                .contains("Set idempotentRepository, or give the JVM more heap");
        assertThat(said).anyMatch(line -> line.equals(invoices + " processed by the first poll"));
    }

    @Test
    void readsALongListInASmallHeapWithDeletionsAndAStore() throws Exception {
        invoices = INVOICES / 4;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start()) {
            assertThat(read("changed&deletions=true&idempotentRepository=#store", "64m", false,
                    postgres.getJdbcUrl("postgres", "postgres")))
                    .contains(invoices + " processed by the first poll, 0 by the second, " + LATER + " by the third");
        }
    }

    private List<String> read(String mode, String heap, boolean once, String store) throws Exception {
        Path log = folder.resolve("log");
        Process reader = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap,
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Reader.class.getName(),
                "http://localhost:" + server.getAddress().getPort(), mode, String.valueOf(once), store)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        int status = reader.waitFor();
        List<String> said = Files.readAllLines(log);
        System.out.println(String.join("\n", said));
        assertThat(status).isZero();
        return said;
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().endsWith("/organizations")) {
            send(exchange, "{\"organization\":{\"lago_id\":\"1a901a90-1a90-1a90-1a90-1a901a901a90\"}}");
            return;
        }
        pages.incrementAndGet();
        String query = '&' + exchange.getRequestURI().getQuery() + '&';
        int page = parameter(query, "page");
        int perPage = parameter(query, "per_page");
        int count = invoices + later.get();
        StringBuilder json = new StringBuilder("{\"invoices\":[");
        for (int i = (page - 1) * perPage; i < page * perPage && i < count; i++) {
            json.append(i % perPage == 0 ? "" : ",").append(invoice(i - later.get()));
        }
        int last = (count + perPage - 1) / perPage;
        json.append("],\"meta\":{\"current_page\":").append(page).append(",\"next_page\":")
                .append(page < last ? page + 1 : null)
                .append(",\"prev_page\":null,\"total_pages\":").append(last).append(",\"total_count\":").append(count)
                .append("}}");
        send(exchange, json.toString());
    }

    private static void send(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static int parameter(String query, String name) {
        int at = query.indexOf('&' + name + '=') + name.length() + 2;
        return Integer.parseInt(query.substring(at, query.indexOf('&', at)));
    }

    /** The invoice of a number; those that came later have negative ones. */
    private String invoice(int i) {
        // newest first
        Instant created = now.minus(apart.multipliedBy(i)).truncatedTo(ChronoUnit.SECONDS);
        return "{\"lago_id\":\"" + new UUID(0x1a901a901a904a90L * (i + 1), 0x8a901a9000000000L + i) + "\",\"number\":\"LAG-" + i
                + "\",\"issuing_date\":\"" + created.toString().substring(0, 10)
                + "\",\"status\":\"finalized\",\"created_at\":\""
                + created + "\",\"updated_at\":\"" + created + "\",\"total_amount_cents\":" + i
                + ",\"customer\":{\"external_id\":\"c-" + i % 1000 + "\",\"name\":\"" + "x".repeat(1000) + "\"}}";
    }

    /** The program with the small heap. */
    public static final class Reader {

        private Reader() {}

        /** @param args the server, the readMode, whether one poll is enough, and the URL of a database or nothing */
        public static void main(String[] args) throws Exception {
            AtomicLong read = new AtomicLong();
            DefaultCamelContext context = new DefaultCamelContext();
            LagoComponent component = new LagoComponent(context);
            component.getConfiguration().setBaseUrl(args[0]);
            component.getConfiguration().setApiKey("key");
            context.addComponent("lago", component);
            if (!args[3].isEmpty()) {
                context.getRegistry().bind("store", new JdbcRecordRepository(new SingleConnectionDataSource(args[3], true)));
            }
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("lago:invoices?startScheduler=false&prefetchPages=4&readMode=" + args[1]).routeId("reading")
                            .process(e -> read.incrementAndGet());
                }
            });
            context.start();
            LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
            long start = System.nanoTime();
            consumer.poll();
            long first = read.get();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (Boolean.parseBoolean(args[2])) {
                System.out.println(first + " processed by the first poll");
                System.exit(0);
            }
            consumer.poll();
            long second = read.get() - first;
            HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(args[0] + "/issue")).build(),
                    HttpResponse.BodyHandlers.discarding());
            consumer.poll();
            System.out.println(first + " processed by the first poll, " + second + " by the second, "
                    + (read.get() - first - second) + " by the third");
            System.out.printf("%s: %.1f s, %.0f a second, heap of %d MB%n", args[1], seconds, first / seconds,
                    Runtime.getRuntime().maxMemory() >> 20);
            System.exit(0);
        }
    }
}
