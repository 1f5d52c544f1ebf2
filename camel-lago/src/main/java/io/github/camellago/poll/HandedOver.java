package io.github.camellago.poll;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;
import org.apache.camel.spi.IdempotentRepository;

/**
 * Knows which records, in which version, a route has completed. A record enters the repository when its exchange has completed,
 * not before: after a crash it comes again, it is never lost. Thread-safe.
 */
public final class HandedOver {

    private final ReadMode mode;
    private final RecordType type;
    private final IdempotentRepository repository;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    public HandedOver(ReadMode mode, RecordType type, IdempotentRepository repository) {
        this.mode = mode;
        this.type = type;
        this.repository = repository;
    }

    /** What identifies a record, and, where changes matter, its version. */
    public String key(String path, LagoRecord record) {
        String identity = record.field(type.key());
        if (identity == null) {
            return path + '@' + record.digest();
        }
        if (mode != ReadMode.CHANGED) {
            return path + '/' + identity;
        }
        String updated = type.updatedAt() ? record.field("updated_at") : null;
        return path + '/' + identity + '@' + (updated != null ? updated : record.digest());
    }

    /** Whether a record is to be handed over: it was not completed before, and is not under way. Claims it if so. */
    public boolean claim(String key) {
        if (!underWay.add(key)) {
            return false;
        }
        if (mode != ReadMode.ALL && repository.contains(key)) {
            underWay.remove(key);
            return false;
        }
        return true;
    }

    /** The record's exchange has completed. */
    public void completed(String key) {
        if (mode != ReadMode.ALL) {
            repository.add(key);
            repository.confirm(key);
        }
        underWay.remove(key);
    }

    /** The record's exchange has failed, or was not made: it comes again with the next poll. */
    public void failed(String key) {
        underWay.remove(key);
    }
}
