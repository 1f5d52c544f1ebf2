package io.github.camellago.kafka.connect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
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
        properties = new HashMap<>(given);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return LagoEventsSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return IntStream.range(0, maxTasks).mapToObj(task -> {
            Map<String, String> config = new HashMap<>(properties);
            config.put(TaskMetrics.TASK, Integer.toString(task));
            return config;
        }).toList();
    }

    @Override
    public void stop() {
        // holds nothing
    }

    @Override
    public Config validate(Map<String, String> given) {
        return ConnectionConfig.validate(super.validate(given),
                () -> new SinkConfig(given).problems(config(), "lago.", "event."));
    }

    @Override
    public boolean alterOffsets(Map<String, String> config, Map<TopicPartition, Long> offsets) {
        return true;
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
