package io.github.camellago.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.client.Json;

/**
 * The events in a message's body, read lazily.
 *
 * @param events the events as they were given
 * @param single whether the body is one event, not a list of them
 */
public record EventSource(Iterator<?> events, boolean single) {

    /**
     * Finds the events in a body.
     *
     * @param body an event, or an Iterable, Iterator, Stream, array, JsonNode or report of them; JSON text as bytes or as a stream
     */
    public static EventSource of(Object body) throws IOException {
        if (body instanceof InputStream stream) {
            return ofStream(stream);
        }
        if (body instanceof byte[] json) {
            return ofJson(json);
        }
        if (body instanceof JsonNode node) {
            JsonNode list = node.isObject() && node.path("events").isArray() ? node.get("events") : node;
            return list.isArray() ? many(list.elements()) : one(node);
        }
        if (body instanceof Map<?, ?> map) {
            return map.size() == 1 && map.get("events") instanceof Iterable<?> list ? many(list.iterator()) : one(body);
        }
        if (body instanceof LagoEventsReport report) {
            return many(report.rejected().stream().map(RejectedEvent::event).iterator());
        }
        if (body instanceof Iterable<?> iterable) {
            return many(iterable.iterator());
        }
        if (body instanceof Iterator<?> iterator) {
            return many(iterator);
        }
        if (body instanceof Stream<?> stream) {
            return many(stream.iterator());
        }
        if (body instanceof Object[] array) {
            return many(Arrays.asList(array).iterator());
        }
        return one(body);
    }

    private static EventSource one(Object event) {
        return new EventSource(Collections.singleton(event).iterator(), true);
    }

    private static EventSource many(Iterator<?> events) {
        return new EventSource(events, false);
    }

    private static EventSource ofStream(InputStream stream) throws IOException {
        PushbackInputStream in = new PushbackInputStream(stream);
        int first = in.read();
        while (first != -1 && Character.isWhitespace(first)) {
            first = in.read();
        }
        if (first != -1) {
            in.unread(first);
        }
        if (first == '[') {
            JsonParser parser = Json.mapper().getFactory().createParser(in);
            parser.nextToken();
            return many(new Elements(parser));
        }
        return ofJson(in.readAllBytes());
    }

    private static EventSource ofJson(byte[] json) throws IOException {
        JsonParser parser = Json.mapper().getFactory().createParser(json);
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_ARRAY) {
            return many(new Elements(parser));
        }
        if (first == JsonToken.START_OBJECT && "events".equals(parser.nextFieldName())
                && parser.nextToken() == JsonToken.START_ARRAY) {
            return many(new Elements(parser));
        }
        parser.close();
        return one(json);
    }

    /** The elements of a JSON array, one at a time. */
    private static final class Elements implements Iterator<Object> {

        private final JsonParser parser;
        private JsonToken next;

        Elements(JsonParser parser) {
            this.parser = parser;
        }

        @Override
        public boolean hasNext() {
            try {
                if (next == null) {
                    next = parser.nextToken();
                }
                if (next == null) {
                    throw new IOException("The JSON array of events is not closed");
                }
                return next != JsonToken.END_ARRAY;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Object next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            next = null;
            try {
                return Json.mapper().readValue(parser, JsonNode.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
