package io.github.camellago.api;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * An event that was refused.
 *
 * @param index   its position among the events of its message, from 0
 * @param event   the event as it was given, JSON text as a String
 * @param reasons by field, what is wrong with it, in Lago's words
 */
public record RejectedEvent(long index, Object event, Map<String, List<String>> reasons) {

    /** The reasons in one line. */
    @JsonIgnore
    public String words() {
        StringJoiner words = new StringJoiner("; ");
        reasons.forEach((field, why) -> words.add(field + ": " + String.join(", ", why)));
        return words.toString();
    }
}
