package io.github.camellago.poll;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.IntFunction;

import io.github.camellago.BodyType;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.Page;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.QueryBuilder;
import io.github.camellago.operation.RequestFactory;
import io.github.camellago.poll.ParentLists.ParentKey;

/** Opens the lists that a consumer reads. */
public final class ListReader {

    private final EndpointSettings endpoint;
    private final LagoClient client;
    private final BoundOperation reading;
    private final Selection selection;
    private final Set<String> fields;
    private final ExecutorService pool;
    private final RequestFactory calls;

    /**
     * @param watched a field that is asked for besides those that the selection needs, or null
     * @param pool    where pages are fetched ahead, or null to fetch none
     */
    public ListReader(EndpointSettings endpoint, LagoClient client, BoundOperation reading, Selection selection,
            String watched, ExecutorService pool) {
        this.endpoint = endpoint;
        this.client = client;
        this.reading = reading;
        this.selection = selection;
        this.pool = pool;
        this.calls = new RequestFactory(endpoint);
        this.fields = new LinkedHashSet<>(selection.fields());
        if (watched != null) {
            fields.add(watched);
        }
        if (reading.entry().records().id() != null) {
            fields.add(reading.entry().records().id());
        }
    }

    /** A list that is being read. Closing it may be done by any thread. */
    public record Opened(ParentKey place, Reading reading, Pages pages) implements AutoCloseable {

        @Override
        public void close() {
            pages.close();
        }
    }

    /** Opens the list of a place; its first page may be under way by the time this returns. */
    Opened open(ParentKey place) {
        Reading selected = selection.begin(name(place));
        Map<String, Object> filters = new LinkedHashMap<>(endpoint.filter());
        filters.putAll(filters(place));
        filters.putAll(selected.window());
        IntFunction<LagoRequest> requests = calls.pages(reading, place.path(), filters);
        Pages pages = new Pages(number -> client.call(requests.apply(number), this::decode), pool,
                ahead(), selected.inAnyOrder() && reading.operation().paged());
        pages.readAhead();
        return new Opened(place, selected, pages);
    }

    /** The pages of a list whose objects other lists belong to. */
    Pages parents(BoundOperation list, ParentKey place, String field) {
        Map<String, Object> filters = new HashMap<>();
        list.operation().query().stream().filter(q -> place.value(q.name()) != null)
                .forEach(q -> filters.put(q.name(), place.value(q.name())));
        Binding binding = new Binding(BodyType.JSON, null);
        IntFunction<LagoRequest> requests = calls.pages(list, place.path(), filters);
        return new Pages(number -> client.call(requests.apply(number),
                response -> Envelope.page(response, list.operation().answerRoot(), binding, Set.of(field))), pool, ahead(),
                true);
    }

    /** A poll is over; {@code whole} unless it was cut off or broken. */
    void polled(boolean whole) {
        selection.polled(whole);
    }

    private int ahead() {
        return pool == null ? 0 : endpoint.configuration().getPrefetchPages();
    }

    private Map<String, Object> filters(ParentKey place) {
        Map<String, Object> filters = new HashMap<>();
        place.filters().forEach((name, value) -> {
            if (QueryBuilder.knows(reading.operation(), name)) {
                filters.put(name, value);
            }
        });
        return filters;
    }

    /** Path and filters: what makes a list this one. File repositories allow no equals sign in it. */
    private String name(ParentKey place) {
        Map<String, Object> filters = new TreeMap<>(endpoint.filter());
        filters.putAll(filters(place));
        StringBuilder name = new StringBuilder(calls.path(reading, place.path()));
        filters.forEach((filter, value) -> name.append(';').append(filter).append(':').append(value));
        return name.toString().replace('=', ':');
    }

    private Page decode(LagoResponse response) throws IOException {
        Operation operation = reading.operation();
        if (operation.answer() == Operation.Answer.LIST) {
            return Envelope.page(response, operation.answerRoot(), endpoint.binding(), fields);
        }
        if (!operation.listed() && Envelope.isList(response)) {
            return Envelope.page(response, null, endpoint.binding(), fields);
        }
        // what is not a list is a page of one
        Object body = operation.answer() == Operation.Answer.TEXT
                ? new String(response.body(), StandardCharsets.UTF_8)
                : Envelope.unwrap(response, operation.answerRoot(), endpoint.binding());
        List<LagoRecord> records = body == null
                ? List.of()
                : List.of(new LagoRecord(body, Map.of(), response.body(), 0, response.body().length));
        return new Page(records, null, null, null, response);
    }

    /** Whether one object is read that is always the same one. */
    public static boolean isSingle(BoundOperation reading) {
        return reading.operation().answer() != Operation.Answer.LIST && reading.operation().listed();
    }
}
