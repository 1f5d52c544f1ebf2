package io.github.camellago.kafka.connect;

import java.util.Map;
import java.util.TreeMap;

import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * The offset of {@code read.mode=new}, stored in the offset of Kafka Connect. The last record that was read waits until the consumer moves the offset at
 * the end of the poll, and leaves with it.
 */
final class NewestOffset extends ServiceSupport implements StateRepository<String, String> {

    private final Map<String, String> partition;
    private final Outbox outbox;
    private final Map<String, String> states;
    private Draft last;

    NewestOffset(String resource, OffsetStorageReader reader, Outbox outbox) {
        this.partition = Map.of("resource", resource);
        this.outbox = outbox;
        this.states = new TreeMap<>();
        Map<String, Object> stored = reader.offset(partition);
        if (stored != null) {
            stored.forEach((key, state) -> states.put(key, state.toString()));
        }
    }

    synchronized void add(Draft draft) {
        release();
        last = draft;
    }

    /** Releases the last record, at the end of a poll. */
    synchronized void release() {
        if (last != null) {
            outbox.add(last.with(partition, Map.copyOf(states)));
            last = null;
        }
    }

    @Override
    public synchronized void setState(String key, String value) {
        states.put(key, value);
        release();
    }

    @Override
    public synchronized String getState(String key) {
        return states.get(key);
    }
}
