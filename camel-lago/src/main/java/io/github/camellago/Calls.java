package io.github.camellago;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.Repeat;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.Json;
import io.github.camellago.client.LagoRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.util.ObjectHelper;

/** Makes the request that an endpoint's options and a message ask for, and refuses what is missing before anything is sent. */
final class Calls {

    private final LagoEndpoint endpoint;

    Calls(LagoEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The request for an operation other than a list. */
    LagoRequest request(BoundOperation bound, Exchange exchange) {
        Operation operation = bound.operation();
        Map<String, Object> filters = filters(operation, exchange.getMessage());
        Query query = new Query().with(operation, filters);
        Query.checkRequired(operation, filters.keySet());
        byte[] body = body(bound, exchange);
        return request(bound, path(bound, exchange), query.toText(), body);
    }

    /** The request for one page of a list. */
    LagoRequest page(BoundOperation bound, Exchange exchange, int page) {
        return page(bound, exchange, filters(bound.operation(), exchange.getMessage()), page);
    }

    /** The request for one page of a list, with other filters than the endpoint's. */
    LagoRequest page(BoundOperation bound, Exchange exchange, Map<String, Object> filters, int page) {
        Operation operation = bound.operation();
        Query.checkRequired(operation, filters.keySet());
        Query query = new Query().with(operation, filters);
        if (operation.paged()) {
            query.with("page", page).with("per_page", endpoint.getConfiguration().getPerPage());
        }
        return request(bound, path(bound, exchange), query.toText(), null);
    }

    /** Refuses a path that no option fills, for there is no message to do it. */
    void checkPath(BoundOperation bound) {
        path(bound, endpoint.createExchange());
    }

    private static LagoRequest request(BoundOperation bound, String path, String query, byte[] body) {
        Operation operation = bound.operation();
        return new LagoRequest(operation.method(), path, query, body, repeat(operation, body),
                LagoRequest.Budget.of(operation.method(), path), bound.entry().permission());
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
        Map<?, ?> more = message.getHeader(LagoConstants.FILTER, Map.class);
        // the endpoint's filters may be for another of its operations; a message's own are for this one
        Map<String, Object> filters = new HashMap<>(endpoint.getFilter());
        if (endpoint.getConfiguration().getOperation() == null && operation.operationId() != null) {
            filters.keySet().removeIf(name -> !Query.knows(operation, name));
        }
        if (more != null) {
            more.forEach((name, value) -> filters.put(String.valueOf(name), value));
        }
        return filters;
    }

    /** The path to call, with its placeholders filled. */
    String path(BoundOperation bound, Exchange exchange) {
        Message message = exchange.getMessage();
        return bound.path().expand(name -> {
            Object value = message.getHeader(LagoConstants.PATH_PREFIX + name);
            if (name.equals(bound.idName())) {
                value = first(value, Headers.id(exchange, endpoint.getConfiguration().getId()), message.getHeader(name),
                        endpoint.getPath().get(name));
            } else {
                value = first(value, message.getHeader(name), endpoint.getPath().get(name));
            }
            if (value == null) {
                throw missing(bound, name);
            }
            return value.toString();
        });
    }

    private static Object first(Object... values) {
        for (Object value : values) {
            if (value != null && !value.toString().isBlank()) {
                return value;
            }
        }
        return null;
    }

    private static IllegalArgumentException missing(BoundOperation bound, String name) {
        if (name.equals(bound.idName())) {
            return new IllegalArgumentException("The operation " + bound.name() + " of " + bound.entry().path()
                    + " needs the object's " + name + ": set the option id or the header " + LagoConstants.ID);
        }
        return new IllegalArgumentException(
                "The placeholder {" + name + "} of " + bound.path() + " is not filled: set the header "
                        + name + " or " + LagoConstants.PATH_PREFIX + name + ", or the option path." + name);
    }

    private byte[] body(BoundOperation bound, Exchange exchange) {
        Operation operation = bound.operation();
        Object body = exchange.getMessage().getBody();
        if (operation.reads()) {
            return null;
        }
        if (isEmpty(body)) {
            if (operation.body() == Operation.Body.REQUIRED) {
                throw new IllegalArgumentException("The operation " + bound.name() + " of " + bound.entry().path()
                        + " needs a body: a Map, a POJO or JSON with the "
                        + (operation.root() == null ? "call's parameters" : operation.root() + "'s fields"));
            }
            return null;
        }
        if (operation.body() == Operation.Body.NONE || operation.method().equals("DELETE")
                && !(body instanceof Map)) {
            return null;
        }
        try {
            return Envelope.wrap(json(exchange, body), operation.root(), operation.batchRoot());
        } catch (IOException e) {
            throw new IllegalArgumentException("The body for the operation " + bound.name() + " of " + bound.entry().path()
                    + " is not usable: " + words(e), e);
        }
    }

    private static boolean isEmpty(Object body) {
        return body == null || body instanceof CharSequence text && text.toString().isBlank()
                || body instanceof byte[] bytes && bytes.length == 0;
    }

    /** A body as JSON: text of any kind as it stands, everything else through Jackson. */
    static byte[] json(Exchange exchange, Object body) throws IOException {
        if (isText(body)) {
            byte[] bytes = exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, body);
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

    static boolean isText(Object body) {
        return body instanceof CharSequence || body instanceof byte[] || body instanceof InputStream || body instanceof Reader
                || body instanceof ByteBuffer || body instanceof StreamCache || body instanceof WrappedFile
                || body instanceof java.io.File || body instanceof java.nio.file.Path;
    }

    private static String words(IOException e) {
        return e instanceof JsonProcessingException json ? "it is not JSON: " + json.getOriginalMessage() : e.getMessage();
    }
}
