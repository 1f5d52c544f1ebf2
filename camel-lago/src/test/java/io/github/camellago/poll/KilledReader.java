package io.github.camellago.poll;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.api.JdbcRecordRepository;
import io.github.camellago.api.JdbcStateRepository;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.processor.idempotent.FileIdempotentRepository;
import org.apache.camel.support.processor.state.FileStateRepository;
import org.postgresql.ds.PGSimpleDataSource;

/** A program that reads customers into a file, one line each, to be killed at any time. */
public final class KilledReader {

    static final int PER_PAGE = 20;
    static final String STORE = "store:";

    private KilledReader() {}

    /**
     * Arguments: the server, its key, the read mode, where the repositories are, the file. The repositories are in a folder, in a
     * database ({@code jdbc:}), or in the record repository of a database ({@code store:jdbc:}).
     */
    public static void main(String[] args) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        LagoComponent component = new LagoComponent(context);
        component.getConfiguration().setBaseUrl(args[0]);
        component.getConfiguration().setApiKey(args[1]);
        context.addComponent("lago", component);
        bindRepositories(context, args[3]);
        Path file = Path.of(args[4]);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("lago:customers?readMode=" + args[2] + "&perPage=" + PER_PAGE
                        + "&delay=50&initialDelay=0&idempotentRepository=#records"
                        + "&offsetRepository=#offsets").process(exchange -> write(file, exchange));
            }
        });
        context.start();
        Thread.currentThread().join();
    }

    private static void bindRepositories(DefaultCamelContext context, String where) {
        IdempotentRepository records;
        StateRepository<String, String> offsets;
        boolean store = where.startsWith(STORE);
        if (store || where.startsWith("jdbc:")) {
            PGSimpleDataSource database = new PGSimpleDataSource();
            database.setUrl(where.replace(STORE, ""));
            records = store ? new JdbcRecordRepository(database) : new JdbcMessageIdRepository(database, "customers");
            offsets = new JdbcStateRepository(database);
        } else {
            records = FileIdempotentRepository.fileIdempotentRepository(new File(where, "records"), 100_000);
            offsets = FileStateRepository.fileStateRepository(new File(where, "offsets"));
        }
        context.getRegistry().bind("records", records);
        context.getRegistry().bind("offsets", offsets);
    }

    private static void write(Path file, Exchange exchange) throws Exception {
        String line = exchange.getMessage().getBody(Map.class).get("external_id") + "\n";
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
