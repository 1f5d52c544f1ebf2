package io.github.camellago.poll;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.camellago.catalog.RecordType;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records created since the last completed poll. How far that one came is each list's {@link Offset}; it moves when a reading
 * was complete and all of its records have been completed. Until then, what was handed over is remembered in memory, and in the
 * idempotent repository where there is one.
 */
public final class NewSelection implements Selection {

    private static final Logger LOG = LoggerFactory.getLogger(NewSelection.class);

    final RecordType type;
    final RecordKeys keys;
    final Map<String, Object> filters;
    final IdempotentRepository repository;
    private final StateRepository<String, String> offsets;
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    private final Map<String, PendingRecords> lists = new ConcurrentHashMap<>();

    /**
     * @param type       what the records are like
     * @param filters    the list's filters
     * @param repository where to keep what was handed over since the offset, or null for memory only
     * @param offsets    where to keep the offsets
     */
    public NewSelection(RecordType type, Map<String, Object> filters, IdempotentRepository repository,
            StateRepository<String, String> offsets) {
        this.type = type;
        this.keys = RecordKeys.of(type, false);
        this.filters = Map.copyOf(filters);
        this.repository = repository;
        this.offsets = offsets;
    }

    /** Whether records tell when they were created; else what is new is what was not there before. */
    public static boolean tellsTime(RecordType type) {
        return !type.order().isEmpty();
    }

    @Override
    public Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>(keys.names());
        fields.add(SortOrder.createdField(type));
        fields.add(SortOrder.field(type));
        return fields;
    }

    @Override
    public Reading begin(String list) {
        PendingRecords since = lists.computeIfAbsent(list, PendingRecords::new);
        // from here on nothing is forgotten that the offset, which may move meanwhile, does not cover yet
        long number = since.begin();
        try {
            return new NewReading(this, list, since, number, offset(list));
        } catch (RuntimeException e) {
            since.end();
            throw e;
        }
    }

    /** Null where there is none, or none that can be read. */
    private Offset offset(String list) {
        String text = offsets.getState(key(list));
        Offset offset = Offset.parse(text);
        if (text != null && offset == null && unreadable.add(list)) {
            LOG.warn(
                    "The offset of {} that the offsetRepository holds cannot be read: it was cut off, or is none. The list is read"
                            + " again from its beginning",
                    list);
        }
        return offset;
    }

    void move(String list, Offset offset) {
        offsets.setState(key(list), offset.toText());
    }

    private static String key(String list) {
        return RecordKeys.stored(list);
    }
}
