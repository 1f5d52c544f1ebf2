package io.github.camellago.operation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.camellago.LagoConstants;
import io.github.camellago.UnknownFilters;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.QueryParameter;
import io.github.camellago.catalog.QueryParameter.Kind;
import io.github.camellago.catalog.Resource;
import io.github.camellago.catalog.ValueType;
import org.apache.camel.support.ObjectHelper;

/** Writes filters as the query that Lago expects: {@code name=value}, {@code name[]=value} or {@code name[key]=value}. */
public final class QueryBuilder {

    /** Two names of one parameter, of which Lago reads the second only if the first is not there. */
    private static final Map<String, String> OTHER_NAMES = Map.of("customer_external_id", "external_customer_id",
            "filter_by_charge_code", "charge_code", "filter_by_charge_id", "charge_id", "filter_by_group", "group",
            "filter_by_metric_code", "billable_metric_code", "overriden", "overridden", "status", "subscription_status");

    private final StringJoiner query = new StringJoiner("&");

    /** Adds a parameter. */
    public QueryBuilder with(String name, Object value) {
        query.add(PathTemplate.encode(name) + "=" + PathTemplate.encode(String.valueOf(value)));
        return this;
    }

    /**
     * Adds filters.
     *
     * @throws IllegalArgumentException if a filter is empty, has a value that Lago would misread, or is not known; nothing is known
     *                                  of calls that the catalog does not have
     */
    public QueryBuilder with(Operation operation, Map<?, ?> filters, UnknownFilters unknown) {
        filters.forEach((key, value) -> {
            Name name = Name.of(String.valueOf(key));
            QueryParameter parameter = parameter(operation, name.base());
            if (parameter == null && operation.listed() && unknown == UnknownFilters.REJECT) {
                throw new IllegalArgumentException("The operation " + operation.name() + " (" + operation.method() + " "
                        + operation.path() + ") has no filter " + name.base() + ". It has: "
                        + names(operation.query().stream()));
            }
            add(name, parameter, FilterParser.requireValue(name.text(), value));
        });
        return this;
    }

    private void add(Name name, QueryParameter known, Object value) {
        QueryParameter parameter = known == null ? unknown(name, value) : known;
        ValueType type = parameter.type();
        String base = parameter.name();
        switch (parameter.kind()) {
            case MAP -> {
                if (name.entry() != null) {
                    addEntry(base, name.entry(), value);
                } else if (value instanceof Map<?, ?> map) {
                    map.forEach((entry, v) -> addEntry(base, String.valueOf(entry), v));
                } else {
                    throw new IllegalArgumentException(
                            "The filter " + base + " takes entries: write filter." + base + ".<key>=<value>");
                }
            }
            case ARRAY -> {
                requireNoEntries(name, value);
                values(name.text(), value).forEach(v -> with(base + "[]", FilterValues.toText(base, type, v)));
            }
            case SINGLE -> {
                requireNoEntries(name, value);
                List<Object> values = isSeveral(value) ? values(name.text(), value) : List.of(value);
                if (values.size() > 1) {
                    throw new IllegalArgumentException("The filter " + base + " takes one value, not " + values.size());
                }
                with(base, FilterValues.toText(base, type, values.get(0)));
            }
        }
    }

    /** A parameter that the catalog does not have, of the kind that its name and its value say. */
    private static QueryParameter unknown(Name name, Object value) {
        boolean map = name.entry() != null || value instanceof Map;
        boolean array = name.array() || isSeveral(value);
        Kind kind = map ? Kind.MAP : array ? Kind.ARRAY : Kind.SINGLE;
        return new QueryParameter(name.base(), kind, false, ValueType.TEXT);
    }

    private void addEntry(String base, String entry, Object given) {
        String name = base + "[" + entry + "]";
        if (entry.isBlank()) {
            throw new IllegalArgumentException("The filter " + name + " has an entry without a key");
        }
        FilterValues.requireUnicode(name, name);
        Object value = FilterParser.requireValue(base + "." + entry, given);
        if (isSeveral(value)) {
            values(base + "." + entry, value)
                    .forEach(v -> with(name + "[]", FilterValues.toText(name, ValueType.TEXT, v)));
        } else {
            with(name, FilterValues.toText(name, ValueType.TEXT, value));
        }
    }

    private static void requireNoEntries(Name name, Object value) {
        if (name.entry() != null || value instanceof Map) {
            throw new IllegalArgumentException("The filter " + name.base() + " takes no entries, but values");
        }
    }

    private static boolean isSeveral(Object value) {
        return value instanceof Iterable || value.getClass().isArray();
    }

