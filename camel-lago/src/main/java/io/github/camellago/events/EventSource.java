package io.github.camellago.events;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.BaseStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.RejectedEvent;

/**
 * The events in a message's body, read lazily.
 *
 * @param events    the events as they were given
 * @param single    whether the body is one event, not a list of them
 * @param inMemory  whether all events are in memory already, and can be read again from the body
 * @param resources closed when all events are read, or null
 */
record EventSource(Iterator<?> events, boolean single, boolean inMemory, Closeable resources) {

    /**
     * Finds the events in a body.
     *
     * @param  body        an event, or an Iterable, Iterator, Stream, array, JsonNode or report of them; JSON text as bytes or as a stream
     * @throws IOException if the text cannot be read
     */
    static EventSource of(Object body) throws IOException {
        if (body instanceof InputStream stream) {
            JsonElements elements = JsonElements.of(stream);
            return new EventSource(elements, elements.isSingle(), false, elements);
        }
        if (body instanceof byte[] json) {
            JsonElements elements = JsonElements.of(json);
            return elements.hasNext() ? new EventSource(elements, elements.isSingle(), true, null) : empty(json);
        }
        if (body instanceof JsonNode node) {
            JsonNode list = node.isObject() && node.path("events").isArray() ? node.get("events") : node;
            return list.isArray() ? many(list.elements(), true, null) : one(node);
        }
        if (body instanceof Map<?, ?> map) {
            return wrapped(map) instanceof Iterable<?> list ? of(list) : one(body);
        }
        if (body instanceof LagoEventsReport report) {
            return many(report.rejected().stream().map(RejectedEvent::event).iterator(), true, null);
        }
        if (body instanceof Iterable<?> iterable) {
            return many(iterable.iterator(), body instanceof Collection, null);
        }
        if (body instanceof Iterator<?> iterator) {
            return many(iterator, false, body instanceof Closeable closeable ? closeable : null);
        }
        if (body instanceof BaseStream<?, ?> stream) {
            return many(stream.iterator(), false, stream::close);
        }
        if (body instanceof Object[] array) {
            return many(Arrays.asList(array).iterator(), true, null);
        }
        return one(body);
    }

    /** Whether a body is one event, not a list of them. */
    static boolean isSingle(Object body) throws IOException {
        // the usual form needs no source
        return body instanceof Map<?, ?> map && !(wrapped(map) instanceof Iterable) || of(body).single();
    }

    /** Text without events is an empty list, or, if it is blank, no event. */
    private static EventSource empty(byte[] json) {
        boolean blank = new String(json, StandardCharsets.UTF_8).isBlank();
        return blank ? one(json) : many(Collections.emptyIterator(), true, null);
    }

    private static Object wrapped(Map<?, ?> map) {
        try {
            return map.size() == 1 ? map.get("events") : null;
        } catch (RuntimeException e) {
            // a map that cannot be read is one event that is rejected
            return null;
        }
    }

    private static EventSource one(Object event) {
        return new EventSource(Collections.singleton(event).iterator(), true, true, null);
    }

    private static EventSource many(Iterator<?> events, boolean inMemory, Closeable resources) {
        return new EventSource(events, false, inMemory, resources);
    }
}
