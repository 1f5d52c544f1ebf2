package io.github.camellago.kafka.connect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.util.ConnectorUtils;

/** Reads lists of Lago into topics, one topic per list. Each record has its id as key and its JSON as value. */
public class LagoSourceConnector extends SourceConnector {

    private Map<String, String> properties;

    @Override
    public void start(Map<String, String> given) {
        new SourceConfig(given);
        properties = Map.copyOf(given);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return LagoSourceTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<String> resources = new SourceConfig(properties).getList(SourceConfig.RESOURCES);
        List<Map<String, String>> tasks = new ArrayList<>();
        for (List<String> some : ConnectorUtils.groupPartitions(resources, Math.min(maxTasks, resources.size()))) {
            Map<String, String> task = new LinkedHashMap<>(properties);
            task.put(SourceConfig.RESOURCES, String.join(",", some));
            tasks.add(task);
        }
        return tasks;
    }

    @Override
    public void stop() {
        // holds nothing
    }

    @Override
    public ConfigDef config() {
        return SourceConfig.definition();
    }

    @Override
    public String version() {
        return Version.VERSION;
    }
}