    /** The values of a list, an array or a comma list; an empty one among them is refused. */
    private static List<Object> values(String name, Object value) {
        List<Object> values = new ArrayList<>();
        if (isSeveral(value)) {
            ObjectHelper.createIterable(value).forEach(values::add);
        } else if (value instanceof CharSequence text) {
            Stream.of(text.toString().split(",", -1)).map(String::strip).forEach(values::add);
        } else {
            values.add(value);
        }
        FilterParser.requireValue(name, values);
        values.replaceAll(v -> FilterParser.requireValue(name, v));
        return values;
    }

    /** Whether the operation takes a filter of that name. */
    public static boolean knows(Operation operation, String name) {
        return parameter(operation, Name.of(name).base()) != null;
    }

    /** Whether a filter takes several values. */
    static boolean isArray(Operation operation, String name) {
        QueryParameter parameter = parameter(operation, Name.of(name).base());
        return parameter != null && parameter.kind() == Kind.ARRAY;
    }

    /** Whether two filters are written to the same parameter, or to the same entry of a map. */
    static boolean overlap(Operation operation, String one, String other) {
        Name a = Name.of(one);
        Name b = Name.of(other);
        return base(operation, a).equals(base(operation, b))
                && (a.entry() == null || b.entry() == null || a.entry().equals(b.entry()));
    }

    private static String base(Operation operation, Name name) {
        QueryParameter parameter = parameter(operation, name.base());
        String known = parameter == null ? name.base() : parameter.name();
        String other = OTHER_NAMES.get(known);
        return other == null || operation.query(other) == null ? known : other;
    }

    /** Refuses filters that the operation does not know, or that cannot have such values. */
    public static void check(Operation operation, Map<?, ?> filters, UnknownFilters unknown) {
        new QueryBuilder().with(operation, filters, unknown);
    }

    /** Refuses filters that no operation of the resource knows, or that cannot have such values in any. */
    public static void check(Resource resource, Map<String, Object> filters, UnknownFilters unknown) {
        filters.forEach((name, value) -> {
            String base = Name.of(name).base();
            List<Operation> knowing = resource.operations().stream().map(BoundOperation::operation)
                    .filter(o -> parameter(o, base) != null).toList();
            if (knowing.isEmpty() && unknown == UnknownFilters.REJECT) {
                throw new IllegalArgumentException("The resource " + resource.path() + " has no filter " + base + ". It has: "
                        + names(resource.operations().stream().flatMap(o -> o.operation().query().stream())));
            }
            FilterParser.requireValue(base, value);
            RuntimeException refusal = null;
            for (Operation operation : knowing) {
                try {
                    check(operation, Map.of(name, value), unknown);
                    return;
                } catch (IllegalArgumentException e) {
                    refusal = e;
                }
            }
            if (refusal != null) {
                throw refusal;
            }
        });
    }

    /** Refuses a call without a parameter that Lago requires. */
    public static void checkRequired(Operation operation, Collection<String> names) {
        for (QueryParameter parameter : operation.query()) {
            if (parameter.required() && names.stream().noneMatch(n -> Name.of(n).base().equals(parameter.name()))) {
                throw new IllegalArgumentException("The operation " + operation.name() + " (" + operation.method() + " "
                        + operation.path() + ") needs the filter " + parameter.name() + ": set the option filter."
                        + parameter.name() + " or put it into the header " + LagoConstants.FILTER);
            }
        }
    }

    private static String names(Stream<QueryParameter> parameters) {
        TreeSet<String> names = parameters.map(QueryParameter::documentedName).collect(Collectors.toCollection(TreeSet::new));
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    /**
     * The parameter of that name, or the array of the plural where Lago has one ({@code payment_status}: {@code payment_statuses[]}).
     * Lago takes some under both names, and then reads one only.
     */
    private static QueryParameter parameter(Operation operation, String name) {
        for (String ending : List.of("s", "es")) {
            QueryParameter plural = operation.query(name + ending);
            if (plural != null && plural.kind() == Kind.ARRAY) {
                return plural;
            }
        }
        return operation.query(name);
    }

    /** The query, percent-encoded, or null when it is empty. */
    public String toText() {
        return query.length() == 0 ? null : query.toString();
    }

    /** A filter's name as users write it: {@code name}, {@code name[]}, {@code name.entry} or {@code name[entry]}. */
    private record Name(String text, String base, String entry, boolean array) {

        static Name of(String text) {
            if (text.endsWith("[]")) {
                return new Name(text, text.substring(0, text.length() - 2), null, true);
            }
            if (text.endsWith("]") && text.contains("[")) {
                int bracket = text.indexOf('[');
                return new Name(text, text.substring(0, bracket), text.substring(bracket + 1, text.length() - 1), false);
            }
            int dot = text.indexOf('.');
            return dot < 0
                    ? new Name(text, text, null, false)
                    : new Name(text, text.substring(0, dot), text.substring(dot + 1), false);
        }
    }
}
