package io.github.camellago.kafka.connect;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Stores offsets as Kafka Connect does: by the text of their partitions, whose fields another worker may have in another order. */
final class TestSourceContext implements OffsetStorageReader {

    private final Map<String, Map<String, ?>> offsets = new HashMap<>();

    /** The context: a proxy, because the interface has other methods in other versions of Kafka Connect. */
    SourceTaskContext get() {
        return (SourceTaskContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{SourceTaskContext.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("offsetStorageReader")) {
                        return this;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    Map<String, Map<String, ?>> offsets() {
        return offsets;
    }

    /** Commits the offsets of the first records: the last one of each partition. */
    void commit(List<SourceRecord> records, int count) {
        records.subList(0, count).forEach(record -> offsets.put(text(record.sourcePartition(), true), record.sourceOffset()));
    }

    private static String text(Map<String, ?> partition, boolean backwards) {
        List<String> fields = new ArrayList<>();
        partition.forEach((name, value) -> fields.add(backwards ? 0 : fields.size(), name + '=' + value));
        return fields.toString();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Map<String, Object> offset(Map<String, T> partition) {
        return (Map<String, Object>) offsets.get(text(partition, false));
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
        Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
        partitions.forEach(partition -> found.put(partition, offset(partition)));
        return found;
    }
}
