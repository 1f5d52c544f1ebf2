package io.github.camellago.benchmarks;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConsumer;
import io.github.camellago.api.JdbcRecordRepository;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;
import org.apache.camel.spi.IdempotentRepository;

/** The first load of a list, and a poll after a restart in which nothing has changed, with stores for processed records. */
final class StoreBenchmark implements Benchmarks.Benchmark {

    static final String MEMORY = "memory";
    static final String RECORDS = "JdbcRecordRepository";
    static final String KEYS = "JdbcMessageIdRepository (camel-sql)";

    private static final int DATABASE_DELAY = Integer.getInteger("benchmark.database.delay", 1);
    private static final int ALL = InvoicePages.PAGES * InvoicePages.PER_PAGE;
    /** It is slow: so many records are enough. */
    private static final int KEYS_LIMIT = Math.min(ALL, Integer.getInteger("benchmark.keys", 500));

    /** Records per second. */
    record Rates(double firstLoad, double afterRestart) {}

    @Override
    public void run(Settings settings, Ratios ratios) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
                DelayingProxy proxy = new DelayingProxy(postgres.getPort(), DATABASE_DELAY);
                HikariDataSource database = pool(proxy.port())) {
            for (int delay : settings.delays()) {
                try (ServerProcess server = ServerProcess.start(InvoicePages.class)) {
                    server.delay(delay);
                    System.out.printf(
                            "%nLago %d ms away, PostgreSQL %d ms, %,d invoices in pages of %d, %d rounds, medians%n%n",
                            delay, DATABASE_DELAY, ALL, InvoicePages.PER_PAGE, settings.rounds());
                    Map<String, List<Rates>> rates = run(server.url(), database, settings);
                    print(rates);
                    String conditions = "store, " + delay + " ms: " + RECORDS + " : " + MEMORY;
                    ratios.add(conditions + ", first load", ratio(rates, RECORDS, MEMORY, Rates::firstLoad),
                            Ratios.Better.HIGHER);
                    ratios.add(conditions + ", unchanged poll", ratio(rates, RECORDS, MEMORY, Rates::afterRestart),
                            Ratios.Better.HIGHER);
                }
            }
        }
    }

    private static HikariDataSource pool(int port) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://localhost:" + port + "/postgres?user=postgres&password=postgres");
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }

    static Map<String, List<Rates>> run(String lago, DataSource database, Settings settings) throws Exception {
        Map<String, List<Rates>> rates = new LinkedHashMap<>();
        for (int round = 0; round <= settings.rounds(); round++) {
            for (String store : List.of(MEMORY, RECORDS, KEYS)) {
                if (settings.wants(store)) {
                    Rates measured = measure(lago, database, store);
                    System.err.printf("round %d %-36s %,10.0f/s %,10.0f/s%n", round, store, measured.firstLoad(),
                            measured.afterRestart());
                    if (round > 0) {
                        rates.computeIfAbsent(store, name -> new ArrayList<>()).add(measured);
                    }
                }
            }
        }
        return rates;
    }

    private static Rates measure(String lago, DataSource database, String store) throws Exception {
        try (Connection connection = database.getConnection()) {
            connection.createStatement()
                    .execute("DROP TABLE IF EXISTS CAMEL_LAGO_RECORD; DROP TABLE IF EXISTS CAMEL_MESSAGEPROCESSED");
        }
        return switch (store) {
            case MEMORY -> {
                try (CamelContext context = context(lago, null)) {
                    double first = poll(context, ALL, ALL);
                    // memory does not survive a restart: the second poll of the same consumer is the most that can be
                    yield new Rates(first, poll(context, 0, ALL));
                }
            }
            case RECORDS -> restarted(lago, () -> new JdbcRecordRepository(database), ALL);
            default -> restarted(lago, () -> new JdbcMessageIdRepository(database, "lago"), KEYS_LIMIT);
        };
    }

    private interface Stores {
        IdempotentRepository open();
    }

    private static Rates restarted(String lago, Stores stores, int records) throws Exception {
        double first;
        try (CamelContext context = context(lago + (records < ALL ? "&maxMessagesPerPoll=" + records : ""), stores.open())) {
            first = poll(context, records, records);
        }
        try (CamelContext context = context(lago + (records < ALL ? "&maxMessagesPerPoll=1" : ""), stores.open())) {
            return new Rates(first, poll(context, records < ALL ? 1 : 0, records));
        }
    }

    private static CamelContext context(String lagoAndOptions, IdempotentRepository store) throws Exception {
        String[] parts = lagoAndOptions.split("&", 2);
        DefaultCamelContext context = new DefaultCamelContext();
        LagoComponent lago = context.getComponent("lago", LagoComponent.class);
        lago.getConfiguration().setBaseUrl(parts[0]);
        lago.getConfiguration().setApiKey("benchmark-key");
        if (store != null) {
            context.getRegistry().bind("store", store);
        }
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:invoices?startScheduler=false" + (store == null ? "" : "&idempotentRepository=#store")
                        + (parts.length > 1 ? "&" + parts[1] : "")).routeId("reading").process(exchange -> {});
            }
        });
        context.start();
        return context;
    }

    /** Polls once, and returns the rate of a number of records. */
    private static double poll(CamelContext context, int messages, int records) throws Exception {
        LagoConsumer consumer = (LagoConsumer) context.getRoute("reading").getConsumer();
        long start = System.nanoTime();
        int sent = consumer.poll();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (sent != messages) {
            throw new IllegalStateException(sent + " messages instead of " + messages);
        }
        return records / seconds;
    }

    private static void print(Map<String, List<Rates>> rates) {
        Table table = new Table("", "first load, records/s", "of memory", "unchanged poll after a restart, records/s",
                "of memory");
        rates.forEach((store, list) -> table.row(store, Median.of(list, Rates::firstLoad),
                ratio(rates, store, MEMORY, Rates::firstLoad), Median.of(list, Rates::afterRestart),
                ratio(rates, store, MEMORY, Rates::afterRestart)));
        System.out.println(table);
        Table goals = new Table("ratio, round by round, median", "measured");
        goals.row("first load, JdbcRecordRepository : JdbcMessageIdRepository", ratio(rates, RECORDS, KEYS, Rates::firstLoad));
        goals.row("unchanged poll, JdbcRecordRepository : JdbcMessageIdRepository",
                ratio(rates, RECORDS, KEYS, Rates::afterRestart));
        System.out.println(goals);
    }

    private static double ratio(Map<String, List<Rates>> rates, String a, String b, ToDoubleFunction<Rates> rate) {
        if (!rates.containsKey(a) || !rates.containsKey(b)) {
            return Double.NaN;
        }
        return Median.ofRatios(rates.get(a), rates.get(b), rate);
    }
}
