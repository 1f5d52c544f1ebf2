package io.github.camellago.operation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import io.github.camellago.LagoConstants;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.QueryParameter;
import io.github.camellago.catalog.Resource;

/** Writes filters as the query that Lago expects: {@code name=value}, {@code name[]=value} or {@code name[key]=value}. */
public final class QueryBuilder {

    private final StringJoiner query = new StringJoiner("&");

    /** Adds a parameter. */
    public QueryBuilder with(String name, Object value) {
        query.add(PathTemplate.encode(name) + "=" + PathTemplate.encode(String.valueOf(value)));
        return this;
    }

    /** Adds filters; those that the operation does not know are refused, unless it is one that nothing is known of. */
    public QueryBuilder with(Operation operation, Map<?, ?> filters) {
        filters.forEach((key, value) -> {
            if (value == null) {
                return;
            }
            Name name = Name.of(String.valueOf(key));
            QueryParameter parameter = parameter(operation, name.base());
            if (parameter == null && operation.listed()) {
                throw unknown(operation, name.base());
            }
            add(name, parameter, value);
        });
        return this;
    }

    private void add(Name name, QueryParameter parameter, Object value) {
        QueryParameter.Kind kind = parameter == null ? null : parameter.kind();
        String base = parameter == null ? name.base() : parameter.name();
        if (name.entry() != null) {
            with(base + "[" + name.entry() + "]", value);
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((k, v) -> with(base + "[" + k + "]", v));
        } else if (kind == QueryParameter.Kind.MAP) {
            throw new IllegalArgumentException(
                    "The filter " + base + " takes entries: write filter." + base + ".<key>=<value>");
        } else if (kind == QueryParameter.Kind.ARRAY || value instanceof Iterable || value instanceof Object[]) {
            values(value).forEach(v -> with(base + "[]", v));
        } else {
            with(base, value);
        }
    }

    private static List<Object> values(Object value) {
        if (value instanceof Iterable<?> iterable) {
            return StreamSupport.stream(iterable.spliterator(), false).map(v -> (Object) v).toList();
        }
        if (value instanceof Object[] array) {
            return Arrays.asList(array);
        }
        List<Object> values = new ArrayList<>();
        for (String part : String.valueOf(value).split(",")) {
            if (!part.isBlank()) {
                values.add(part.strip());
            }
        }
        return values;
    }

    /** Whether the operation takes a filter of that name. */
    public static boolean knows(Operation operation, String name) {
        return parameter(operation, Name.of(name).base()) != null;
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
        return parameter == null ? name.base() : parameter.name();
    }

    /**
     * Reads filters from text of the form {@code name=value;name=value}.
     *
     * @param source where the text is from, for messages
     */
    public static Map<String, Object> parse(String source, String text) {
        Map<String, Object> filters = new LinkedHashMap<>();
        for (String one : text.split(";")) {
            String[] nameAndValue = one.strip().split("=", 2);
            if (nameAndValue.length < 2) {
                throw new IllegalArgumentException(
                        "The " + source + "=" + text + " is not of the form name=value;name=value");
            }
            filters.put(nameAndValue[0], nameAndValue[1]);
        }
        return filters;
    }

    /** Refuses filters that the operation does not know, or that cannot have such values. */
    public static void check(Operation operation, Map<?, ?> filters) {
        new QueryBuilder().with(operation, filters);
    }

    /** Refuses filters that no operation of the resource knows. */
    public static void check(Resource resource, Collection<String> names) {
        for (String name : names) {
            String base = Name.of(name).base();
            if (resource.operations().stream().noneMatch(o -> parameter(o.operation(), base) != null)) {
                TreeSet<String> known = resource.operations().stream().flatMap(o -> o.operation().query().stream())
                        .map(QueryParameter::documentedName).collect(Collectors.toCollection(TreeSet::new));
                throw new IllegalArgumentException("The resource " + resource.path() + " has no filter " + base + ". It has: "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
        }
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

    private static IllegalArgumentException unknown(Operation operation, String name) {
        TreeSet<String> known = operation.query().stream().map(QueryParameter::documentedName)
                .collect(Collectors.toCollection(TreeSet::new));
        return new IllegalArgumentException(
                "The operation " + operation.name() + " (" + operation.method() + " " + operation.path()
                        + ") has no filter " + name + ". It has: " + (known.isEmpty() ? "none" : String.join(", ", known)));
    }

    /** The parameter of that name, or the array of the plural where Lago has one ({@code payment_status}: {@code payment_statuses[]}). */
    private static QueryParameter parameter(Operation operation, String name) {
        QueryParameter exact = operation.query(name);
        if (exact != null) {
            return exact;
        }
        for (String ending : List.of("s", "es")) {
            QueryParameter plural = operation.query(name + ending);
            if (plural != null && plural.kind() == QueryParameter.Kind.ARRAY) {
                return plural;
            }
        }
        return null;
    }

    /** The query, percent-encoded, or null when it is empty. */
    public String toText() {
        return query.length() == 0 ? null : query.toString();
    }

    /** A filter's name as users write it: {@code name}, {@code name[]}, {@code name.entry} or {@code name[entry]}. */
    private record Name(String base, String entry) {

        static Name of(String text) {
            if (text.endsWith("[]")) {
                return new Name(text.substring(0, text.length() - 2), null);
            }
            if (text.endsWith("]") && text.contains("[")) {
                int bracket = text.indexOf('[');
                return new Name(text.substring(0, bracket), text.substring(bracket + 1, text.length() - 1));
            }
            int dot = text.indexOf('.');
            return dot < 0 ? new Name(text, null) : new Name(text.substring(0, dot), text.substring(dot + 1));
        }
    }
}
