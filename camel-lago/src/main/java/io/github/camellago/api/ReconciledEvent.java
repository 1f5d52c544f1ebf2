package io.github.camellago.api;

import java.io.Serial;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * An event that Lago has not stored as it was given. As JSON: {@code index}, {@code event}, {@code status}, and {@code differences} or
 * {@code reasons} if there are any.
 *
 * @param index       its position among the events of its message, from 0
 * @param event       the event as it was given; JSON text is a String
 * @param status      the result of the comparison
 * @param differences by field, such as {@code timestamp} or {@code properties.tokens}, both values; empty unless the status is different
 * @param reasons     by field, why the event cannot be looked up; empty unless the status is rejected
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReconciledEvent(long index, Object event, Status status, Map<String, Difference> differences,
        Map<String, List<String>> reasons) implements JsonBody, Serializable {

    public ReconciledEvent {
        differences = differences == null ? Map.of() : differences;
        reasons = reasons == null ? Map.of() : reasons;
    }

    /** The result of a comparison with Lago's events. */
    public enum Status {
        /** Lago has no event with its transaction_id for its subscription. */
        MISSING,
        /** Lago has an event with its transaction_id, but with other content. Lago keeps that one. */
        DIFFERENT,
        /** It is not an event, or it has no transaction_id. */
        REJECTED;

        @JsonCreator
        static Status of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }

        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A field in which two events differ. Values are text, numbers, booleans, Lists and Maps.
     *
     * @param given  its value in the event that was given; null if it is not set
     * @param stored its value in Lago's event; null if it is not set
     */
    public record Difference(Object given, Object stored) implements Serializable {}

    @Override
    public Iterator<String> jsonParts() {
        String json = "{\"index\":" + index + ",\"event\":" + EventJson.of(event) + ",\"status\":\"" + status + '"'
                + (differences.isEmpty() ? "" : ",\"differences\":" + EventJson.of(differences))
                + (reasons.isEmpty() ? "" : ",\"reasons\":" + EventJson.of(reasons)) + '}';
        return Collections.singleton(json).iterator();
    }

    @Serial
    private Object writeReplace() {
        return new ReconciledEvent(index, EventJson.plain(event), status, differences, reasons);
    }
}
