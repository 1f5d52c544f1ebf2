package io.github.camellago.poll;

import io.github.camellago.client.LagoRecord;
import org.apache.camel.spi.IdempotentRepository;

/**
 * Stores versions in one of Camel's repositories, as keys {@code identity@version}. When an exchange has completed, the key of its
 * version is added, and that of the version before is removed. So the repository has one key per record, and a record that returns
 * to an earlier state is processed again. A record that changed while no consumer was running leaves its earlier key behind, as
 * nobody knows it.
 */
final class IdempotentStore implements RecordStore {

    private final IdempotentRepository repository;

    IdempotentStore(IdempotentRepository repository) {
        this.repository = repository;
    }

    @Override
    public Found find(RecordId id, LagoRecord record, boolean versioned, long last) {
        long stored = stored(id, record, versioned);
        // an instance that processes a newer version removes the one that we know. So the key may be left from long ago, or another
        // instance has processed an older version after us: nobody knows which of the two came last
        return stored == 0 || last != 0 && repository.contains(key(id, last)) ? null : new Found(stored, true);
    }

    /** The version under which a record as it is now is in the repository, or 0. */
    private long stored(RecordId id, LagoRecord record, boolean versioned) {
        if (!versioned) {
            return repository.contains(key(id, Version.ANY)) ? Version.ANY : 0;
        }
        if (record.field("updated_at") == null) {
            long version = Version.of(record, 0);
            return repository.contains(key(id, version)) ? version : 0;
        }
        long byTime = Version.byTime(record);
        if (repository.contains(key(id, byTime))) {
            return byTime;
        }
        long withContent = Version.byTimeAndContent(record);
        return repository.contains(key(id, withContent)) ? withContent : 0;
    }

    @Override
    public void processed(RecordId id, long version, long last) {
        repository.add(key(id, version));
        repository.confirm(key(id, version));
        if (last != 0 && Version.stored(last) != version) {
            repository.remove(key(id, last));
        }
    }

    @Override
    public void forget(RecordId id) {
        repository.remove(key(id, Version.ANY));
    }

    private static String key(RecordId id, long version) {
        return Hash.key(id.identity()) + '@' + Hash.text(Version.stored(version));
    }
}
