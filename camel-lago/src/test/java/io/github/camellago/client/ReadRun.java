package io.github.camellago.client;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.camellago.LagoConsumer;
import io.github.camellago.LagoEndpoint;
import io.github.camellago.api.JdbcStateRepository;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.processor.idempotent.FileIdempotentRepository;
import org.apache.camel.support.processor.state.FileStateRepository;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * Polls a customer's invoices. With a store that outlives the route, another instance goes on after a poll that failed, and after one
 * that is complete.
 */
final class ReadRun extends MatrixRun {

    /** The readMode. */
    enum Mode {
        changed, new_, all;

        private String option() {
            return name().replace("_", "");
        }
    }

    private static final int INVOICES = 5;

    private final Mode mode;
    private final Stores stores;
    private final Queue<String> processed = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> expected = new HashMap<>();
    private LagoConsumer consumer;
    private String first;
    private int instances;

    /** Where consumers store what they have processed. */
    interface Stores {

        /** Whether another instance finds what is stored. */
        boolean last();

        IdempotentRepository records(String id);

        StateRepository<String, String> offsets(String id);
    }

    /** Nothing is stored outside of the consumer. */
    record Memory() implements Stores {
        @Override
        public boolean last() {
            return false;
        }

        @Override
        public IdempotentRepository records(String id) {
            return null;
        }

        @Override
        public StateRepository<String, String> offsets(String id) {
            return null;
        }
    }

    /** Each run has two files. */
    record Files(Path folder) implements Stores {
        @Override
        public boolean last() {
            return true;
        }

        @Override
        public IdempotentRepository records(String id) {
            return FileIdempotentRepository.fileIdempotentRepository(file(id + ".records"));
        }

        @Override
        public StateRepository<String, String> offsets(String id) {
            return FileStateRepository.fileStateRepository(file(id + ".offsets"));
        }

        private File file(String name) {
            return folder.resolve(name).toFile();
        }
    }

    /** All runs share two tables, which exist. */
    record Tables(JdbcConnectionPool database) implements Stores {
        @Override
        public boolean last() {
            return true;
        }

        @Override
        public IdempotentRepository records(String id) {
            return new JdbcMessageIdRepository(database, id);
        }

        @Override
        public StateRepository<String, String> offsets(String id) {
            return new JdbcStateRepository(database);
        }
    }

    ReadRun(World world, Mode mode, Stores stores, Cell cell, String id) {
        super(world, "read " + mode.option() + " with " + stores.getClass().getSimpleName(), cell, id);
        this.mode = mode;
        this.stores = stores;
    }

    @Override
    void prepare() {
        world.sandbox().add("customers", Map.of("external_id", id, "currency", "EUR"));
        first = invoice(0);
        for (int i = 1; i < INVOICES; i++) {
            invoice(i);
        }
    }

    private String invoice(int number) {
        expected.put(number + " pending", 1);
        return (String) world.sandbox().add("invoices",
                Map.of("external_customer_id", id, "number", String.valueOf(number), "payment_status", "pending"))
                .get("lago_id");
    }

    @Override
    void work() throws Exception {
        pollUntilComplete();
        switch (mode) {
            case changed -> {
                world.sandbox().update("invoices", first, Map.of("payment_status", "succeeded"));
                expected.put("0 succeeded", 1);
            }
            case new_ -> invoice(INVOICES);
            case all -> expected.replaceAll((invoice, times) -> 2);
        }
        pollUntilComplete();
        if (mode != Mode.all) {
            pollUntilComplete();
        }
        stop();
    }

    private void pollUntilComplete() throws Exception {
        while (true) {
            if (instances == 0 || stores.last()) {
                takeOver();
            }
            try {
                consumer.poll();
                return;
            } catch (Exception e) {
                // the next poll goes on
            }
        }
    }

    private String routeId() {
        return id + '-' + instances;
    }

    /** Another instance, with nothing but the stores. */
    private void takeOver() throws Exception {
        if (instances > 0) {
            stop();
        }
        // another page size makes another endpoint, which remembers nothing
        instances++;
        String uri = "lago:invoices?startScheduler=false&exceptionHandler=#quiet&" + OPTIONS + "&readMode=" + mode.option()
                + "&filter.external_customer_id=" + id + "&perPage=" + (1 + instances);
        for (Map.Entry<String, Object> header : headers().entrySet()) {
            uri = uri.replace("${header." + header.getKey() + '}', header.getValue().toString());
        }
        LagoEndpoint endpoint = world.context().getEndpoint(uri, LagoEndpoint.class);
        endpoint.getConfiguration().setIdempotentRepository(stores.records(id));
        endpoint.getConfiguration().setOffsetRepository(stores.offsets(id));
        RouteBuilder route = new RouteBuilder() {
            @Override
            public void configure() {
                from(endpoint).routeId(routeId()).process(exchange -> {
                    Map<?, ?> invoice = exchange.getMessage().getBody(Map.class);
                    processed.add(invoice.get("number") + " " + invoice.get("payment_status"));
                });
            }
        };
        // a context does not take routes from several threads at a time
        synchronized (world) {
            world.context().addRoutes(route);
            consumer = (LagoConsumer) world.context().getRoute(routeId()).getConsumer();
        }
    }

    private void stop() throws Exception {
        synchronized (world) {
            world.context().getRouteController().stopRoute(routeId());
            world.context().removeRoute(routeId());
        }
    }

    @Override
    void judge(MatrixState state) {
        Map<String, Integer> got = new HashMap<>();
        processed.forEach(invoice -> got.merge(invoice, 1, Integer::sum));
        expected.forEach((invoice, times) -> {
            int count = got.getOrDefault(invoice, 0);
            if (count < times) {
                lost.add("invoice " + invoice);
            } else if (count > times) {
                doubled.add("invoice " + invoice + ' ' + count + " times");
            }
        });
    }
}
