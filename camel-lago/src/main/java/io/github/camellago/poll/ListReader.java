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

import io.github.camellago.BodyType;
import io.github.camellago.LagoConstants;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.LagoResponse;
import io.github.camellago.client.Page;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.QueryBuilder;
import io.github.camellago.operation.RequestFactory;
import io.github.camellago.poll.ParentLists.ParentKey;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;

/** Opens the lists that a consumer reads. */
public final class ListReader {

    private final EndpointSettings endpoint;
    private final LagoClient client;
    private final CamelContext context;
    private final BoundOperation reading;
    private final Selection selection;
    private final Set<String> fields;
    private final ExecutorService pool;
    private final RequestFactory calls;

    /**
     * @param watched a field that is asked for besides those that the selection needs, or null
     * @param pool    where pages are fetched ahead, or null to fetch none
     */
    public ListReader(EndpointSettings endpoint, LagoClient client, CamelContext context, BoundOperation reading,
            Selection selection, String watched, ExecutorService pool) {
        this.endpoint = endpoint;
        this.client = client;
        this.context = context;
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
        Exchange asking = asking(place);
        Reading selected = selection.begin(name(asking, place));
        Map<String, Object> filters = new HashMap<>(filters(place));
        filters.putAll(selected.window());
        asking.getMessage().setHeader(LagoConstants.FILTER, filters);
        Pages pages = new Pages(number -> client.call(calls.page(reading, asking, number), this::decode), pool,
                ahead(), selected.inAnyOrder() && reading.operation().paged());
        pages.readAhead();
        return new Opened(place, selected, pages);
    }

    /** The pages of a list whose objects other lists belong to. */
    Pages parents(BoundOperation list, ParentKey place, String field) {
        Exchange asking = asking(place);
        Map<String, Object> filters = new HashMap<>();
        list.operation().query().stream().filter(q -> place.value(q.name()) != null)
                .forEach(q -> filters.put(q.name(), place.value(q.name())));
        Binding binding = new Binding(BodyType.JSON, null);
        return new Pages(number -> client.call(calls.page(list, asking, filters, number),
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

    private Exchange asking(ParentKey place) {
        Exchange asking = new DefaultExchange(context);
        place.path().forEach((name, value) -> asking.getMessage().setHeader(LagoConstants.PATH_PREFIX + name, value));
        return asking;
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
    private String name(Exchange asking, ParentKey place) {
        Map<String, Object> filters = new TreeMap<>(endpoint.filter());
        filters.putAll(filters(place));
        StringBuilder name = new StringBuilder(calls.path(reading, asking));
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
