package io.github.camellago.poll;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;

import io.github.camellago.BodyType;
import io.github.camellago.api.RecordRepository.Row;
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
import io.github.camellago.operation.Pages;
import io.github.camellago.operation.QueryBuilder;
import io.github.camellago.operation.RecordKeys;
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
    private final RecordKeys keys;
    private final RecordLookup lookup;
    private volatile String organization = "";

    /**
     * @param watched a field that is asked for besides those that the selection needs, or null
     * @param lookup  looks up records that may be gone, or null
     * @param pool    where pages are fetched ahead, or null to fetch none
     */
    public ListReader(EndpointSettings endpoint, LagoClient client, BoundOperation reading,
            Selection selection, String watched, RecordLookup lookup, ExecutorService pool) {
        this.endpoint = endpoint;
        this.client = client;
        this.reading = reading;
        this.selection = selection;
        this.lookup = lookup;
        this.pool = pool;
        this.calls = new RequestFactory(endpoint);
        this.keys = RecordKeys.of(reading.entry().records(), false);
        this.fields = new LinkedHashSet<>(selection.fields());
        if (watched != null) {
            fields.add(watched);
        }
        if (reading.entry().records().id() != null) {
            fields.add(reading.entry().records().id());
        }
    }

    /** A list that is being read. Closing it may be done by any thread. */
    public record Opened(ParentKey parent, Reading reading, Pages pages) implements AutoCloseable {

        @Override
        public void close() {
            pages.close();
        }
    }

    /** Opens the list of a parent. Its first page may be in flight when this returns. */
    Opened open(ParentKey parent) {
        Map<String, Object> filters = filters(parent);
        String list = name(parent, filters);
        Reading selected = selection.begin(list);
        filters.putAll(selected.queryWindow());
        BiFunction<Integer, Integer, LagoRequest> requests = calls.pages(reading, parent.path(), filters);
        Pages.Source source = (number, size) -> {
            Page page = client.call(requests.apply(number, size), response -> decode(response, selected));
            selected.prepare(page);
            return page;
        };
        Pages pages = selected.mayReadOutOfOrder() || !reading.operation().paged() || !reading.operation().listed()
                ? Pages.inAnyOrder(source, 1, endpoint.configuration().getPerPage(), pool, ahead(reading))
                : Pages.overlapping(source, 1, endpoint.configuration().getPerPage(), pool, ahead(reading),
                        record -> keys.identity(list, record, record.digest()));
        pages.readAhead();
        return new Opened(parent, selected, pages);
    }

    /** The pages of a list whose records are parents of other lists. */
    Pages parents(BoundOperation list, ParentKey parent, String field) {
        Map<String, Object> filters = new HashMap<>();
        list.operation().query().stream().filter(q -> parent.value(q.name()) != null)
                .forEach(q -> filters.put(q.name(), parent.value(q.name())));
        Binding binding = new Binding(BodyType.JSON, null);
        BiFunction<Integer, Integer, LagoRequest> requests = calls.pages(list, parent.path(), filters);
        return Pages.inAnyOrder(
                (number, size) -> client.call(requests.apply(number, size),
                        response -> Envelope.page(response, list.operation().answerRoot(), binding, Set.of(field))),
                1, endpoint.configuration().getPerPage(), pool, ahead(list));
    }

    /** A poll is over; {@code whole} unless it was interrupted or failed. */
    void polled(boolean whole) {
        selection.polled(whole);
    }

    /** Whether deletions are delivered. */
    boolean findsDeletions() {
        return lookup != null;
    }

    /** Whether Lago has no longer a record that a complete reading of its list has not found. */
    boolean isGone(ParentKey parent, Row row) {
        return lookup.isGone(parent, row);
    }

    /** A page was processed. */
    void flush() {
        selection.flush();
    }

    private int ahead(BoundOperation list) {
        return list.operation().paged()
                ? endpoint.configuration().getPrefetchPages()
                : Math.min(1, endpoint.configuration().getPrefetchPages());
    }

    /** The endpoint's filters, with those that a parent gives. */
    private Map<String, Object> filters(ParentKey parent) {
        Map<String, Object> filters = endpoint.filters(reading.operation());
        parent.filters().forEach((name, value) -> {
            if (QueryBuilder.knows(reading.operation(), name)) {
                filters.put(name, value);
            }
        });
        return filters;
    }

    /** Path and filters, which make a list this one. File repositories allow no equals sign. */
    private String name(ParentKey parent, Map<String, Object> filters) {
        StringBuilder name = new StringBuilder(organization()).append(calls.path(reading, parent.path()));
        new TreeMap<>(filters).forEach((filter, value) -> name.append(';').append(filter).append(':').append(value));
        return name.toString().replace('=', ':');
    }

    /** With deletions, the records of another organization in the same store would count as deleted. */
    private String organization() {
        if (lookup != null && organization.isEmpty()) {
            organization = lookup.organization() + '/';
        }
        return organization;
    }

    private Page decode(LagoResponse response, Reading selected) throws IOException {
        Operation operation = reading.operation();
        if (operation.answer() == Operation.Answer.LIST) {
            try {
                return Envelope.page(response, operation.answerRoot(), endpoint.binding(), fields, selected.known());
            } catch (IOException e) {
                return UnreadableRecord.page(response, operation.answerRoot(), endpoint.binding(), fields);
            }
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
