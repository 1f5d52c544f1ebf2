package io.github.camellago.kafka.connect;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.BiConsumer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConstants;
import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoList;
import io.github.camellago.api.LagoPermissionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads lists with one consumer of the Camel component each. The offsets of Kafka Connect store what has been read. */
public class LagoSourceTask extends SourceTask {

    private static final Logger LOG = LoggerFactory.getLogger(LagoSourceTask.class);
    private static final int RECORDS = 500;
    private static final int WAITING_RECORDS = 2_000;
    private static final long WAIT_MILLIS = 1_000;
    private static final int LONGEST_KEY = 200;

    private final Outbox outbox = new Outbox(WAITING_RECORDS);
    private final TaskMetrics metrics = new TaskMetrics();
    private SourceConfig config;
    private CamelContext camel;

    @Override
    public void start(Map<String, String> properties) {
        config = new SourceConfig(properties);
        camel = config.camelContext();
        camel.getComponent("lago", LagoComponent.class).setObserver(metrics);
        metrics.show(properties);
        try {
            for (String resource : config.getList(SourceConfig.RESOURCES)) {
                camel.addRoutes(route(config.list(resource)));
            }
            camel.start();
        } catch (Exception e) {
            throw new ConnectException("The lists cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        return outbox.take(RECORDS, WAIT_MILLIS);
    }

    @Override
    public void stop() {
        outbox.close();
        if (camel != null) {
            camel.stop();
        }
        metrics.close();
    }

    @Override
    public String version() {
        return Version.VERSION;
    }

    private RouteBuilder route(LagoList list) throws Exception {
        String resource = list.resource();
        Delivery delivery = delivery(resource);
        Endpoint endpoint = config.endpoint(camel, list, delivery.option());
        return new RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class).logExhausted(false).process(exchange -> failed(resource, exchange));
                from(endpoint).routeId(resource).process(exchange -> deliver(list, delivery, exchange.getMessage()));
            }
        };
    }

    /** Where a record goes that was read, and what stores the consumer's progress. */
    private record Delivery(Map<String, Object> option, BiConsumer<String, Draft> records, Runnable pollComplete) {}

    private Delivery delivery(String resource) {
        OffsetStorageReader offsets = context.offsetStorageReader();
        switch (config.readMode()) {
            case CHANGED -> {
                Versions versions = new Versions(resource, config.getInt(SourceConfig.BUCKETS), offsets, outbox);
                return new Delivery(Map.of("idempotentRepository", versions), versions::add, () -> {});
            }
            case NEW -> {
                NewestOffset newest = new NewestOffset(resource, offsets, outbox);
                return new Delivery(Map.of("offsetRepository", newest), (key, draft) -> newest.add(draft), newest::release);
            }
            default -> {
                Map<String, String> partition = Map.of("resource", resource);
                return new Delivery(Map.of(), (key, draft) -> outbox.add(draft.with(partition, Map.of())), () -> {});
            }
        }
    }

    private void deliver(LagoList list, Delivery delivery, Message message) throws InterruptedException {
        if (message.getHeader(LagoConstants.POLL_COMPLETE, false, Boolean.class)) {
            delivery.pollComplete().run();
            return;
        }
        outbox.awaitRoom();
        JsonNode record = message.getBody(JsonNode.class);
        String recordKey = record == null ? message.getHeader(LagoConstants.RECORD_KEY, String.class) : key(list, record);
        delivery.records().accept(isStored(recordKey) ? recordKey : null,
                new Draft(config.topic(list.resource()), id(list, message, recordKey),
                        record == null ? null : record.toString()));
    }

    /** The key of the record within its list; null if only its content identifies it. */
    private static String key(LagoList list, JsonNode record) {
        StringJoiner key = new StringJoiner("/");
        for (String field : list.key()) {
            JsonNode value = record.get(field);
            if (value == null || value.isNull()) {
                return null;
            }
            key.add(value.asText());
        }
        return list.key().isEmpty() ? null : key.toString();
    }

    /** Whether the consumer stores the key itself. It stores a digest of a key that is long or has control characters. */
    private static boolean isStored(String key) {
        return key != null && key.length() <= LONGEST_KEY && key.chars().allMatch(c -> c >= ' ');
    }

    /** The ids of the record's parents and of the record. A record that has no id, such as a wallet without a code, has its key instead. */
    private static String id(LagoList list, Message message, String recordKey) {
        String id = message.getHeader(LagoConstants.ID, recordKey, String.class);
        if (id == null) {
            return null;
        }
        StringJoiner whole = new StringJoiner("/");
        list.placeholders().forEach(name -> whole.add(message.getHeader(LagoConstants.PATH_PREFIX + name, String.class)));
        return whole.add(id).toString();
    }

    private void failed(String resource, Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (failure instanceof LagoAuthenticationException || failure instanceof LagoPermissionException) {
            outbox.fail(new ConnectException(resource + " cannot be read. Set a valid " + ConnectionConfig.API_KEY
                    + " and restart the task", failure));
        } else if (!outbox.isClosed()) {
            LOG.warn("{} could not be read completely and is read again: {}", resource, failure.getMessage());
        }
    }
}
