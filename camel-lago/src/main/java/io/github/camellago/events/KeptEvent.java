package io.github.camellago.events;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camellago.api.EventJson;
import io.github.camellago.client.Json;

/**
 * An event with all that is needed to try it again. Jackson writes and reads it.
 *
 * @param reasons why the event was rejected, or null
 */
record KeptEvent(long index, Object event, String origin, long created, Map<String, List<String>> reasons) {

    static KeptEvent of(EventItem item, Map<String, List<String>> reasons) {
        return new KeptEvent(item.index(), item.event(), item.idPrefix(), item.created(), reasons);
    }

    EventItem item() {
        return new EventItem(index, event, origin, created);
    }

    /** The JSON form, in one line. */
    String toJson() {
        Object given = item().given();
        try {
            return Json.mapper().writeValueAsString(with(given));
        } catch (JsonProcessingException | LinkageError | StackOverflowError e) {
            // an event without a JSON form was rejected for this reason
            return EventJson.of(with(EventJson.text(given)));
        }
    }

    private KeptEvent with(Object form) {
        return new KeptEvent(index, form, origin, created, reasons);
    }
}
