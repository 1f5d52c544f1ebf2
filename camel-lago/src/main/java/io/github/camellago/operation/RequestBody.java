package io.github.camellago.operation;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.api.JsonBody;
import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Operation;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.catalog.Repeat;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.Envelope;
import io.github.camellago.client.Json;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.util.ObjectHelper;

/** Reads message bodies as JSON. */
public final class RequestBody {

    private static final String LAGO_ID = "lago_id";

    private RequestBody() {}

    /**
     * The JSON to send, in its root key, or null for none.
     *
     * @param  id the id of the object that the call is about, or null
     * @throws IllegalArgumentException if the operation needs a body and the message has no body, or if the operation would lose the body
     */
    static byte[] read(Resource resource, BoundOperation bound, Object id, Exchange exchange) {
        Operation operation = bound.operation();
        boolean mayBeEmpty = operation.body() != Operation.Body.REQUIRED && !bound.name().equals("update");
        if (operation.asks() || mayBeEmpty && exchange.getMessage().getBody() instanceof RecordIterator) {
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
            if (mayBeEmpty && isObject(bound, id, json)) {
                return null;
            }
            if (operation.body() == Operation.Body.NONE) {
                throw notTaken(resource, bound, exchange.getMessage().getBody());
            }
            byte[] body = Envelope.wrap(json, operation.root(), operation.batchRoot());
            if (operation.repeat() == Repeat.WITH_EXTERNAL_ID
                    && Envelope.keys(body, operation.root()).contains("authorization")) {
                throw new IllegalArgumentException("Lago ignores authorization in a " + operation.root()
                        + ". Write it beside the root key: {\"" + operation.root() + "\": {...}, \"authorization\": {...}}");
            }
            return body;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The body for the operation " + bound.title() + " is not usable: " + describe(e), e);
        }
    }

    /**
     * Whether a body is an object of Lago's or a list of them, such as an earlier call or a consumer leaves in the message, or the id
     * of the object that the call is about. Such a body is not the call's parameters: no call that can do without a body takes a
     * {@code lago_id}.
     */
    private static boolean isObject(BoundOperation bound, Object id, byte[] json) throws IOException {
        if (id != null && new String(json, StandardCharsets.UTF_8).strip().equals(id.toString())) {
            return true;
        }
        try {
            JsonNode all = Json.mapper().readTree(json);
            JsonNode body = all.isArray() ? all.path(0) : all;
            JsonNode inRoot = body.path(String.valueOf(bound.operation().answerRoot()));
            JsonNode object = inRoot.isObject() ? inRoot : body;
            RecordType records = bound.entry().records();
            return object.path(LAGO_ID).isTextual() || id != null && Stream.of(records.id(), records.key())
                    .anyMatch(field -> field != null && object.path(field).asText().equals(id.toString()));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static IllegalArgumentException notTaken(Resource resource, BoundOperation bound, Object body) {
        String taking = resource.operations().stream().filter(o -> o.operation().body() != Operation.Body.NONE)
                .map(BoundOperation::name).sorted().collect(Collectors.joining(", "));
        return new IllegalArgumentException("The operation " + bound.title() + " takes no body, but the message has one ("
                + ObjectHelper.classCanonicalName(body)
                + "), which would be lost. Empty it before this call: setBody(constant(null))"
                + (taking.isEmpty() ? "" : ". The operations that take a body here: " + taking));
    }

    /** A body as JSON: text of any kind as it is, everything else through Jackson. Empty for null. */
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

    /** Whether a body is text, or something that is read as text. */
    public static boolean isText(Object body) {
        return body instanceof CharSequence || body instanceof byte[] || body instanceof InputStream || body instanceof Reader
                || body instanceof ByteBuffer || body instanceof StreamCache && !(body instanceof JsonBody)
                || body instanceof WrappedFile
                || body instanceof java.io.File || body instanceof java.nio.file.Path;
    }

    private static boolean isBlank(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).trim().isEmpty();
    }

    private static String describe(IOException e) {
        return e instanceof JsonProcessingException json ? "it is not JSON: " + json.getOriginalMessage() : e.getMessage();
    }
}
