package io.github.camellago.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.api.EventJson;
import io.github.camellago.client.Json;

/** Events in a temporary file, which is deleted together with this object. Thread-safe; an iterator also returns events that are added later. */
final class ItemFile implements Iterable<ItemFile.Line> {

    private final LinesFile<Line> lines = new LinesFile<>(Line.class);

    /** An event with all that is needed to try it again. Jackson writes and reads it. */
    record Line(long index, Object event, String origin, long created, Map<String, List<String>> reasons) {

        EventItem item() {
            return new EventItem(index, event, origin, created);
        }
    }

    /** @param reasons why the event was rejected, or null */
    void add(EventItem item, Map<String, List<String>> reasons) {
        try {
            lines.add(json(item, reasons));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot store events in the temporary directory", e);
        }
    }

    int size() {
        return lines.size();
    }

    private static String json(EventItem item, Map<String, List<String>> reasons) throws IOException {
        try {
            return json(item, item.given(), reasons);
        } catch (JsonProcessingException | LinkageError | StackOverflowError e) {
            // an event without a JSON form was rejected for this reason
            return json(item, EventJson.text(item.given()), reasons);
        }
    }

    private static String json(EventItem item, Object event, Map<String, List<String>> reasons) throws JsonProcessingException {
        return Json.mapper().writeValueAsString(new Line(item.index(), event, item.idPrefix(), item.created(), reasons));
    }

    @Override
    public Iterator<Line> iterator() {
        return lines.iterator();
    }
}
