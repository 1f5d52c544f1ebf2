package io.github.camellago.poll;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.camellago.catalog.RecordType;
import io.github.camellago.operation.RecordKeys;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;

/** The records created since the last complete poll. Each list has an {@link Offset}. */
public final class NewSelection implements Selection {

    final RecordType type;
    final RecordKeys keys;
    final Map<String, Object> filters;
    final IdempotentRepository repository;
    final long fullReadInterval;
    private final StateRepository<String, String> offsets;
    private final Map<String, NewList> lists = new ConcurrentHashMap<>();

    /**
     * @param filters          the list's filters
     * @param fullReadInterval how often a list is read to its end although its order makes that unnecessary, in milliseconds; 0 for
     *                         never
     * @param repository       stores what was processed, or null
     * @param offsets          stores the offsets
     */
    public NewSelection(RecordType type, Map<String, Object> filters, long fullReadInterval, IdempotentRepository repository,
            StateRepository<String, String> offsets) {
        this.type = type;
        this.keys = RecordKeys.of(type, false);
        this.filters = Map.copyOf(filters);
        this.fullReadInterval = fullReadInterval;
        this.repository = repository;
        this.offsets = offsets;
    }

    /** Whether records have the time of their creation; else a record is new if it was never processed. */
    public static boolean serves(RecordType type) {
        return SortOrder.hasTime(type);
    }

    @Override
    public Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>(keys.names());
        fields.add(SortOrder.createdField(type));
        return fields;
    }

    @Override
    public Reading begin(String list) {
        return lists.computeIfAbsent(list, name -> new NewList(this, name)).begin();
    }

    String offset(String list) {
        return offsets.getState(Hash.key(list));
    }

    void move(String list, String offset) {
        offsets.setState(Hash.key(list), offset);
    }
}
