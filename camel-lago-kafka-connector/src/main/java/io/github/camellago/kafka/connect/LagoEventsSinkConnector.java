package io.github.camellago.kafka.connect;

import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * Sends the records of topics to Lago as usage events. Offsets are committed only for events that Lago has, or that were rejected and
 * reported to the error handling of Kafka Connect.
 */
public class LagoEventsSinkConnector extends SinkConnector {

    private Map<String, String> properties;

    @Override
    public void start(Map<String, String> given) {
        properties = Map.copyOf(given);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return LagoEventsSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, properties);
    }

    @Override
    public void stop() {
        // holds nothing
    }

    @Override
    public ConfigDef config() {
        return SinkConfig.definition();
    }

    @Override
    public String version() {
        return Version.VERSION;
    }
}
