package io.github.camellago.operation;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.LagoConstants;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.catalog.Repeat;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoRequest;
import io.github.camellago.client.RetryRule;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.util.ObjectHelper;

/** Makes the request that an endpoint's options and a message ask for, and refuses what is missing before anything is sent. */
public final class RequestFactory {

    private final EndpointSettings endpoint;

    public RequestFactory(EndpointSettings endpoint) {
        this.endpoint = endpoint;
    }

    /** The request for an operation other than a list. */
    public LagoRequest request(BoundOperation bound, Exchange exchange) {
        Operation operation = bound.operation();
        Map<String, Object> filters = filters(operation, exchange.getMessage());
        QueryBuilder query = new QueryBuilder().with(operation, filters);
        QueryBuilder.checkRequired(operation, filters.keySet());
        byte[] body = body(bound, exchange);
        return request(bound, path(bound, exchange), query.toText(), body);
    }

    /** The request for one page of a list. */
    public LagoRequest page(BoundOperation bound, Exchange exchange, int page) {
        return pages(bound, exchange).apply(page);
    }

    /** The request for one page of a list, with other filters than the endpoint's. */
    public LagoRequest page(BoundOperation bound, Exchange exchange, Map<String, Object> filters, int page) {
        return pages(bound, exchange, filters).apply(page);
    }

    /** Makes the requests for the pages of a list. What the message says is read here; the message may change afterwards. */
    public IntFunction<LagoRequest> pages(BoundOperation bound, Exchange exchange) {
        return pages(bound, exchange, filters(bound.operation(), exchange.getMessage()));
    }

    private IntFunction<LagoRequest> pages(BoundOperation bound, Exchange exchange, Map<String, Object> filters) {
        Operation operation = bound.operation();
        QueryBuilder.checkRequired(operation, filters.keySet());
        String path = path(bound, exchange);
        return page -> {
            QueryBuilder query = new QueryBuilder().with(operation, filters);
            if (operation.paged()) {
                query.with("page", page).with("per_page", endpoint.configuration().getPerPage());
            }
            return request(bound, path, query.toText(), null);
        };
    }

    /** Refuses a path that no option fills, for there is no message to do it. */
    public void checkPath(BoundOperation bound, CamelContext context) {
        path(bound, new DefaultExchange(context));
    }

    private static LagoRequest request(BoundOperation bound, String path, String query, byte[] body) {
        Operation operation = bound.operation();
        return new LagoRequest(operation.method(), path, query, body, RetryRule.of(repeat(operation, body)),
                bound.permission());
    }

    private static Repeat repeat(Operation operation, byte[] body) {
        if (operation.repeat() != Repeat.WITH_EXTERNAL_ID) {
            return operation.repeat();
        }
        try {
            return Envelope.keys(body, operation.root()).contains("external_id") ? Repeat.SAFE : Repeat.NEVER;
        } catch (IOException e) {
            return Repeat.NEVER;
        }
    }

    private Map<String, Object> filters(Operation operation, Message message) {
        // the endpoint's filters were checked when it was made, and may be for another of its operations
        Map<String, Object> filters = new LinkedHashMap<>(endpoint.filter());
        filters.keySet().removeIf(name -> operation.listed() && !QueryBuilder.knows(operation, name));
        Object more = message.getHeader(LagoConstants.FILTER);
        if (more instanceof Map<?, ?> map) {
            map.forEach((name, value) -> filters.put(String.valueOf(name), value));
        } else if (more != null) {
            throw new IllegalArgumentException(
                    "The header " + LagoConstants.FILTER + " must be a Map of filters and their values, not "
                            + ObjectHelper.classCanonicalName(more));
        }
        return filters;
    }

    /** The path to call, with its placeholders filled. */
    public String path(BoundOperation bound, Exchange exchange) {
        Message message = exchange.getMessage();
        return bound.path().expand(name -> {
            Object value = name.equals(bound.idName()) ? id(bound, message) : placeholder(message, name);
            if (value == null) {
                throw missing(bound, name);
            }
            checkValue(bound, name, value);
            return value.toString();
        });
    }

    /** Refuses what cannot stand in a path. */
    public static void checkValue(BoundOperation bound, String name, Object value) {
        // servers and proxies take dots for steps in the path, however they are encoded
        if (ResponseHeaders.isBlank(value) || value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException("The " + name + " of " + bound.path() + " must not be \"" + value + "\"");
        }
    }

    /** The value of a placeholder of the URI. */
    private Object placeholder(Message message, String name) {
        return first(message.getHeader(LagoConstants.PATH_PREFIX + name), message.getHeader(name),
                endpoint.path().get(name));
    }

    /** The id of the object that a call is about. */
    public Object id(BoundOperation bound, Message message) {
        String name = bound.idName();
        if (name == null) {
            return bound.literalId();
        }
        return first(message.getHeader(LagoConstants.PATH_PREFIX + name), ResponseHeaders.id(message),
                inUri(name) ? message.getHeader(name) : null, endpoint.configuration().getId(), endpoint.path().get(name),
                ResponseHeaders.earlierId(message, bound.entry()));
    }

