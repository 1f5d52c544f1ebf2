package io.github.camellago.kafka.connect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.camellago.ReadMode;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.util.ConnectorUtils;

/** Reads lists of Lago into topics, one topic per list. Each record has its id as key and its JSON as value. */
public class LagoSourceConnector extends SourceConnector {

    private Map<String, String> properties;

    @Override
    public void start(Map<String, String> given) {
        properties = new HashMap<>(given);
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
            task.put(TaskMetrics.TASK, Integer.toString(tasks.size()));
            tasks.add(task);
        }
        return tasks;
    }

    @Override
    public void stop() {
        // holds nothing
    }

    @Override
    public Config validate(Map<String, String> given) {
        return ConnectionConfig.validate(super.validate(given), () -> new SourceConfig(given).problems(config(), "lago."));
    }

    /** With read.mode=changed, an offset stands for exactly the records that were read with it. */
    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> given) {
        return new SourceConfig(given).readMode() == ReadMode.CHANGED
                ? ExactlyOnceSupport.SUPPORTED
                : ExactlyOnceSupport.UNSUPPORTED;
    }

    /** Refuses offsets that no task would find or could read. Those that are removed may have any partition. */
    @Override
    public boolean alterOffsets(Map<String, String> config, Map<Map<String, ?>, Map<String, ?>> offsets) {
        offsets.forEach((partition, offset) -> {
            if (offset != null && !(partition.keySet().equals(Set.of("resource"))
                    || partition.keySet().equals(Set.of("bucket")) && Bucket.isValid(offset))) {
                throw new ConnectException("No list has the offset of " + partition + ": see GET /connectors/NAME/offsets");
            }
        });
        return true;
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
