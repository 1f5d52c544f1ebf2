package io.github.camellago.events;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.BodyType;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.ReconciledEvent.Difference;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.client.Binding;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.LagoClient;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.Page;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.Pages;
import io.github.camellago.operation.RequestFactory;

/**
 * Looks events up at Lago, with as few requests as it can: the events list of their time, or of a subscription in that time, if it is short enough, else
 * one request per event. A list only shows what is stored. An event that it does not show is looked up alone before it counts as missing, since it may be
 * stored with another timestamp, and since a list may move while it is read.
 */
final class StoredEvents {

    private static final int PAGE_SIZE = 1000;
    private static final long MILLIS = 1000;
    private static final long NO_LIMIT = Integer.MAX_VALUE;
    /** A list of fewer events is not worth a request. */
    private static final int FEW = 4;
    private static final int REMEMBERED_METRICS = 10_000;
    private static final Binding JSON = new Binding(BodyType.JSON_NODE, null);
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final EndpointSettings settings;
    private final LagoClient client;
    private final RequestFactory requests;
    private final int pageSize;
    private final Executor executor;
    private final Map<String, Optional<String>> computed = new HashMap<>();

    /** An event, and what was found of it. */
    private static final class Lookup {

        private final ExpectedEvent event;
        /** whether the list of its time and subscription was read to its end */
        private boolean listed;
        /** null as long as nothing is found, and empty if the event is stored as it is */
        private Map<String, Difference> differences;

        Lookup(ExpectedEvent event) {
            this.event = event;
        }

        boolean isOpen() {
            return differences == null;
        }

        /** On ClickHouse, several events may be stored for one: the most similar counts. */
        void compare(JsonNode stored) {
            Map<String, Difference> other = EventComparison.differences(event, stored);
            if (differences == null || other.size() < differences.size()) {
                differences = other;
            }
        }
    }

    /** The events to look up together. */
    private record Lookups(List<Lookup> all, Map<String, List<Lookup>> byId) {

        static Lookups of(List<ExpectedEvent> events) {
            List<Lookup> all = events.stream().map(Lookup::new).toList();
            return new Lookups(all, all.stream().collect(Collectors.groupingBy(lookup -> lookup.event.transactionId())));
        }

        List<Lookup> open() {
            return all.stream().filter(Lookup::isOpen).toList();
        }

        /** The events with the transaction_id and subscription of a stored event, or with the transaction_id alone. */
        Stream<Lookup> of(JsonNode stored) {
            String subscription = stored.path(EventComparison.SUBSCRIPTION).asText();
            return byId.getOrDefault(stored.path("transaction_id").asText(), List.of()).stream()
                    .filter(lookup -> lookup.event.isIdOnly() || lookup.event.subscription().equals(subscription));
        }

        void match(JsonNode stored) {
            of(stored).forEach(lookup -> lookup.compare(stored));
        }
    }

    StoredEvents(EndpointSettings settings, LagoClient client, Executor executor) {
        this.settings = settings;
        this.client = client;
        this.requests = new RequestFactory(settings);
        this.pageSize = Math.max(PAGE_SIZE, settings.configuration().getPerPage());
        this.executor = executor;
    }

    /**
     * Looks up events.
     *
     * @param  answers of Lago, by transaction_id: empty if Lago does not have the event. Those of a run that failed are used again
     * @return         by position in the list: null for a missing event, an empty map for an event that is stored as it is, or the differences
     */
    List<Map<String, Difference>> find(List<ExpectedEvent> events, Map<String, Optional<JsonNode>> answers) {
        Lookups lookups = Lookups.of(events);
        readLists(lookups);
        lookUpAlone(lookups, answers);
        return lookups.all().stream().map(lookup -> ignoringComputed(lookup.event, lookup.differences)).toList();
    }

    /** Reads the list of the events' time if that is worth it, else the lists of their subscriptions. */
    private void readLists(Lookups lookups) {
        List<Lookup> dated = lookups.all().stream().filter(lookup -> lookup.event.hasReadableTimestamp()).toList();
        long subscriptions = dated.stream().map(lookup -> lookup.event.subscription()).distinct().count();
        if (subscriptions > 1 && dated.size() >= FEW) {
            // the lists of the subscriptions have at least one page each, and together at least these events
            long limit = Math.max(subscriptions, 2L * dated.size() / pageSize + 1);
            readList(dated, Map.of(), Math.min(limit, dated.size()), lookups);
        }
        dated.stream().filter(lookup -> lookup.isOpen() && !lookup.listed)
                .collect(Collectors.groupingBy(lookup -> lookup.event.subscription(), LinkedHashMap::new, Collectors.toList()))
                .values().stream().filter(own -> own.size() >= FEW).forEach(own -> {
                    Map<String, Object> filters = new HashMap<>();
                    filters.put(EventComparison.SUBSCRIPTION, own.get(0).event.subscription());
                    Set<String> codes = own.stream().map(lookup -> lookup.event.code()).collect(Collectors.toSet());
                    if (codes.size() == 1) {
                        filters.put("code", codes.iterator().next());
                    }
                    readList(own, filters, own.size(), lookups);
                });
    }