    private boolean inUri(String placeholder) {
        return endpoint.target().path().placeholders().contains(placeholder);
    }

    private static Object first(Object... values) {
        for (Object value : values) {
            if (!ResponseHeaders.isBlank(value)) {
                return value;
            }
        }
        return null;
    }

    private IllegalArgumentException missing(BoundOperation bound, String name) {
        String ways = "the header " + LagoConstants.PATH_PREFIX + name + " or " + name + ", or the option path." + name;
        if (!name.equals(bound.idName())) {
            return new IllegalArgumentException("The placeholder {" + name + "} of " + bound.path() + " is not filled: set "
                    + ways);
        }
        BoundOperation all = endpoint.target().operation(bound.name() + "_all");
        return new IllegalArgumentException("The operation " + bound.title() + " needs the object's " + name
                + ": set the option id or the header " + LagoConstants.ID + (inUri(name) ? ", or " + ways : "")
                + (all == null ? "" : ". For all of them there is the operation " + all.name()));
    }

    private byte[] body(BoundOperation bound, Exchange exchange) {
        Operation operation = bound.operation();
        boolean mayBeLeft = operation.body() != Operation.Body.REQUIRED && !bound.name().equals("update");
        if (operation.asks() || mayBeLeft && ResponseHeaders.bodyIsEarlier(exchange.getMessage())) {
            // what is left from the step before is no parameter of this one
            return null;
        }
        try {
            byte[] json = json(exchange, exchange.getMessage().getBody());
            if (isBlank(json)) {
                if (operation.body() == Operation.Body.REQUIRED) {
                    throw new IllegalArgumentException("The operation " + bound.title()
                            + " needs a body: a Map, a POJO or JSON with "
                            + (operation.root() == null ? "the call's parameters" : "the fields of the " + operation.root()));
                }
                return null;
            }
            if (mayBeLeft && isObject(bound, id(bound, exchange.getMessage()), json)) {
                return null;
            }
            if (operation.body() == Operation.Body.NONE) {
                throw bodyNotTaken(bound, exchange.getMessage().getBody());
            }
            return Envelope.wrap(json, operation.root(), operation.batchRoot());
        } catch (IOException e) {
            throw new IllegalArgumentException("The body for the operation " + bound.title() + " is not usable: " + words(e),
                    e);
        }
    }

    /**
     * Whether a body is the very object that the call is about, as a list or a consumer hands it over, or its id, and not the call's
     * parameters.
     */
    private static boolean isObject(BoundOperation bound, Object id, byte[] json) throws IOException {
        if (id == null) {
            return false;
        }
        if (new String(json, StandardCharsets.UTF_8).strip().equals(id.toString())) {
            return true;
        }
        try {
            JsonNode body = Json.mapper().readTree(json);
            JsonNode object = body.path(String.valueOf(bound.operation().answerRoot())).isObject()
                    ? body.path(bound.operation().answerRoot())
                    : body;
            RecordType records = bound.entry().records();
            return Stream.of(records.id(), records.key()).filter(Objects::nonNull)
                    .anyMatch(field -> object.path(field).asText().equals(id.toString()));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private IllegalArgumentException bodyNotTaken(BoundOperation bound, Object body) {
        String taking = endpoint.target().operations().stream().filter(o -> o.operation().body() != Operation.Body.NONE)
                .map(BoundOperation::name).sorted().collect(Collectors.joining(", "));
        return new IllegalArgumentException("The operation " + bound.title() + " takes no body, but the message has one ("
                + ObjectHelper.classCanonicalName(body)
                + "), which would be lost. Empty it before this call: setBody(constant(null))"
                + (taking.isEmpty() ? "" : ". The operations that take a body here: " + taking));
    }

    /** A body as JSON: text of any kind as it stands, everything else through Jackson. Empty where there is nothing. */
    public static byte[] json(Exchange exchange, Object body) throws IOException {
        if (body == null) {
            return new byte[0];
        }
        if (isText(body)) {
            byte[] bytes = exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange,
                    body instanceof CharSequence ? body.toString() : body);
            if (bytes == null) {
                throw new IOException("it cannot be read as bytes: " + ObjectHelper.classCanonicalName(body));
            }
            return bytes;
        }
        try {
            return Json.mapper().writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "Jackson cannot write " + ObjectHelper.classCanonicalName(body) + ": " + e.getOriginalMessage(), e);
        }
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b > ' ' || b < 0) {
                return false;
            }
        }
        return true;
    }

    public static boolean isText(Object body) {
        return body instanceof CharSequence || body instanceof byte[] || body instanceof InputStream || body instanceof Reader
                || body instanceof ByteBuffer || body instanceof StreamCache || body instanceof WrappedFile
                || body instanceof java.io.File || body instanceof java.nio.file.Path;
    }

    private static String words(IOException e) {
        return e instanceof JsonProcessingException json ? "it is not JSON: " + json.getOriginalMessage() : e.getMessage();
    }
}
