package io.github.camellago.operation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

import io.github.camellago.LagoConfiguration;
import io.github.camellago.LagoConstants;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.Repeat;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.RetryRule;
import org.apache.camel.Exchange;

/** Makes the request for an endpoint and a message. What is missing or ambiguous is refused before anything is sent. */
public record RequestFactory(EndpointSettings endpoint) {

    /** The request for an operation other than a list. */
    public LagoRequest request(BoundOperation bound, Exchange exchange) {
        Operation operation = bound.operation();
        CallOptions options = CallOptions.of(endpoint, exchange);
        Map<String, Object> filters = options.filters(operation);
        QueryBuilder query = new QueryBuilder().with(operation, filters, endpoint.configuration().getUnknownFilters());
        QueryBuilder.checkRequired(operation, filters.keySet());
        if (!operation.listed() && operation.paged()) {
            addPage(query, options.page());
        }
        String path = path(bound, name -> options.placeholder(bound, name));
        return request(bound, path, query.toText(), RequestBody.read(endpoint.target(), bound, options.id(bound), exchange));
    }

    /**
     * The request for one of the calls that an operation is made of.
     *
     * @param id   the id of the object, or null if the call is about none
     * @param body the JSON to send, or null
     */
    public LagoRequest request(BoundOperation bound, Exchange exchange, String id, byte[] body) {
        CallOptions options = CallOptions.of(endpoint, exchange);
        Map<String, Object> filters = options.filters(bound.operation());
        String query = new QueryBuilder()
                .with(bound.operation(), filters, endpoint.configuration().getUnknownFilters()).toText();
        String path = path(bound, name -> name.equals(bound.idName()) && id != null ? id : options.placeholder(bound, name));
        return request(bound, path, query, body);
    }

    /** The JSON of a message for an operation that needs a body, in its root key. */
    public byte[] body(BoundOperation bound, Exchange exchange) {
        return RequestBody.read(endpoint.target(), bound, null, exchange);
    }

    /** The id that the endpoint states, which a body cannot choose otherwise, or null. */
    public Object statedId(BoundOperation bound, Exchange exchange) {
        return CallOptions.of(endpoint, exchange).statedId(bound);
    }

    /** Adds the page unless it is the one that Lago returns without: a path that is not known may be no list. */
    private void addPage(QueryBuilder query, int page) {
        int perPage = endpoint.configuration().getPerPage();
        if (page != 1 || perPage != LagoConfiguration.DEFAULT_PER_PAGE) {
            query.with("page", page).with("per_page", perPage);
        }
    }

    /** Makes the requests for the pages of a list. The message is read here and may change afterwards. */
    public BiFunction<Integer, Integer, LagoRequest> pages(BoundOperation bound, Exchange exchange) {
        CallOptions options = CallOptions.of(endpoint, exchange);
        return pages(bound, path(bound, name -> options.placeholder(bound, name)), options.filters(bound.operation()));
    }

    /**
     * Makes the requests for the pages of a list without a message.
     *
     * @param  values  values of placeholders, in place of the endpoint's
     * @param  filters all filters; the endpoint's are not added
     * @return         the request for a page by its number, from 1, and by the number of records that it has
     */
    public BiFunction<Integer, Integer, LagoRequest> pages(BoundOperation bound, Map<String, ?> values,
            Map<String, ?> filters) {
        return pages(bound, path(bound, values), filters);
    }

    private BiFunction<Integer, Integer, LagoRequest> pages(BoundOperation bound, String path, Map<String, ?> filters) {
        Operation operation = bound.operation();
        QueryBuilder.checkRequired(operation, filters.keySet());
        Map<String, Object> all = new LinkedHashMap<>(filters);
        return (page, size) -> {
            QueryBuilder query = new QueryBuilder().with(operation, all, endpoint.configuration().getUnknownFilters());
            if (operation.paged()) {
                query.with("page", page).with("per_page", size);
            }
            return request(bound, path, query.toText(), null);
        };
    }

    private static LagoRequest request(BoundOperation bound, String path, String query, byte[] body) {
        Operation operation = bound.operation();
        return new LagoRequest(operation.method(), path, query, body, RetryRule.of(repeat(operation, body)),
                bound.permission());
    }

    private static Repeat repeat(Operation operation, byte[] body) {
        try {
            return switch (operation.repeat()) {
                case WITH_EXTERNAL_ID -> Envelope.keys(body, operation.root()).contains("external_id")
                        // Lago makes a plan of its own for overrides: a repeat would be a change of the plan
                        && !Envelope.keys(body, operation.root()).contains("plan_overrides")
                        && !Envelope.keys(body, null).contains("authorization") ? Repeat.SAFE : Repeat.NEVER;
                case WITH_CODE -> Envelope.keys(body, operation.root()).contains("code") ? Repeat.UNIQUE_BY_CODE : Repeat.NEVER;
                default -> operation.repeat();
            };
        } catch (IOException e) {
            return Repeat.NEVER;
        }
    }

    /** The id of the object that a call is about, or null. */
    public Object id(BoundOperation bound, Exchange exchange) {
        Object id = CallOptions.of(endpoint, exchange).id(bound);
        return CallOptions.isBlank(id) ? null : id;
    }

    /**
     * The path to call without a message.
     *
     * @param  values                   values of placeholders, in place of the endpoint's
     * @throws IllegalArgumentException if a placeholder has no value
     */
    public String path(BoundOperation bound, Map<String, ?> values) {
        return path(bound, name -> {
            if (values.containsKey(name)) {
                return values.get(name);
            }
            String id = endpoint.id();
            return name.equals(bound.idName()) && id != null ? id : endpoint.path().get(name);
        });
    }

    private String path(BoundOperation bound, Function<String, Object> values) {
        return bound.path().expand(name -> {
            Object value = values.apply(name);
            if (CallOptions.isBlank(value)) {
                throw missing(bound, name);
            }
            checkValue(bound, name, value);
            return value.toString();
        });
    }

    /** Rejects a value that Lago could not distinguish from another one in a path. */
    public static void checkValue(BoundOperation bound, String name, Object value) {
        // servers and proxies take dots for steps in the path, however they are encoded
        if (CallOptions.isBlank(value) || value.toString().equals(".") || value.toString().equals("..")) {
            throw new IllegalArgumentException("The " + name + " of " + bound.path() + " must not be \"" + value + "\"");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value.toString())) {
            throw new IllegalArgumentException("The " + name + " of " + bound.path() + " is not valid Unicode text");
        }
    }

    private IllegalArgumentException missing(BoundOperation bound, String name) {
        String ways = "the header " + LagoConstants.PATH_PREFIX + name + " or the option path." + name;
        if (!name.equals(bound.idName())) {
            return new IllegalArgumentException("The placeholder {" + name + "} of " + bound.path() + " is not filled: set "
                    + ways);
        }
        BoundOperation all = endpoint.target().operation(bound.name() + "_all");
        return new IllegalArgumentException("The operation " + bound.title() + " needs the object's " + name
                + ": set the option id or the header " + LagoConstants.ID
                + (endpoint.hasPlaceholder(name) ? ", or " + ways : "")
                + (all == null ? "" : ". For all of them there is the operation " + all.name()));
    }
}
