package io.github.camellago.poll;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.camellago.api.LagoException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.QueryParameter;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.Page;
import io.github.camellago.operation.EndpointSettings;
import io.github.camellago.operation.Pages;
import io.github.camellago.operation.RequestFactory;

/**
 * The parents that {@code path.<name>=*} stands for: all objects that the rest of the path may belong to. The catalog says which
 * list they are in, and which of their fields is in the path.
 */
public final class ParentLists {

    /** Filters that some calls require, and the lists that have their values. */
    private static final Map<String, String> FILTERED_BY = Map.of("external_customer_id", "customers",
            "external_subscription_id", "subscriptions");
    private static final String ALL = "*";

    private final EndpointSettings endpoint;
    private final BoundOperation reading;
    private final List<Level> levels = new ArrayList<>();

    public ParentLists(EndpointSettings endpoint, BoundOperation reading) {
        this.endpoint = endpoint;
        this.reading = reading;
        List<String> segments = reading.path().segments();
        for (int i = 0; i < segments.size(); i++) {
            if (PathTemplate.isPlaceholder(segments.get(i))) {
                String name = PathTemplate.name(segments.get(i));
                if (ALL.equals(endpoint.path().get(name))) {
                    PathTemplate parents = reading.path().first(i);
                    Resource found = Catalog.get().find(parents);
                    // version 2 of the API has paths below objects that only version 1 lists
                    add(name, true, found != null || i == 0 ? found : Catalog.get().find(parents.withoutVersion()), parents);
                }
            }
        }
        reading.operation().query().stream().map(QueryParameter::name)
                .filter(name -> ALL.equals(endpoint.filter().get(name)) && FILTERED_BY.containsKey(name))
                .forEach(this::addFiltered);
    }

    private void addFiltered(String name) {
        if (levels.stream().noneMatch(level -> level.name.equals(name))) {
            PathTemplate path = PathTemplate.of(FILTERED_BY.get(name));
            add(name, false, Catalog.get().find(path), path);
        }
    }

    private void add(String name, boolean inPath, Resource parents, PathTemplate path) {
        BoundOperation list = parents == null ? null : parents.operation("list");
        if (list == null || list.entry().records().id() == null) {
            throw new IllegalArgumentException(
                    "The option path." + name + "=* needs a list of all, but Lago has none at " + path
                            + ". Set path." + name + " to one of them");
        }
        list.operation().query().stream().filter(QueryParameter::required).map(QueryParameter::name)
                .forEach(this::addFiltered);
        levels.add(new Level(name, inPath, list));
    }

    /**
     * All parents, one after the other. Their lists are read page by page on demand. There is one, {@link ParentKey#NONE}, if no path
     * has {@code *}.
     *
     * @param skipped takes the parents that cannot be reached, as Lago refuses a list on the way, or their id cannot be in a path
     */
    ParentIterator parents(ListReader lists, SkippedParents skipped) {
        return new ParentIterator(lists, skipped);
    }

    /**
     * The objects that a list belongs to.
     *
     * @param path    values of placeholders
     * @param filters values of filters
     */
    public record ParentKey(Map<String, String> path, Map<String, String> filters) {

        static final ParentKey NONE = new ParentKey(Map.of(), Map.of());

        private ParentKey with(Level level, String value) {
            Map<String, String> values = new LinkedHashMap<>(level.inPath ? path : filters);
            values.put(level.name, value);
            return level.inPath ? new ParentKey(values, filters) : new ParentKey(path, values);
        }

        /** The value of a placeholder or filter. */
        String value(String name) {
            return path.getOrDefault(name, filters.get(name));
        }

        @Override
        public String toString() {
            return Stream.of(path, filters).flatMap(values -> values.entrySet().stream()).map(Map.Entry::toString)
                    .collect(Collectors.joining(", "));
        }
    }

    private record Level(String name, boolean inPath, BoundOperation list) {

        private String field() {
            return list.entry().records().id();
        }
    }

    /** Depth first, without recursion, as it may stop between any two parents. */
    final class ParentIterator implements Iterator<ParentKey> {

        private final ListReader lists;
        private final SkippedParents skipped;
        private final Deque<Branch> branches = new ArrayDeque<>();
        private ParentKey next;
        private boolean stopped;

        private ParentIterator(ListReader lists, SkippedParents skipped) {
            this.lists = lists;
            this.skipped = skipped;
            if (levels.isEmpty()) {
                next = ParentKey.NONE;
            } else {
                branches.push(new Branch(ParentKey.NONE, 0));
                advance();
            }
        }

        private void advance() {
            next = null;
            while (next == null && !branches.isEmpty()) {
                Branch branch = branches.peek();
                String value = branch.nextValue();
                if (value == null) {
                    branches.pop();
                    continue;
                }
                Level level = levels.get(branch.depth);
                ParentKey parent = branch.parent.with(level, value);
                if (!leadsTo(parent, level, value)) {
                    continue;
                }
                if (branch.depth + 1 < levels.size()) {
                    branches.push(new Branch(parent, branch.depth + 1));
                } else {
                    next = parent;
                }
            }
        }

        private boolean leadsTo(ParentKey parent, Level level, String value) {
            try {
                if (level.inPath) {
                    RequestFactory.checkValue(reading, level.name, value);
                }
                return true;
            } catch (IllegalArgumentException e) {
                skipped.keep(parent, e);
                return false;
            }
        }

        /** Whether there are no more parents; false also if it was stopped while there may be more. */
        boolean isOver() {
            return next == null && !stopped;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public ParentKey next() {
            ParentKey parent = next;
            advance();
            return parent;
        }

        private final class Branch {

            private final ParentKey parent;
            private final int depth;
            private final Pages pages;
            private final Set<String> met = new HashSet<>();
            private Iterator<String> values = List.<String>of().iterator();

            private Branch(ParentKey parent, int depth) {
                this.parent = parent;
                this.depth = depth;
                this.pages = lists.parents(levels.get(depth).list, parent, levels.get(depth).field());
            }

            private String nextValue() {
                while (!values.hasNext()) {
                    Page page = pages.hasNext() ? nextPage() : null;
                    if (page == null) {
                        stopped |= pages.isClosed();
                        return null;
                    }
                    String field = levels.get(depth).field();
                    values = page.records().stream().map(record -> record.field(field))
                            .filter(value -> value != null && met.add(value)).toList().iterator();
                }
                return values.next();
            }

            private Page nextPage() {
                try {
                    Page page = pages.next();
                    pages.readAhead();
                    return page;
                } catch (LagoException e) {
                    skipped.keepOrThrow(parent, e);
                    return null;
                }
            }
        }
    }
}