    /** Reads the list of the events' time to its end, unless that takes more pages than the limit. */
    private void readList(List<Lookup> own, Map<String, Object> filters, long limit, Lookups lookups) {
        LongSummaryStatistics millis = own.stream().mapToLong(lookup -> lookup.event.millis()).summaryStatistics();
        Map<String, Object> all = new HashMap<>(filters);
        // whole seconds, since stored timestamps have more digits than a filter may have
        all.put("timestamp_from", Instant.ofEpochSecond(Math.floorDiv(millis.getMin(), MILLIS)).toString());
        all.put("timestamp_to", Instant.ofEpochSecond(Math.floorDiv(millis.getMax(), MILLIS) + 1).toString());
        BiFunction<Integer, Integer, LagoRequest> calls = requests.pages(settings.operation("list"), Map.of(), all);
        Pages pages = Pages.inAnyOrder((number, size) -> client.call(calls.apply(number, size),
                answer -> Envelope.page(answer, "events", JSON, Set.of())), 1, pageSize, null, 0);
        for (long read = 0; pages.hasNext(); read++) {
            if (read == limit) {
                return;
            }
            Page page = pages.next();
            page.records().forEach(record -> lookups.match((JsonNode) record.body()));
            if (pages.hasNext() && page.totalCount() != null && page.totalCount() > limit * page.records().size()) {
                return;
            }
        }
        own.forEach(lookup -> lookup.listed = true);
    }

    /** Looks up what the lists have not shown. */
    private void lookUpAlone(Lookups lookups, Map<String, Optional<JsonNode>> answers) {
        Set<String> ids = lookups.open().stream().map(lookup -> lookup.event.transactionId()).collect(Collectors.toSet());
        ids.removeAll(answers.keySet());
        get(ids, answers);
        answers.values().forEach(answer -> answer.ifPresent(lookups::match));
        for (Lookup lookup : lookups.open()) {
            answers.getOrDefault(lookup.event.transactionId(), Optional.empty())
                    .ifPresent(other -> ofOtherSubscription(lookup, other, lookups));
        }
    }

    /**
     * Lago looks up by transaction_id alone, and answered the event of another subscription: either the id stands for both, or the event was sent with
     * the wrong subscription.
     */
    private void ofOtherSubscription(Lookup lookup, JsonNode other, Lookups lookups) {
        ExpectedEvent event = lookup.event;
        if (!lookup.listed && event.hasReadableTimestamp()) {
            readList(List.of(lookup), Map.of(EventComparison.SUBSCRIPTION, event.subscription()), NO_LIMIT, lookups);
        }
        // PostgreSQL refuses an event that it has with another timestamp. ClickHouse would store it again
        boolean harmless = lookups.of(other).anyMatch(l -> !l.event.isIdOnly())
                && UUID.matcher(other.path("lago_id").asText()).matches();
        if (lookup.isOpen() && !harmless) {
            lookup.compare(other);
        }
    }

    private void get(Collection<String> ids, Map<String, Optional<JsonNode>> answers) {
        Queue<String> left = new ConcurrentLinkedQueue<>(ids);
        Runnable work = () -> {
            try {
                for (String id = left.poll(); id != null; id = left.poll()) {
                    answers.put(id, Optional.ofNullable(get(id)));
                }
            } catch (RuntimeException e) {
                left.clear();
                throw e;
            }
        };
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        try {
            for (int i = 1; i < Math.min(settings.configuration().getConcurrentBatches(), ids.size()); i++) {
                workers.add(CompletableFuture.runAsync(work, executor));
            }
            work.run();
        } finally {
            workers.forEach(worker -> worker.exceptionally(e -> null).join());
        }
        try {
            workers.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private JsonNode get(String id) {
        BoundOperation get = settings.operation("get");
        LagoRequest request = LagoRequest.get(requests.path(get, Map.of("transaction_id", id)), null, get.permission());
        return (JsonNode) ReferenceCalls.get(client, request, "event", JSON);
    }

    /** Leaves out the property that Lago computes itself, from the expression of the event's metric. */
    private Map<String, Difference> ignoringComputed(ExpectedEvent event, Map<String, Difference> differences) {
        if (differences == null || differences.keySet().stream().noneMatch(field -> field.startsWith("properties."))) {
            return differences;
        }
        if (computed.size() > REMEMBERED_METRICS) {
            computed.clear();
        }
        Map<String, Difference> left = new LinkedHashMap<>(differences);
        computed.computeIfAbsent(event.code(), this::computedProperty)
                .ifPresent(name -> left.remove(EventComparison.property(name)));
        return left;
    }

    private Optional<String> computedProperty(String code) {
        try {
            String path = "billable_metrics/" + PathTemplate.encodeSegment(code);
            JsonNode metric = (JsonNode) ReferenceCalls.get(client, LagoRequest.get(path, null, "billable_metric"),
                    "billable_metric", JSON);
            boolean computes = metric != null && !metric.path("expression").asText("").isBlank();
            return computes ? Optional.of(metric.path("field_name").asText()) : Optional.empty();
        } catch (LagoPermissionException e) {
            return Optional.empty();
        }
    }
}
