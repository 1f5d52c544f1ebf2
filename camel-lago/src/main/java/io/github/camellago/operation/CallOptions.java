package io.github.camellago.operation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camellago.LagoConstants;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.client.Credentials;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The options of one call. What the endpoint states is fixed: a header never overrules its {@code operation}, {@code id},
 * {@code path.NAME} and {@code filter.NAME}. Headers fill what the endpoint leaves open.
 */
public record CallOptions(EndpointSettings endpoint, Map<String, Object> computed, Message message) {

    /** An exchange property: the {@link Computed} options of the next call. */
    public static final String COMPUTED = "CamelLagoComputedOptions";

    private static final String ID = "id";
    private static final String PATH = "path.";
    private static final String FILTER = "filter.";

    /**
     * The options that {@code toD} computed for one call of an endpoint that is shared by all values. They count as stated by the
     * endpoint.
     *
     * @param endpoint the URI of the endpoint. A call of another endpoint gets neither the values nor the key
     * @param values   the values, by the names of the options. An {@code apiKey} is a {@link Credentials}, which shows itself nowhere
     */
    public record Computed(String endpoint, Map<String, Object> values) {}

    public static CallOptions of(EndpointSettings endpoint, Exchange exchange) {
        return new CallOptions(endpoint, computed(endpoint.uri(), exchange), exchange.getMessage());
    }

    /** The API key of a call, or null if the endpoint has one. */
    public static Credentials key(String endpoint, Exchange exchange) {
        return (Credentials) computed(endpoint, exchange).get("apiKey");
    }

    private static Map<String, Object> computed(String endpoint, Exchange exchange) {
        Computed computed = exchange.getProperty(COMPUTED, Computed.class);
        return computed != null && computed.endpoint().equals(endpoint) ? computed.values() : Map.of();
    }

    /** The name of the operation, or null if neither the endpoint nor the message names one. */
    public static String operation(EndpointSettings endpoint, Message message) {
        if (endpoint.operation() != null) {
            return endpoint.operation();
        }
        Object header = message.getHeader(LagoConstants.OPERATION);
        return isBlank(header) ? null : header.toString();
    }

    /** The number of the page to list. */
    public int page() {
        Object page = computed.get("page");
        if (page == null) {
            return message.getHeader(LagoConstants.PAGE, endpoint.page(), Integer.class);
        }
        try {
            return Integer.parseInt(page.toString().strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("The option page=" + page + " must be a whole number");
        }
    }

    /** The id of the object that a call is about. Null or blank if nothing gives it. */
    Object id(BoundOperation bound) {
        Object stated = statedId(bound);
        return stated != null || bound.idName() == null ? stated : placeholder(bound.idName(), true);
    }

    /** The id that the endpoint states in its path or its option {@code id}, or null. */
    Object statedId(BoundOperation bound) {
        if (bound.idName() == null) {
            return bound.literalId();
        }
        if (computed.containsKey(ID)) {
            return computed.get(ID);
        }
        if (!isBlank(endpoint.id())) {
            return endpoint.id();
        }
        Object inPath = computed.getOrDefault(PATH + bound.idName(), endpoint.path().get(bound.idName()));
        return isBlank(inPath) ? null : inPath;
    }

    /** The value of a placeholder of the path. Null or blank if nothing gives it. */
    Object placeholder(BoundOperation bound, String name) {
        return name.equals(bound.idName()) ? id(bound) : placeholder(name, false);
    }

    private Object placeholder(String name, boolean isId) {
        if (computed.containsKey(PATH + name)) {
            return computed.get(PATH + name);
        }
        if (!isBlank(endpoint.path().get(name))) {
            return endpoint.path().get(name);
        }
        Object ofName = FilterParser.plain(message.getHeader(LagoConstants.PATH_PREFIX + name));
        Object ofId = isId ? FilterParser.plain(message.getHeader(LagoConstants.ID)) : null;
        boolean nameFirst = !isId || endpoint.hasPlaceholder(name);
        return nameFirst ? first(ofName, ofId) : first(ofId, ofName);
    }

    /** The endpoint's filters, as far as the operation has them, and those that the message adds. */
    Map<String, Object> filters(Operation operation) {
        Map<String, Object> filters = endpoint.filters(operation);
        computed.forEach((name, value) -> {
            if (name.startsWith(FILTER)) {
                String filter = name.substring(FILTER.length());
                // a computed value stays one value: its commas make no list
                boolean text = value instanceof CharSequence && QueryBuilder.isArray(operation, filter);
                filters.put(filter, text ? List.of(value) : value);
            }
        });
        Map<String, Object> stated = new LinkedHashMap<>(filters);
        added().forEach((name, value) -> {
            if (stated.keySet().stream().noneMatch(other -> QueryBuilder.overlap(operation, other, name))) {
                filters.put(name, value);
            }
        });
        return filters;
    }

    /** The filters of the header. Entries of a map are filters of their own, so that the endpoint's entries replace only the same ones. */
    private Map<String, Object> added() {
        Map<String, Object> added = new LinkedHashMap<>();
        FilterParser.header(message.getHeader(LagoConstants.FILTER)).forEach((name, value) -> {
            if (value instanceof Map<?, ?> entries && !entries.isEmpty()) {
                entries.forEach((key, entry) -> added.put(name + '[' + key + ']', entry));
            } else {
                added.put(name, value);
            }
        });
        return added;
    }

    public static boolean isBlank(Object value) {
        return value == null || value.toString().isBlank();
    }

    private static Object first(Object one, Object other) {
        return isBlank(one) ? other : one;
    }
}
