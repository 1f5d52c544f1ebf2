package io.github.camellago.poll;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import io.github.camellago.BodyType;
import io.github.camellago.LagoConfiguration;
import io.github.camellago.ReadMode;
import io.github.camellago.api.JdbcRecordRepository;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.RecordRepository;
import io.github.camellago.api.RecordRepository.Row;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.QueryBuilder;
import io.github.camellago.operation.RequestFactory;
import io.github.camellago.poll.ParentLists.ParentKey;

/** Looks up single records of a list, to see whether they are gone. */
public final class RecordLookup {

    /** The code of a 404 for a path that this Lago does not have. */
    static final String NO_SUCH_PATH = "resource_not_found";

    private final EndpointSettings endpoint;
    private final LagoClient client;
    private final BoundOperation get;
    private final RequestFactory calls;
    private final String key;
    private final boolean byKey;

    private RecordLookup(EndpointSettings endpoint, LagoClient client, BoundOperation reading, BoundOperation get) {
        this.endpoint = endpoint;
        this.client = client;
        this.get = get;
        this.calls = new RequestFactory(endpoint);
        this.key = reading.entry().records().key();
        this.byKey = key.equals(get.entry().records().id());
    }

    /**
     * Refuses options that do not go with {@code deletions=true}.
     *
     * @throws IllegalArgumentException if a missing record cannot be distinguished from a deleted one
     */
    public static void check(EndpointSettings endpoint, BoundOperation reading) {
        LagoConfiguration configuration = endpoint.configuration();
        if (configuration.getReadMode() != ReadMode.CHANGED) {
            throw new IllegalArgumentException(
                    "The option deletions=true needs readMode=changed, which remembers all records; not readMode="
                            + configuration.getReadMode().name().toLowerCase(Locale.ROOT));
        }
        if (configuration.getIdempotentRepository() != null
                && !(configuration.getIdempotentRepository() instanceof RecordRepository)) {
            throw new IllegalArgumentException(
                    "The option deletions=true needs an idempotentRepository that lists the records that it knows: "
                            + JdbcRecordRepository.class.getName() + ", another " + RecordRepository.class.getName()
                            + ", or none to keep the records in memory; not "
                            + configuration.getIdempotentRepository().getClass().getName());
        }
        if (call(endpoint, reading) == null) {
            throw new IllegalArgumentException("The option deletions=true is not possible with " + reading.title()
                    + ": Lago has no call that finds each record of this list by its id. Records that are missing may exist");
        }
    }

    /** The lookup for a list that was checked. */
    public static RecordLookup of(EndpointSettings endpoint, LagoClient client, BoundOperation reading) {
        return new RecordLookup(endpoint, client, reading, call(endpoint, reading));
    }

    private static BoundOperation call(EndpointSettings endpoint, BoundOperation reading) {
        return reading.entry().lookup(reading.operation(), endpoint.target());
    }

    /** Whether a record of the list was deleted: Lago does not have it, or another one has its id. */
    boolean isGone(ParentKey parent, Row row) {
        String id = byKey ? row.key() : row.id();
        if (id == null) {
            return false;
        }
        LagoRequest request;
        try {
            request = request(parent, id);
        } catch (IllegalArgumentException e) {
            // an id that cannot be in a path
            return false;
        }
        try {
            Object found = client.call(request, response -> Envelope.unwrap(response, get.operation().answerRoot(),
                    new Binding(BodyType.MAP, null)));
            Object foundKey = found instanceof Map<?, ?> fields ? fields.get(key) : null;
            return foundKey != null && !Hash.key(foundKey.toString()).equals(row.key());
        } catch (LagoNotFoundException e) {
            if (isAboutTheRecord(e.getCode())) {
                return true;
            }
            throw e;
        }
    }

    /** The organization that the API key belongs to. If the key may not read it, the key stands for the organization. */
    String organization() {
        try {
            return client.call(LagoRequest.get("organizations", null, "organization"), response -> {
                Map<?, ?> found = (Map<?, ?>) Envelope.unwrap(response, "organization", new Binding(BodyType.MAP, null));
                return String.valueOf(found.get("lago_id"));
            });
        } catch (LagoPermissionException e) {
            return UUID.nameUUIDFromBytes(client.keyInUse().getBytes(StandardCharsets.UTF_8)).toString();
        }
    }

    private LagoRequest request(ParentKey parent, String id) {
        Map<String, Object> path = new HashMap<>(parent.path());
        path.put(get.idName(), id);
        Map<String, Object> filters = new HashMap<>(endpoint.filters(get.operation()));
        filters.keySet().removeIf(name -> !QueryBuilder.knows(get.operation(), name));
        return calls.pages(get, path, filters).apply(1, 1);
    }

    /** Whether an error code says that the record is not found, and not a parent of it, or the path. */
    private boolean isAboutTheRecord(String code) {
        if (code == null || code.equals(NO_SUCH_PATH)) {
            return false;
        }
        List<String> segments = get.path().segments();
        return segments.stream().limit(Math.max(0, segments.size() - 2))
                .filter(segment -> !PathTemplate.isPlaceholder(segment))
                .noneMatch(parent -> code.equals(parent.replaceFirst("s$", "") + "_not_found"));
    }
}
