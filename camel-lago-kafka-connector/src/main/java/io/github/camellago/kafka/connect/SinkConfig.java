package io.github.camellago.kafka.connect;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.LagoComponent;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.OnRejected;
import org.apache.camel.CamelContext;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings of {@link LagoEventsSinkConnector}. */
final class SinkConfig extends ConnectionConfig {

    static final String INGEST_URL = "lago.ingest.url";
    static final String BATCH_SIZE = "lago.batch.size";
    static final String CONCURRENT_BATCHES = "lago.concurrent.batches";
    static final String CHECK_REFERENCES = "lago.check.references";
    static final String RETRY_BACKOFF = "retry.backoff.ms";
    static final String CODE = "event.code";
    static final String ID_PREFIX = "event.id.prefix";
    static final String FIELD_PREFIX = "event.field.";
    static final String PROPERTIES = FIELD_PREFIX + "properties";

    /** The fields of an event that a path in the record's value can give. */
    private static final List<String> FIELDS = List.of("transaction_id", "external_subscription_id", "code", "timestamp",
            "precise_total_amount_cents");
    private static final String EVENTS = "Events";
    private static final String OTHER_PARTS = "key: for the record's key, key:NAME for a field of the key, and header:NAME for a header.";

    SinkConfig(Map<String, String> properties) {
        super(definition(), properties);
    }

    static ConfigDef definition() {
        ConfigDef definition = define()
                .define(INGEST_URL, Type.STRING, "", Importance.LOW,
                        "The URL of another server for events only.", EVENTS, 1, Width.LONG, "Ingest URL")
                .define(BATCH_SIZE, Type.INT, 100, ConfigDef.Range.between(1, 100), Importance.LOW,
                        "Maximum number of events per request.", EVENTS, 2, Width.SHORT, "Batch size")
                .define(CONCURRENT_BATCHES, Type.INT, 4, ConfigDef.Range.between(1, 64), Importance.LOW,
                        "Maximum number of concurrent requests of a task.", EVENTS, 3, Width.SHORT, "Concurrent batches")
                .define(CHECK_REFERENCES, Type.BOOLEAN, false, Importance.MEDIUM,
                        "Reject events whose billable metric or subscription Lago does not have. Lago accepts these events and "
                                + "does not bill them.",
                        EVENTS, 4, Width.SHORT, "Check references")
                .define(RETRY_BACKOFF, Type.LONG, 3_000L, ConfigDef.Range.atLeast(0), Importance.LOW,
                        "Delay before records are sent again after Lago could not be reached, in milliseconds.", EVENTS, 5,
                        Width.SHORT, "Retry backoff")
                .define(CODE, Type.STRING, "", Importance.MEDIUM,
                        "The code of the billable metric of records that have no code.", EVENTS, 6, Width.MEDIUM, "Code");
        definition.define(ID_PREFIX, Type.STRING, "", Importance.LOW,
                "The beginning of the transaction_id of records that have none. Set it for topics of the same name in several Kafka "
                        + "clusters, and for a topic that is deleted and created again.",
                EVENTS, 7, Width.MEDIUM, "Prefix of transaction ids");
        int order = 8;
        for (String field : FIELDS) {
            definition.define(FIELD_PREFIX + field, Type.STRING, field, Importance.MEDIUM,
                    "The field of the record's value with the event's " + field + ". Use dots for nested fields, "
                            + OTHER_PARTS,
                    EVENTS,
                    order++,
                    Width.MEDIUM, "Field of " + field);
        }
        return definition.define(PROPERTIES, Type.LIST, "properties", Importance.MEDIUM,
                "The field of the record's value with the event's properties, or a list of fields that are the properties. Use "
                        + OTHER_PARTS,
                EVENTS,
                order, Width.LONG, "Fields of the properties");
    }

    /** The path in a record's value of each field of an event. */
    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        FIELDS.forEach(field -> fields.put(field, getString(FIELD_PREFIX + field)));
        return fields;
    }

    /** Whether records are mapped. Otherwise their values are events in Lago's form. */
    boolean isMapped() {
        return originals().keySet().stream().anyMatch(name -> name.startsWith(FIELD_PREFIX));
    }

    /** The endpoint that sends the events. */
    String uri() {
        return "lago:events?checkReferences=" + getBoolean(CHECK_REFERENCES);
    }

    @Override
    void connect(CamelContext camel, Map<String, String> problems) {
        Map<String, String> names = new HashMap<>();
        for (String path : getList(PROPERTIES)) {
            String other = names.put(EventMapper.lastName(path), path);
            if (other != null) {
                problems.put(PROPERTIES, other + " and " + path + " are the same property of the event");
            }
        }
        try {
            camel.getEndpoint(uri());
        } catch (ResolveEndpointFailedException e) {
            endpointProblem(problems, API_KEY, e);
        }
    }

    @Override
    CamelContext camelContext() {
        CamelContext context = super.camelContext();
        LagoConfiguration configuration = context.getComponent("lago", LagoComponent.class).getConfiguration();
        if (!getString(INGEST_URL).isBlank()) {
            configuration.setIngestUrl(getString(INGEST_URL));
        }
        configuration.setBatchSize(getInt(BATCH_SIZE));
        configuration.setConcurrentBatches(getInt(CONCURRENT_BATCHES));
        configuration.setOnRejected(OnRejected.REPORT);
        return context;
    }
}
