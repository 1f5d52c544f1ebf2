package io.github.camellago.kafka.connect;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.github.camellago.LagoComponent;
import io.github.camellago.ReadMode;
import io.github.camellago.api.LagoList;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The settings of {@link LagoSourceConnector}. */
final class SourceConfig extends ConnectionConfig {

    static final String RESOURCES = "resources";
    static final String TOPIC_PREFIX = "topic.prefix";
    static final String READ_MODE = "read.mode";
    static final String POLL_INTERVAL = "poll.interval.ms";
    static final String DELETIONS = "deletions";
    static final String BUCKETS = "offset.buckets";
    static final String FILTER_PREFIX = "filter.";

    private static final String READING = "Reading";
    private static final List<Object> MODES = List.of("changed", "new", "all");
    private static final Map<String, LagoList> LISTS = lists();

    SourceConfig(Map<String, String> properties) {
        super(definition(), properties);
    }

    private static Map<String, LagoList> lists() {
        Map<String, LagoList> lists = new TreeMap<>();
        LagoComponent.lists().forEach(list -> lists.put(list.resource(), list));
        return lists;
    }

    static ConfigDef definition() {
        return define()
                .define(RESOURCES, Type.LIST, ConfigDef.NO_DEFAULT_VALUE, new Resources(), Importance.HIGH,
                        "The lists to read, such as invoices,customers. Each list is read by one task.", READING, 1, Width.LONG,
                        "Resources", new Choices(List.copyOf(LISTS.keySet())))
                .define(TOPIC_PREFIX, Type.STRING, "lago.", new TopicName(), Importance.HIGH,
                        "The topic of a list is this prefix and the resource, with dots instead of slashes.", READING, 2,
                        Width.MEDIUM,
                        "Topic prefix")
                .define(READ_MODE, Type.STRING, "changed", ConfigDef.ValidString.in("changed", "new", "all"), Importance.MEDIUM,
                        "changed: records that are new or have changed. new: records that are new. all: all records, with every poll.",
                        READING, 3, Width.SHORT, "Read mode", new Choices(MODES))
                .define(POLL_INTERVAL, Type.LONG, 60_000L, ConfigDef.Range.atLeast(1), Importance.MEDIUM,
                        "Delay between two readings of a list, in milliseconds.", READING, 4, Width.SHORT, "Poll interval")
                .define(DELETIONS, Type.BOOLEAN, false, Importance.MEDIUM,
                        "Send a record with the key and no value when Lago has deleted a record. Requires read.mode=changed.",
                        READING, 5,
                        Width.SHORT, "Deletions")
                .define(BUCKETS, Type.INT, 1024, ConfigDef.Range.between(1, 65_536), Importance.LOW,
                        "With read.mode=changed, the number of offsets per list among which the versions of the records are distributed. "
                                + "Increase it for lists of more than a million records. A change reads everything again.",
                        READING, 6, Width.SHORT, "Offset buckets");
    }

    ReadMode readMode() {
        return ReadMode.valueOf(getString(READ_MODE).toUpperCase(Locale.ROOT));
    }

    LagoList list(String resource) {
        return LISTS.get(resource);
    }

    String topic(String resource) {
        return getString(TOPIC_PREFIX) + resource.replaceAll("[{}]", "").replaceAll("[^A-Za-z0-9._-]", ".");
    }

    /**
     * The endpoint that reads a list.
     *
     * @param repository the option that is set to what stores the progress, and its value; may be empty
     */
    Endpoint endpoint(CamelContext camel, LagoList list, Map<String, Object> repository) throws Exception {
        Map<String, Object> options = new HashMap<>(repository);
        options.put("bodyType", "JSON_NODE");
        options.put("bridgeErrorHandler", true);
        options.put("sendPollComplete", true);
        options.put("initialDelay", 0L);
        options.put("readMode", getString(READ_MODE));
        options.put("delay", getLong(POLL_INTERVAL));
        if (getBoolean(DELETIONS)) {
            options.put("deletions", true);
        }
        list.placeholders().forEach(name -> options.put("path." + name, "*"));
        filters(list.resource()).forEach((name, value) -> options.put("filter." + name, value));
        return camel.getComponent("lago", LagoComponent.class).createEndpoint("lago:" + list.resource(), options);
    }

    @Override
    void connect(CamelContext camel, Map<String, String> problems) {
        List<String> resources = getList(RESOURCES);
        for (String name : originalsWithPrefix(FILTER_PREFIX).keySet()) {
            if (resources.stream().noneMatch(resource -> name.startsWith(resource + '.'))) {
                problems.put(FILTER_PREFIX + name, "It filters none of the lists in " + RESOURCES);
            }
        }
        if (getBoolean(DELETIONS) && readMode() != ReadMode.CHANGED) {
            problems.put(DELETIONS, "Deletions are found with " + READ_MODE + "=changed only");
            return;
        }
        for (String resource : resources) {
            try {
                endpoint(camel, list(resource), Map.of()).createConsumer(exchange -> {});
            } catch (Exception e) {
                endpointProblem(problems, RESOURCES, e);
            }
        }
    }

    /** The filters of a resource, by the names of Lago's parameters: {@code filter.invoices.payment_status=failed}. */
    Map<String, Object> filters(String resource) {
        return originalsWithPrefix(FILTER_PREFIX + resource + '.');
    }

    /** The validator of the prefix of topics. */
    private static final class TopicName implements ConfigDef.Validator {

        @Override
        public void ensureValid(String name, Object value) {
            if (value == null || !value.toString().matches("[A-Za-z0-9._-]*")) {
                throw new ConfigException(name, value, "A topic's name has only " + this);
            }
        }

        @Override
        public String toString() {
            return "letters, digits, dots, underscores and hyphens";
        }
    }

    /** The validator of the resources. */
    private static final class Resources implements ConfigDef.Validator {

        @Override
        public void ensureValid(String name, Object value) {
            List<?> resources = (List<?>) value;
            if (resources == null || resources.isEmpty()) {
                throw new ConfigException(name, value, "Name at least one list");
            }
            if (Set.copyOf(resources).size() < resources.size()) {
                throw new ConfigException(name, value, "A list is named twice");
            }
            for (Object resource : resources) {
                if (!LISTS.containsKey(resource)) {
                    throw new ConfigException(name, resource,
                            "Lago has no such list. Allowed are " + String.join(", ", LISTS.keySet()));
                }
            }
        }

        @Override
        public String toString() {
            return "lists of Lago's API, such as invoices";
        }
    }
}
